import java.util.function.Supplier;

/** The static helpers of Integer, Long, Short, Byte, Character and Boolean; boxing caches; parsing errors. */
public class IntegerUtilities {
    static void show(Supplier<Object> what) {
        try {
            System.out.println(what.get());
        } catch (RuntimeException e) {
            System.out.println(e);
        }
    }

    public static void main(String[] args) {
        int[] ints = {0, 1, -1, 2, 80, 12345678, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x00ff00f0};
        for (int x : ints) {
            System.out.println(Integer.bitCount(x) + " " + Integer.reverse(x) + " " + Integer.reverseBytes(x) + " "
                    + Integer.highestOneBit(x) + " " + Integer.lowestOneBit(x) + " " + Integer.numberOfLeadingZeros(x) + " "
                    + Integer.numberOfTrailingZeros(x) + " " + Integer.rotateLeft(x, 7) + " " + Integer.rotateRight(x, 7)
                    + " " + Integer.signum(x) + " " + Integer.toHexString(x) + " " + Integer.toOctalString(x) + " "
                    + Integer.toBinaryString(x) + " " + Integer.toString(x, 36) + " " + Integer.toUnsignedString(x));
            long y = x * 0x100000001L;
            System.out.println(Long.bitCount(y) + " " + Long.reverse(y) + " " + Long.reverseBytes(y) + " "
                    + Long.highestOneBit(y) + " " + Long.lowestOneBit(y) + " " + Long.numberOfLeadingZeros(y) + " "
                    + Long.numberOfTrailingZeros(y) + " " + Long.rotateRight(y, 13) + " " + Long.signum(y) + " "
                    + Long.toHexString(y) + " " + Long.toString(y, 7) + " " + Long.toBinaryString(y) + " " + Long.hashCode(y));
        }
        String[] texts = {"0", "-1", "+7", "2147483647", "2147483648", "-2147483648", "-2147483649", "", "-", "1x", " 1", "\u0663"};
        for (String text : texts) {
            show(() -> Integer.parseInt(text));
            show(() -> Long.parseLong(text, 16));
            show(() -> Short.parseShort(text));
            show(() -> Integer.decode(text));
        }
        show(() -> Integer.parseInt(null));
        show(() -> Integer.parseInt("10", 99));
        show(() -> Integer.parseUnsignedInt("4294967295"));
        show(() -> Integer.parseUnsignedInt("4294967296"));
        show(() -> Long.parseUnsignedLong("18446744073709551615"));
        show(() -> Byte.decode("0x7f"));
        show(() -> Byte.parseByte("128"));
        show(() -> Integer.divideUnsigned(-1, 3) + " " + Integer.remainderUnsigned(-1, 7));
        show(() -> Integer.toUnsignedLong(-5) + " " + Byte.toUnsignedInt((byte) -5) + " " + Short.toUnsignedInt((short) -5));
        Integer a = 127, b = 127, c = 1000, d = 1000;
        Long e = 127L, f = 127L;
        Character g = 'x', h = 'x';
        System.out.println((a == b) + " " + c.equals(d) + " " + (e == f) + " " + e.equals(127) + " " + (g == h) + " "
                + (Boolean.TRUE == Boolean.valueOf("TRUE")) + " " + a.compareTo(c) + " " + c.hashCode());
        Object[] boxes = {1, 2L, 3.0f, 4.0, 'c', (short) 5, (byte) 6, true};
        for (Object box : boxes) {
            System.out.print(box.getClass().getSimpleName() + " " + box + " " + box.hashCode() + "; ");
        }
        System.out.println();
        int unboxed = a + c;
        c++;
        c += 5;
        System.out.println(unboxed + " " + c + " " + (a < c) + " " + (true ? 1 : 2.0) + " " + (Object) (false ? 1 : 'a'));
        System.out.println(Integer.getInteger("not.there", 9) + " " + Boolean.getBoolean("not.there") + " "
                + Boolean.logicalXor(true, false) + " " + Integer.sum(3, 4) + " " + Integer.max(3, 4) + " " + Short.reverseBytes((short) 0x1234));
        System.out.println(Character.getNumericValue('z') + " " + Character.digit('f', 16) + " " + Character.forDigit(11, 16)
                + " " + Character.MAX_RADIX + " " + Character.isJavaIdentifierStart('$') + " " + Character.reverseBytes('a'));
    }
}
