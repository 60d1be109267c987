/** int arithmetic at its edges: overflow, division, shifts, compound assignment, narrowing. */
public class IntArithmetic {
    static final int[] EDGES = {0, 1, -1, 2, -2, 3, 7, -7, 31, 32, 33, 255, 256, -128, 32767, -32768, 65535, 1 << 30,
            Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE - 1, Integer.MIN_VALUE + 1, 0x55555555, 0xdeadbeef};

    static String divide(int a, int b) {
        try {
            return a / b + " r " + a % b;
        } catch (ArithmeticException e) {
            return e.getMessage();
        }
    }

    static int countDown(int n) {
        int loops = 0;
        while (n-- > 0) {
            loops += n;
        }
        return loops;
    }

    static int field = 10;
    int instance = 20;
    static int[] cells = {1, 2, 3};

    static int side(int value) {
        field = field * 3 + value;
        return value;
    }

    public static void main(String[] args) {
        int digest = 17;
        for (int a : EDGES) {
            for (int b : EDGES) {
                int[] results = {a + b, a - b, a * b, a & b, a | b, a ^ b, a << b, a >> b, a >>> b, -a, ~a,
                        a < b ? 1 : 0, a <= b ? 1 : 0, a == b ? 1 : 0, Math.floorMod(a, b == 0 ? 1 : b),
                        Math.floorDiv(a, b == 0 ? 1 : b), Integer.compare(a, b), Integer.compareUnsigned(a, b)};
                for (int result : results) {
                    digest = digest * 31 + result;
                }
                digest = digest * 31 + divide(a, b).hashCode();
            }
            System.out.println(a + ": " + (byte) a + " " + (short) a + " " + (int) (char) a + " " + (long) a + " "
                    + (float) a + " " + (double) a + " " + divide(a, -1) + " " + divide(a, 0) + " " + (a << 5 >>> 7));
        }
        System.out.println(digest);

        byte b = (byte) 127;
        b += 1;
        short s = 1;
        s *= 40000;
        char c = 'x';
        c += 1.7;
        int i = 7;
        i += 3.99;
        i <<= 33;
        int j = 5;
        j = j++ + ++j;
        int k = 3;
        k += k++ * ++k;
        System.out.println(b + " " + s + " " + c + " " + i + " " + j + " " + k);
        int x = Integer.MIN_VALUE;
        x >>>= 31;
        b = -1;
        b >>>= 1;
        System.out.println(x + " " + b + " " + (b >>> 28));

        cells[side(1)] += side(5) * cells[1];
        field += side(2);
        IntArithmetic object = new IntArithmetic();
        object.instance -= object.instance-- - --object.instance;
        System.out.println(cells[1] + " " + field + " " + object.instance + " " + countDown(100));
        System.out.println(1_000_000 * 1_000_000 + " " + 0b1010_1010 + " " + 0777 + " " + 0x7fff_ffff + " " + (char) 98);
        for (String method : new String[] {"add", "subtract", "multiply", "negate", "increment", "toInt", "abs"}) {
            try {
                switch (method) {
                    case "add" -> Math.addExact(Integer.MAX_VALUE, 1);
                    case "subtract" -> Math.subtractExact(Integer.MIN_VALUE, 1);
                    case "multiply" -> Math.multiplyExact(1 << 16, 1 << 15);
                    case "negate" -> Math.negateExact(Integer.MIN_VALUE);
                    case "increment" -> Math.incrementExact(Integer.MAX_VALUE);
                    case "toInt" -> Math.toIntExact(1L << 31);
                    default -> Math.absExact(Integer.MIN_VALUE);
                }
                System.out.println(method + " did not fail");
            } catch (ArithmeticException e) {
                System.out.println(method + ": " + e.getMessage());
            }
        }
    }
}
