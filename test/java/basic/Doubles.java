/** Floating point, shown through integers only. */
public class Doubles {
    static double square(double x, float y, int z) {
        return x * x + y * z;
    }

    static void compare(double a, double b) {
        System.out.println((a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0)
                + (a != b ? 32 : 0));
    }

    static void compare(float a, float b) {
        System.out.println((a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0)
                + (a != b ? 32 : 0));
    }

    public static void main(String[] args) {
        double zero = 0.0, nan = zero / zero, infinity = 1 / zero;
        System.out.println((int) nan);
        System.out.println((long) nan);
        System.out.println((int) infinity);
        System.out.println((long) -infinity);
        System.out.println((int) 1e10);
        System.out.println((int) -1e10);
        System.out.println((long) 1e19);
        System.out.println((int) -2.9);
        System.out.println((int) (7.5 % 2 * 1000));
        System.out.println((int) (-7.5 % 2 * 1000));
        System.out.println((int) (5.5f % 1.25f * 1000));
        System.out.println((byte) 300.7);
        System.out.println((int) (char) -5.0);
        compare(1, 2);
        compare(2, 1);
        compare(2, 2);
        compare(nan, 1);
        compare(1, nan);
        compare(zero, -zero);
        compare(1f, 2f);
        compare(2f, 1f);
        compare((float) nan, 1f);
        compare((float) nan, (float) nan);
        System.out.println(Double.doubleToRawLongBits(0.1 + 0.2));
        System.out.println(Double.doubleToRawLongBits(-zero));
        System.out.println(Float.floatToRawIntBits(0.1f + 0.2f));
        System.out.println(Float.floatToRawIntBits((float) 1e40));
        System.out.println(Double.doubleToRawLongBits((double) 0.1f));
        System.out.println(Double.doubleToRawLongBits(1e-320 / 3));
        System.out.println(Double.doubleToRawLongBits((double) Long.MAX_VALUE));
        System.out.println(Float.floatToRawIntBits((float) 16777217));
        System.out.println(Float.floatToRawIntBits((float) 0x7fffff4000000001L));
        System.out.println(Double.doubleToRawLongBits(square(1.5, 2.5f, 3)));
        double sum = 0;
        for (int i = 1; i <= 1000; i++) {
            sum += 1.0 / i;
        }
        System.out.println(Double.doubleToRawLongBits(sum));
    }
}
