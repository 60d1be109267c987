import java.util.function.IntUnaryOperator;
import java.util.function.LongUnaryOperator;

/** Call sites in a row, before each of which the caller waits a moment of its own. */
public class Sites {
    private final LongUnaryOperator wait;
    private long random;

    Sites(LongUnaryOperator wait, long seed) {
        this.wait = wait;
        random = seed;
    }

    private int at(int value) {
        random = wait.applyAsLong(random);
        return value;
    }

    private static int apply(IntUnaryOperator operator, int value) {
        return operator.applyAsInt(value);
    }

    /** 10 from lambdas, 10 from strings. */
    public static int sum(LongUnaryOperator wait, long seed) {
        Sites own = new Sites(wait, seed);
        int sum = 0;

        sum += apply(i -> i + 1, own.at(0));
        sum += ("" + own.at(1) + "").length();
        sum += apply(i -> i * 2, own.at(1));
        sum += (own.at(1) + "b").length();
        sum += apply(Math::abs, own.at(-3));
        sum += ("cd" + own.at(1)).length();
        sum += apply(i -> i / 2, own.at(8));
        sum += ("ef" + own.at(12)).length();
        return sum;
    }
}
