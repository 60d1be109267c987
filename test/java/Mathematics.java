/** Math and StrictMath. Only functions whose results the specification fixes are shown to the last bit through Math. */
public class Mathematics {
    static String bits(double value) {
        return Long.toHexString(Double.doubleToLongBits(value));
    }

    public static void main(String[] args) {
        double[] probes = {0, -0.0, 0.5, -0.5, 1, 1.5, -1.5, 2.5, 1e-9, 0.7, 3.9999, 10, 100.25, -123.456, 1e10, 1e300,
                Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 4503599627370497.5};
        for (double x : probes) {
            System.out.println(x + ": " + Math.sqrt(x) + " " + Math.floor(x) + " " + Math.ceil(x) + " " + Math.rint(x) + " "
                    + Math.round(x) + " " + Math.round((float) x) + " " + Math.abs(x) + " " + Math.signum(x) + " "
                    + Math.getExponent(x) + " " + Math.ulp(x) + " " + Math.nextUp(x) + " " + Math.scalb(x, 3));
        }
        for (double x : probes) {
            System.out.println(x + ": " + bits(StrictMath.sin(x)) + " " + bits(StrictMath.cos(x)) + " "
                    + bits(StrictMath.tan(x)) + " " + bits(StrictMath.asin(x)) + " " + bits(StrictMath.acos(x)) + " "
                    + bits(StrictMath.atan(x)) + " " + bits(StrictMath.exp(x)) + " " + bits(StrictMath.log(x)) + " "
                    + bits(StrictMath.log10(x)) + " " + bits(StrictMath.cbrt(x)) + " " + bits(StrictMath.sinh(x)) + " "
                    + bits(StrictMath.cosh(x)) + " " + bits(StrictMath.tanh(x)) + " " + bits(StrictMath.expm1(x)) + " "
                    + bits(StrictMath.log1p(x)));
        }
        long digest = 0;
        for (double x : probes) {
            for (double y : probes) {
                digest = digest * 31 + Double.doubleToLongBits(StrictMath.pow(x, y));
                digest = digest * 31 + Double.doubleToLongBits(StrictMath.atan2(x, y));
                digest = digest * 31 + Double.doubleToLongBits(StrictMath.hypot(x, y));
                digest = digest * 31 + Double.doubleToLongBits(Math.fma(x, y, 1.25));
                digest = digest * 31 + Double.doubleToLongBits(StrictMath.IEEEremainder(x, y));
            }
        }
        System.out.println(digest);
        System.out.println(Math.fma(0.1f, 10f, -1f) + " " + Math.fma(0.1, 10.0, -1.0));
        double worst = 0;
        for (int i = 1; i < 2000; i++) {
            double x = i * 0.01;
            worst = Math.max(worst, Math.abs(Math.sin(x) - StrictMath.sin(x)) / Math.ulp(StrictMath.sin(x)));
            worst = Math.max(worst, Math.abs(Math.exp(x) - StrictMath.exp(x)) / Math.ulp(StrictMath.exp(x)));
            worst = Math.max(worst, Math.abs(Math.log(x) - StrictMath.log(x)) / Math.ulp(StrictMath.log(x)));
            worst = Math.max(worst, Math.abs(Math.pow(x, 1.5) - StrictMath.pow(x, 1.5)) / Math.ulp(StrictMath.pow(x, 1.5)));
        }
        System.out.println(worst <= 2 ? "within two units in the last place" : "off by " + worst);
        System.out.println(Math.pow(2, 10) + " " + Math.pow(4, 0.5) + " " + Math.exp(0) + " " + Math.log(1) + " "
                + Math.sin(0) + " " + Math.hypot(3, 4) + " " + Math.toDegrees(Math.PI) + " " + Math.cbrt(27));
        System.out.println(Math.floorMod(-7, 3) + " " + Math.floorDiv(-7, 3) + " " + Math.floorMod(-7L, 3L) + " "
                + Math.abs(Integer.MIN_VALUE) + " " + Math.max(-0.0, 0.0) + " " + Math.min(-0.0, 0.0));
    }
}
