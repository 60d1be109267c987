import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Loops of the class library that a machine may run in its own way: the usual, the ends of ranges, and what is wrong. */
public class LibraryLoops {
    static final Random random = new Random(17);

    static Object array(Class<?> type, int length, int style) {
        Object array = Array.newInstance(type, length);
        for (int i = 0; i < length; i++) {
            int number = style == 0 ? random.nextInt(3) + 'a' : style == 1 ? random.nextInt(256) : random.nextInt();
            if (type == byte.class) Array.setByte(array, i, (byte) number);
            else if (type == char.class) Array.setChar(array, i, (char) (style == 2 && random.nextInt(8) != 0 ? number & 0xff : number));
            else Array.setInt(array, i, number);
        }
        return array;
    }

    /** A number for an index or a count: mostly fitting. */
    static int number(int length) {
        int kind = random.nextInt(12);
        return kind == 0 ? -1 : kind == 1 ? length + 1 : kind == 2 ? Integer.MIN_VALUE : kind == 3 ? Integer.MAX_VALUE : random.nextInt(length + 1);
    }

    static Object argument(Class<?> type, int length, int style, boolean isLittle) {
        if (type.isArray())
            return random.nextInt(25) == 0 ? null : array(type.getComponentType(), random.nextInt(4) == 0 ? length / 2 : length, style);
        return number(isLittle ? 4 : length / 2);
    }

    static int hash(Object o) {
        return o == null ? 1 : o instanceof byte[] b ? Arrays.hashCode(b) : o instanceof char[] c ? Arrays.hashCode(c)
            : o instanceof int[] i ? Arrays.hashCode(i) : o.hashCode();
    }

    /** A static method with arguments of all kinds: what it returns, what it leaves in its arrays, what it throws. */
    static void direct(String owner, String name, Class<?>... types) throws Exception {
        Method method = Class.forName(owner).getDeclaredMethod(name, types);
        method.setAccessible(true);
        int sum = 0, returned = 0;
        StringBuilder thrown = new StringBuilder();
        for (int round = 0; round < 160; round++) {
            Object[] arguments = new Object[types.length];
            int length = 2 * random.nextInt(24), style = random.nextInt(3);
            for (int i = 0; i < types.length; i++) arguments[i] = argument(types[i], length, style, round % 2 == 0);
            if (round % 5 == 0 && types.length > 1 && types[1] == types[0] && arguments[0] != null)
                arguments[1] = types[0] == byte[].class ? ((byte[]) arguments[0]).clone() : arguments[1];
            try {
                sum = sum * 31 + hash(method.invoke(null, arguments));
                returned++;
            } catch (InvocationTargetException e) {
                Throwable cause = e.getCause();
                if (thrown.length() < 400) thrown.append("\n    ").append(cause).append(" at ").append(cause.getStackTrace()[0]);
            }
            for (Object one : arguments) sum = sum * 31 + hash(one);
        }
        System.out.println(name + " " + Arrays.toString(types) + ": " + returned + " returned, " + sum + thrown);
    }

    static final Class<byte[]> BYTES = byte[].class;
    static final Class<char[]> CHARS = char[].class;
    static final Class<int[]> INTS = int[].class;

    static void direct() throws Exception {
        Class<?> number = int.class;
        String latin1 = "java.lang.StringLatin1", utf16 = "java.lang.StringUTF16", coding = "java.lang.StringCoding";
        for (String owner : new String[] {latin1, utf16}) {
            direct(owner, "equals", BYTES, BYTES);
            direct(owner, "hashCode", BYTES);
            direct(owner, "compareTo", BYTES, BYTES);
        }
        direct(latin1, "indexOfChar", BYTES, number, number, number);
        direct(latin1, "indexOf", BYTES, number, BYTES, number, number);
        direct(latin1, "inflate", BYTES, number, CHARS, number, number);
        direct(latin1, "inflate", BYTES, number, BYTES, number, number);
        direct(utf16, "compress", CHARS, number, BYTES, number, number);
        direct(utf16, "compress", BYTES, number, BYTES, number, number);
        direct(utf16, "getChars", BYTES, number, number, CHARS, number);
        direct(coding, "hasNegatives", BYTES, number, number);
        direct(coding, "implEncodeISOArray", BYTES, number, BYTES, number, number);
        direct(coding, "implEncodeAsciiArray", CHARS, number, BYTES, number, number);
        direct("sun.nio.cs.ISO_8859_1$Encoder", "implEncodeISOArray", CHARS, number, BYTES, number, number);
        direct("java.math.BigInteger", "implMulAdd", INTS, INTS, number, number, number);
    }

    static final String[] TEXTS = {"", "a", "ab", "abc", "abab", "\u00e9", "a\u00e9", "\u0100", "a\u0100", "ab\u0100", "abab\u0100abab",
        "\ud83d\ude00", "x\ud83d\ude00y", "\ud83d", "abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopqrstuvwxyz012345678\u4e00"};

    interface Question {
        Object ask();
    }

    static String ask(Question question) {
        try {
            return String.valueOf(question.ask());
        } catch (Exception e) {
            return e + " at " + e.getStackTrace()[0];
        }
    }

