/** long arithmetic at its edges, and its mix with int. */
public class LongArithmetic {
    static final long[] EDGES = {0, 1, -1, 2, -2, 3, 10, -10, 63, 64, 65, 0xffffffffL, 0x100000000L, -0x80000000L,
            Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE + 1,
            0x5555555555555555L, 0xdeadbeefcafebabeL};

    static String divide(long a, long b) {
        try {
            return a / b + " r " + a % b;
        } catch (ArithmeticException e) {
            return e.getMessage();
        }
    }

    static long power(long base, long exponent, long modulus) {
        long result = 1;
        for (base %= modulus; exponent > 0; exponent >>= 1, base = base * base % modulus) {
            if ((exponent & 1) == 1) {
                result = result * base % modulus;
            }
        }
        return result;
    }

    static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    public static void main(String[] args) {
        long digest = 17;
        for (long a : EDGES) {
            for (long b : EDGES) {
                long[] results = {a + b, a - b, a * b, a & b, a | b, a ^ b, a << b, a >> b, a >>> b, a << (int) b, -a, ~a,
                        a < b ? 1 : 0, a >= b ? 1 : 0, a != b ? 1 : 0, Long.compare(a, b), Long.compareUnsigned(a, b),
                        Math.multiplyHigh(a, b), Math.floorMod(a, b == 0 ? 1 : b), Long.rotateLeft(a, (int) b)};
                for (long result : results) {
                    digest = digest * 31 + result;
                }
                digest = digest * 31 + divide(a, b).hashCode();
                if (b != 0) {
                    digest = digest * 31 + Long.divideUnsigned(a, b) + Long.remainderUnsigned(a, b);
                }
            }
            System.out.println(a + ": " + (int) a + " " + (byte) a + " " + (short) a + " " + (int) (char) a + " " + (float) a
                    + " " + (double) a + " " + divide(a, -1) + " " + divide(a, 0) + " " + Long.toUnsignedString(a));
        }
        System.out.println(digest);
        System.out.println(power(3, 1000003, 1000000007) + " " + gcd(1071L << 32, 462L << 32));
        int i = 1;
        i += 1L << 40;
        i -= 0x7fffffffffL;
        long l = Integer.MAX_VALUE + 1;
        long m = Integer.MAX_VALUE + 1L;
        System.out.println(i + " " + l + " " + m + " " + (1 << 33) + " " + (1L << 33) + " " + (1 << 33L));
        long[] cells = {1, 2, 3};
        int at = 0;
        cells[at++] += cells[at++] * cells[at];
        cells[1]++;
        --cells[2];
        System.out.println(cells[0] + " " + cells[1] + " " + cells[2] + " " + at);
        long factorial = 1;
        for (int n = 1; n <= 25; n++) {
            factorial *= n;
        }
        System.out.println(factorial);
        for (int n = 0; n < 2; n++) {
            try {
                System.out.println(n == 0 ? Math.addExact(Long.MAX_VALUE, 1L) : Math.multiplyExact(Long.MIN_VALUE, -1L));
            } catch (ArithmeticException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
