import java.util.function.LongSupplier;

/** A nest whose classes reach into each other, so that each must be verified, linked, initialized and found a mate. */
public class Nest implements LongSupplier {
    private static final int FIRST = Integer.parseInt("1");
    private int own = 1;

    /** What all of them come to: 36. */
    private static long count() {
        return new Other().in + new Third().in + new Fourth().sum() + FIRST + new Nest().own;
    }

    @Override
    public long getAsLong() {
        return count();
    }

    public static class Other implements LongSupplier {
        private final int in = Integer.parseInt("3");

        @Override
        public long getAsLong() {
            return count();
        }
    }

    public static class Third implements LongSupplier {
        private final int in = Integer.parseInt("5") + new Other().in - Nest.FIRST;

        @Override
        public long getAsLong() {
            return count();
        }
    }

    public static class Fourth extends Third {
        private int sum() {
            long twice = 0;
            for (int i = 0; i < 3; i++) {
                twice += new Third().in;
            }
            return (int) (twice + new Nest().own + new Other().in - Nest.FIRST);
        }
    }
}
