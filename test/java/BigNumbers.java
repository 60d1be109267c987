import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;

/** BigInteger and BigDecimal. */
public class BigNumbers {
    static void attempt(java.util.function.Supplier<Object> what) {
        try {
            System.out.println(what.get());
        } catch (ArithmeticException | NumberFormatException e) {
            System.out.println(e);
        }
    }

    static BigDecimal pi(int digits) {
        MathContext context = new MathContext(digits + 5);
        BigDecimal a = arctan(5, context), b = arctan(239, context);
        return a.multiply(BigDecimal.valueOf(16)).subtract(b.multiply(BigDecimal.valueOf(4))).round(new MathContext(digits));
    }

    static BigDecimal arctan(int inverse, MathContext context) {
        BigDecimal power = BigDecimal.ONE.divide(BigDecimal.valueOf(inverse), context), square = BigDecimal.valueOf((long) inverse * inverse), sum = power;
        for (int n = 3; ; n += 2) {
            power = power.divide(square, context).negate();
            BigDecimal term = power.divide(BigDecimal.valueOf(n), context);
            if (term.compareTo(BigDecimal.ZERO) == 0 || term.scale() - term.precision() > context.getPrecision()) {
                return sum;
            }
            sum = sum.add(term, context);
        }
    }

    public static void main(String[] args) {
        BigInteger factorial = BigInteger.ONE;
        for (int i = 2; i <= 200; i++) {
            factorial = factorial.multiply(BigInteger.valueOf(i));
        }
        System.out.println(factorial);
        System.out.println(factorial.bitLength() + " " + factorial.bitCount() + " " + factorial.getLowestSetBit() + " " + factorial.hashCode() + " " + factorial.mod(BigInteger.valueOf(1000003))
                + " " + factorial.signum() + " " + factorial.intValue() + " " + factorial.longValue() + " " + factorial.doubleValue() + " " + factorial.toString(36).length());
        BigInteger fib = BigInteger.ZERO, next = BigInteger.ONE;
        for (int i = 0; i < 1000; i++) {
            BigInteger sum = fib.add(next);
            fib = next;
            next = sum;
        }
        System.out.println(fib);
        BigInteger p = new BigInteger("170141183460469231731687303715884105727"), q = new BigInteger("-deadbeefcafebabe0123456789", 16);
        System.out.println(p.isProbablePrime(20) + " " + q + " " + p.add(q) + " " + p.subtract(q) + " " + p.multiply(q) + " " + p.divide(q) + " " + p.mod(q.negate()) + " " + p.remainder(q)
                + " " + q.shiftLeft(70) + " " + q.shiftRight(13) + " " + p.and(q) + " " + p.or(q) + " " + p.xor(q) + " " + q.not() + " " + p.gcd(q) + " " + q.abs().sqrt()
                + " " + p.modPow(BigInteger.TEN, BigInteger.valueOf(97)) + " " + BigInteger.valueOf(3).modInverse(BigInteger.valueOf(11)) + " " + q.pow(5) + " " + p.testBit(126) + " " + p.setBit(130).flipBit(0));
        BigInteger huge = new BigInteger(20000, new Random(7)), other = new BigInteger(15000, new Random(8));
        BigInteger product = huge.multiply(other);
        BigInteger[] parts = product.add(BigInteger.valueOf(12345)).divideAndRemainder(huge);
        System.out.println(product.hashCode() + " " + parts[0].equals(other) + " " + parts[1] + " " + huge.pow(3).toString().hashCode() + " " + new BigInteger(huge.toString()).equals(huge)
                + " " + huge.multiply(huge).equals(huge.pow(2)) + " " + huge.toByteArray().length + " " + BigInteger.valueOf(1000003).nextProbablePrime());
        attempt(() -> p.divide(BigInteger.ZERO));
        attempt(() -> p.mod(q));
        attempt(() -> p.longValueExact());
        attempt(() -> BigInteger.TWO.modInverse(BigInteger.valueOf(4)));
        attempt(() -> new BigInteger("12 3"));
        attempt(() -> new BigInteger("-4").sqrt());

        BigDecimal a = new BigDecimal("123.4500"), b = new BigDecimal("-0.00067"), c = new BigDecimal("1E+5");
        System.out.println(a.add(b) + " " + a.multiply(b) + " " + a.divide(b, 10, RoundingMode.HALF_UP) + " " + a.divide(b, MathContext.DECIMAL64) + " " + a.remainder(b) + " " + c + " " + c.toPlainString()
                + " " + c.add(a) + " " + a.stripTrailingZeros() + " " + a.scale() + " " + a.precision() + " " + a.unscaledValue() + " " + a.negate().toEngineeringString() + " " + c.toEngineeringString()
                + " " + a.equals(new BigDecimal("123.45")) + " " + a.compareTo(new BigDecimal("123.45")) + " " + a.hashCode() + " " + b.ulp() + " " + a.movePointLeft(5) + " " + a.scaleByPowerOfTen(-7)
                + " " + new BigDecimal(0.1) + " " + BigDecimal.valueOf(0.1) + " " + new BigDecimal("1e-400").doubleValue() + " " + a.pow(7) + " " + a.pow(3, MathContext.DECIMAL32));
        for (RoundingMode mode : RoundingMode.values()) {
            StringBuilder line = new StringBuilder(mode + ":");
            for (String text : new String[] {"5.5", "2.5", "1.6", "1.1", "1.0", "-1.1", "-2.5", "-5.5"}) {
                try {
                    line.append(' ').append(new BigDecimal(text).setScale(0, mode));
                } catch (ArithmeticException e) {
                    line.append(" !");
                }
            }
            System.out.println(line);
        }
        attempt(() -> BigDecimal.ONE.divide(BigDecimal.valueOf(3)));
        attempt(() -> BigDecimal.ONE.divide(BigDecimal.ZERO));
        attempt(() -> new BigDecimal("1e"));
        attempt(() -> new BigDecimal(Double.NaN));
        attempt(() -> new BigDecimal("1.5").intValueExact());
        System.out.println(pi(120));
        System.out.println(new BigDecimal(2).sqrt(new MathContext(60)) + " " + new BigDecimal("0.1").add(new BigDecimal("0.2")).equals(new BigDecimal("0.3")));
    }
}
