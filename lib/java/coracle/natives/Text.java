package coracle.natives;

import coracle.ffi.Memory;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;

/** Strings to the system's bytes and back, in the locale's character set, as JNI code of the JDK does it. */
final class Text {
    private static final int UNKNOWN = 0, ASCII = 1, LATIN1 = 2, UTF8 = 3, OTHER = 4;

    private static int kind; /* of the locale: a frozen program keeps it */
    private static String other;

    private static final long CODER = Fields.offset(String.class, "coder"); /* 0: each character is a byte */

    private Text() {}

    static void forget() {
        kind = UNKNOWN;
        Locales.forget();
    }

    private static int kind() {
        if (kind == UNKNOWN) {
            String name = Locales.codeset();
            other = name;
            if (name.equals("UTF-8")) kind = UTF8;
            else if (name.equals("ANSI_X3.4-1968")) kind = ASCII;
            else if (name.equals("ISO-8859-1") || name.equals("ISO8859-1")) kind = LATIN1;
            else kind = OTHER;
        }
        return kind;
    }

    /** The low bytes of its characters. */
    @SuppressWarnings("deprecation")
    private static byte[] low(String text) {
        byte[] bytes = new byte[text.length()];
        text.getBytes(0, bytes.length, bytes, 0);
        return bytes;
    }

    /** ASCII, ended by 0. */
    @SuppressWarnings("deprecation")
    static byte[] ascii(String text) {
        int length = text.length();
        byte[] bytes = new byte[length + 1];
        text.getBytes(0, length, bytes, 0);
        return bytes;
    }

    @SuppressWarnings("deprecation")
    static String latin1(byte[] bytes) {
        return new String(bytes, 0, 0, bytes.length);
    }

    /** The bytes for the system, not ended by 0. */
    static byte[] encode(String text) {
        byte[] bytes = low(text);
        int length = bytes.length, i = 0;
        if (Fields.U.getByte(text, CODER) == 0) while (i < length && bytes[i] >= 0) i++;
        else while (i < length && text.charAt(i) < 0x80) i++;
        if (i == length) return bytes;
        switch (kind()) {
        case ASCII:
            return text.getBytes(StandardCharsets.US_ASCII);
        case UTF8:
            return encodeUtf8(text);
        case OTHER:
            try {
                return text.getBytes(other);
            } catch (UnsupportedEncodingException e) {
                break;
            }
        }
        for (; i < length; i++)
            if (text.charAt(i) >= 0x100) bytes[i] = (byte) '?';
        return bytes;
    }

    private static byte[] encodeUtf8(String text) {
        int length = text.length(), size = 0;
        byte[] bytes = new byte[length * 3];
        for (int i = 0; i < length; i++) {
            int c = text.charAt(i);
            if (c < 0x80) {
                bytes[size++] = (byte) c;
                continue;
            }
            if (c < 0x800) {
                bytes[size++] = (byte) (0xc0 | c >> 6);
                bytes[size++] = (byte) (0x80 | c & 0x3f);
                continue;
            }
            if (c >= 0xd800 && c < 0xe000) {
                if (c < 0xdc00 && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                    int code = Character.toCodePoint((char) c, text.charAt(++i));
                    bytes[size++] = (byte) (0xf0 | code >> 18);
                    bytes[size++] = (byte) (0x80 | code >> 12 & 0x3f);
                    bytes[size++] = (byte) (0x80 | code >> 6 & 0x3f);
                    bytes[size++] = (byte) (0x80 | code & 0x3f);
                } else {
                    bytes[size++] = (byte) '?';
                }
                continue;
            }
            bytes[size++] = (byte) (0xe0 | c >> 12);
            bytes[size++] = (byte) (0x80 | c >> 6 & 0x3f);
            bytes[size++] = (byte) (0x80 | c & 0x3f);
        }
        byte[] exact = new byte[size];
        System.arraycopy(bytes, 0, exact, 0, size);
        return exact;
    }

    static String decode(byte[] bytes) {
        boolean isAscii = true;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] < 0) {
                isAscii = false;
                break;
            }
        }
        if (isAscii) return latin1(bytes);
        switch (kind()) {
        case LATIN1:
            return latin1(bytes);
        case ASCII:
            return new String(bytes, StandardCharsets.US_ASCII);
        case UTF8:
            return new String(bytes, StandardCharsets.UTF_8);
        default:
            try {
                return new String(bytes, other);
            } catch (UnsupportedEncodingException e) {
                return latin1(bytes);
            }
        }
    }

    /** Texts of the host as the machine gives them, each byte a character, in place. */
    static void decodeEach(String[] texts) {
        decode(texts, texts.length);
    }

    static void decode(String[] texts, int count) {
        for (int i = 0; i < count; i++) texts[i] = decode(low(texts[i]));
    }

    /** The C string at an address; null for a null pointer. */
    static String at(long address) {
        return address == 0 ? null : decode(Memory.bytesAt(address));
    }

    /** Puts bytes and a 0 at the beginning of the staging buffer, with `room` bytes more behind; gives the buffer. */
    static long stage(byte[] bytes, int room) {
        long at = Memory.stage(bytes.length + 1 + room);
        Memory.copyIn(bytes, 0, bytes.length, at);
        Memory.putByte(at + bytes.length, (byte) 0);
        return at;
    }

    static long stage(String text) {
        return stage(encode(text), 0);
    }
}
