import java.util.ArrayList;
import java.util.List;

/**
 * Computes for a while and says how far it is, so that it can be frozen in the middle and thawed: it looks for the start
 * below a limit whose Collatz sequence is longest.
 */
public class Counter {
    static final int STEPS = 10, STARTS_IN_A_STEP = 100000;

    static int length(long n) {
        int length = 1;
        for (; n != 1; n = (n & 1) == 0 ? n >> 1 : 3 * n + 1) {
            length++;
        }
        return length;
    }

    /** Called when half is done: `coracle freeze --at Counter.half` freezes here. */
    static void half() { }

    public static void main(String[] arguments) {
        List<String> found = new ArrayList<>();
        int longest = 0;
        for (int step = 0; step < STEPS; step++) {
            if (step == STEPS / 2) {
                half();
            }
            for (int n = step * STARTS_IN_A_STEP + 1; n <= (step + 1) * STARTS_IN_A_STEP; n++) {
                int length = length(n);
                if (length > longest) {
                    longest = length;
                    found.add(n + " takes " + length);
                }
            }
            System.out.println("step " + (step + 1) + " of " + STEPS + ": " + found.get(found.size() - 1) + " steps");
        }
        System.out.println("The longest below " + STEPS * STARTS_IN_A_STEP + ": " + found.get(found.size() - 1) + " steps, after "
                + (found.size() - 1) + " shorter records.");
    }
}
