import java.util.Arrays;

/** float and double: special values, comparisons, remainder, rounding, text in both directions. */
public class FloatingPoint {
    static final double[] DOUBLES = {0.0, -0.0, 1, -1, 0.1, 1.0 / 3, 1e-5, 123456789.125, 1e7, 9999999, 1e21, 1e-300,
            Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
            Double.NaN, Math.PI, 4.35, 2.2250738585072011e-308, 1e23, 5e-324 * 7, 0x1.fffffffffffffp1023, 0x1p-1074};
    static final float[] FLOATS = {0f, -0f, 1f, 0.1f, 1f / 3, 1e10f, 16777216f, 3.4e38f, Float.MIN_VALUE,
            Float.MIN_NORMAL, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN, 1.17549435E-38f, 8.41e21f, 1.0e-3f};

    static String relations(double a, double b) {
        return (a < b ? "<" : "") + (a <= b ? "{" : "") + (a > b ? ">" : "") + (a >= b ? "}" : "") + (a == b ? "=" : "")
                + (a != b ? "!" : "") + (!(a < b) ? "n" : "") + (!(a > b) ? "m" : "") + (!(a <= b) ? "p" : "");
    }

    static String relations(float a, float b) {
        return (a < b ? "<" : "") + (a <= b ? "{" : "") + (a > b ? ">" : "") + (a >= b ? "}" : "") + (a == b ? "=" : "")
                + (a != b ? "!" : "") + (!(a < b) ? "n" : "") + (!(a > b) ? "m" : "") + (!(a <= b) ? "p" : "");
    }

    public static void main(String[] args) {
        long digest = 1;
        for (double a : DOUBLES) {
            System.out.println(a + " " + Double.toHexString(a) + " " + (float) a + " " + (int) a + " " + (long) a + " "
                    + (short) a + " " + Double.hashCode(a));
            for (double b : DOUBLES) {
                double[] results = {a + b, a - b, a * b, a / b, a % b, -a, Math.max(a, b), Math.min(a, b),
                        Math.IEEEremainder(a, b), Math.copySign(a, b), Math.nextAfter(a, b)};
                for (double result : results) {
                    digest = digest * 31 + Double.doubleToLongBits(result);
                }
                digest = digest * 31 + relations(a, b).hashCode() + Double.compare(a, b);
            }
            if (Double.compare(Double.parseDouble(Double.toString(a)), a) != 0) {
                System.out.println("does not come back: " + a);
            }
        }
        System.out.println(digest);
        digest = 1;
        for (float a : FLOATS) {
            System.out.println(a + " " + Float.toHexString(a) + " " + (double) a + " " + (int) a + " " + (long) a);
            for (float b : FLOATS) {
                float[] results = {a + b, a - b, a * b, a / b, a % b, -a, Math.max(a, b), Math.min(a, b)};
                for (float result : results) {
                    digest = digest * 31 + Float.floatToIntBits(result);
                }
                digest = digest * 31 + relations(a, b).hashCode() + Float.compare(a, b);
            }
        }
        System.out.println(digest);
        System.out.println(relations(Double.NaN, 1) + " " + relations(1, Double.NaN) + " " + relations(0.0, -0.0) + " "
                + relations(Float.NaN, 1f) + " " + relations(-1f, 1f));
        System.out.println(0.1 + 0.2 + " " + (0.1f + 0.2f) + " " + (0.1f + 0.2) + " " + 100 * 1.1 + " " + 3.0e10f * 7);
        System.out.println(5.5 % 2.25 + " " + -5.5 % 2.25 + " " + 5.5 % -2.25 + " " + 5.5f % 0 + " " + 1e300 % 3e-5);
        System.out.println(new Double[] {0.0}[0].equals(-0.0) + " " + Double.valueOf(Double.NaN).equals(Double.NaN));
        String[] texts = {"1", "-0", "1e400", "-1e400", "1e-400", "0x1.8p3", " 12.5 ", "NaN", "Infinity", "1.0f", "1d",
                "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "9007199254740993", "1_0", "", "e5",
                "1.7976931348623159e308", "3.4028235677973366e38"};
        for (String text : texts) {
            try {
                System.out.println(text + " -> " + Double.parseDouble(text) + " " + Float.parseFloat(text));
            } catch (NumberFormatException e) {
                System.out.println(e.getMessage());
            }
        }
        double[] sorted = {3, Double.NaN, -0.0, 0.0, Double.NEGATIVE_INFINITY, 1e-300, -5};
        Arrays.sort(sorted);
        System.out.println(Arrays.toString(sorted));
        System.out.println(Double.longBitsToDouble(0x7ff0000000000001L) + " "
                + Long.toHexString(Double.doubleToLongBits(Double.longBitsToDouble(0xfff8000000000123L))) + " "
                + Long.toHexString(Double.doubleToRawLongBits(Double.longBitsToDouble(0xfff8000000000123L))));
        float accumulated = 0;
        double kahan = 0, lost = 0;
        for (int i = 0; i < 100000; i++) {
            accumulated += 0.1f;
            double y = 0.1 - lost, t = kahan + y;
            lost = t - kahan - y;
            kahan = t;
        }
        System.out.println(accumulated + " " + kahan);
        System.out.println((int) Float.NaN + " " + (long) Float.POSITIVE_INFINITY + " " + (char) 65.99 + " " + (byte) -129.5
                + " " + (int) 3e9f + " " + (long) -1e30);
    }
}