    static void strings() {
        for (String one : TEXTS) {
            StringBuilder line = new StringBuilder(one.length() + ":" + one.hashCode());
            for (int i = -1; i <= one.length(); i++) {
                int index = i;
                line.append(' ').append(ask(() -> (int) one.charAt(index)));
            }
            System.out.println(line);
            for (String other : TEXTS) {
                line = new StringBuilder();
                line.append(one.equals(other)).append(one.equals(new String(other))).append(one.compareTo(other)).append(' ');
                line.append(one.indexOf(other)).append(one.lastIndexOf(other)).append(one.contains(other)).append(' ');
                for (int from = -1; from <= one.length() + 1; from++)
                    line.append(one.startsWith(other, from) ? 's' : '.').append(one.indexOf(other, from)).append(one.indexOf('b', from));
                line.append(one.endsWith(other)).append(one.regionMatches(true, 0, other, 0, 2)).append((one + other).hashCode());
                System.out.println(line);
            }
            System.out.println(ask(() -> one.equals(null)) + ask(() -> one.equals((Object) 1)) + ask(() -> one.startsWith(null)) +
                ask(() -> one.startsWith(null, 99)) + ask(() -> one.compareTo(null)) + ask(() -> one.indexOf((String) null)));
            System.out.println(Arrays.toString(one.getBytes(StandardCharsets.UTF_8)) + Arrays.toString(one.getBytes(StandardCharsets.ISO_8859_1)) +
                Arrays.toString(one.getBytes(StandardCharsets.US_ASCII)) + Arrays.toString(one.toCharArray()).length());
        }
        String none = null;
        System.out.println(ask(() -> none.length()) + ask(() -> none.charAt(0)) + ask(() -> none.equals("")) + ask(() -> none.startsWith("", 0)));
    }

    static void fills() {
        byte[] bytes = new byte[20];
        char[] chars = new char[20];
        int[] ints = new int[20];
        long[] longs = new long[20];
        boolean[] booleans = new boolean[5];
        Arrays.fill(bytes, (byte) -3);
        Arrays.fill(chars, '\uffee');
        Arrays.fill(ints, -5);
        Arrays.fill(longs, Long.MIN_VALUE + 1);
        Arrays.fill(booleans, true);
        for (int[] range : new int[][] {{0, 0}, {3, 9}, {20, 20}, {19, 20}, {0, 20}, {9, 3}, {-1, 3}, {5, 21}, {Integer.MIN_VALUE, Integer.MAX_VALUE}}) {
            int from = range[0], to = range[1];
            System.out.println(ask(() -> { Arrays.fill(bytes, from, to, (byte) from); return Arrays.toString(bytes); }));
            System.out.println(ask(() -> { Arrays.fill(chars, from, to, (char) to); return Arrays.hashCode(chars); }));
            System.out.println(ask(() -> { Arrays.fill(ints, from, to, from - to); return Arrays.toString(ints); }));
            System.out.println(ask(() -> { Arrays.fill(longs, from, to, -1L << to); return Arrays.toString(longs); }));
        }
        System.out.println(Arrays.toString(booleans) + ask(() -> { Arrays.fill((int[]) null, 3); return "no"; }) +
            ask(() -> { Arrays.fill((byte[]) null, 0, 0, (byte) 3); return "no"; }));
    }

    static void mismatches() {
        for (int length = 0; length < 40; length++) {
            StringBuilder line = new StringBuilder();
            for (int at = -1; at < length; at += 1 + length / 7) {
                byte[] bytes = (byte[]) array(byte.class, length, 2), others = bytes.clone();
                long[] longs = new long[length], otherLongs = new long[length];
                float[] floats = new float[length], otherFloats = new float[length];
                if (at >= 0) {
                    others[at] ^= 0x10;
                    otherLongs[at] = 1L << at;
                    otherFloats[at] = at % 2 == 0 ? -0.0f : 1;
                }
                if (length > 3) {
                    floats[length / 2] = Float.NaN;
                    otherFloats[length / 2] = Float.intBitsToFloat(0x7fc00001);
                }
                line.append(Arrays.mismatch(bytes, others)).append(Arrays.equals(bytes, others)).append(Arrays.compare(bytes, others));
                line.append(Arrays.mismatch(longs, otherLongs)).append(Arrays.mismatch(floats, otherFloats)).append(Arrays.equals(floats, otherFloats));
                line.append(ByteBuffer.wrap(bytes).mismatch(ByteBuffer.wrap(others))).append(ByteBuffer.wrap(bytes).compareTo(ByteBuffer.wrap(others)));
                line.append(ByteBuffer.allocateDirect(length).put(bytes).flip().equals(ByteBuffer.wrap(others))).append(' ');
            }
            System.out.println(line);
        }
        System.out.println(ask(() -> Arrays.equals((byte[]) null, null)) + ask(() -> Arrays.equals(new byte[1], null)) +
            ask(() -> Arrays.mismatch(new int[2], null)));
    }

    static void numbers() {
        BigInteger sum = BigInteger.ONE, modulus = BigInteger.ONE.shiftLeft(521).subtract(BigInteger.ONE);
        for (int bits = 1; bits < 5000; bits += 1 + bits / 5) {
            BigInteger one = new BigInteger(bits, random), other = new BigInteger(bits + 70, random), odd = other.setBit(0);
            sum = sum.multiply(one).add(other.multiply(one)).add(one.multiply(one)).mod(modulus);
            sum = sum.add(one.pow(3)).xor(BigInteger.valueOf(bits)).mod(modulus);
            if (bits < 700) sum = sum.add(one.modPow(other, odd)).mod(modulus);
        }
        System.out.println(sum);
        BigInteger ones = BigInteger.ONE.shiftLeft(1600).subtract(BigInteger.ONE);
        System.out.println(ones.multiply(ones).equals(BigInteger.ONE.shiftLeft(3200).subtract(BigInteger.ONE.shiftLeft(1601)).add(BigInteger.ONE)));
    }

    public static void main(String[] args) throws Exception {
        direct();
        strings();
        fills();
        mismatches();
        numbers();
    }
}
