/** Exceptions: thrown and caught in one frame and over several, with and without traces, and those the machine raises. */
public class Throws {
    static final class Light extends RuntimeException {
        final int code;

        Light(int code) {
            super(null, null, false, false);
            this.code = code;
        }
    }

    static int deep(int n, int code, boolean light) {
        if (n == 0) {
            if (light) {
                throw new Light(code);
            }
            throw new IllegalStateException("at the bottom");
        }
        try {
            return deep(n - 1, code, light) + 1;
        } finally {
            code++;
        }
    }

    public static void main(String[] args) {
        long total = 0;
        int[] small = new int[4];
        for (int i = 0; i < 220000; i++) {
            try {
                total += deep(i % 8, i, true);
            } catch (Light e) {
                total += e.code;
            }
            try {
                total += deep(i % 8, i, false);
            } catch (IllegalStateException e) {
                total += i & 3;
            }
            try {
                small[i & 7]++;
                total++;
            } catch (ArrayIndexOutOfBoundsException e) {
                total += 2;
            }
        }
        System.out.println(total + " " + small[0]);
    }
}
