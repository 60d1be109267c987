import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnmappableCharacterException;

/** java.nio buffers, heap and direct, in both byte orders, views and slices; charset encoders and decoders. */
public class Buffers {
    static void exercise(ByteBuffer buffer) {
        buffer.put((byte) 1).putChar('\u20ac').putShort((short) -2).putInt(0x01020304).putLong(Long.MIN_VALUE + 5).putFloat(1.5f).putDouble(-2.25);
        buffer.order(ByteOrder.LITTLE_ENDIAN).putInt(0x01020304).flip();
        long digest = 0;
        for (int i = 0; i < buffer.limit(); i++) {
            digest = digest * 31 + buffer.get(i);
        }
        System.out.println(buffer.limit() + " " + digest + " " + buffer.getInt(5) + " " + buffer.getLong(9) + " " + buffer.order(ByteOrder.BIG_ENDIAN).getLong(9) + " " + buffer.get() + " " + buffer.getChar() + " " + buffer.getShort()
                + " " + buffer.getInt() + " " + buffer.getLong() + " " + buffer.getFloat() + " " + buffer.getDouble() + " " + buffer.remaining() + " " + buffer.isDirect() + " " + buffer.hasArray());
        buffer.position(1).limit(9);
        ByteBuffer slice = buffer.slice();
        slice.put(0, (byte) 99);
        ByteBuffer copy = buffer.duplicate().asReadOnlyBuffer();
        System.out.println(buffer.get(1) + " " + slice.capacity() + " " + copy.isReadOnly() + " " + copy.equals(buffer) + " " + copy.compareTo(buffer) + " " + buffer.mismatch(copy));
        try {
            copy.put((byte) 1);
        } catch (ReadOnlyBufferException e) {
            System.out.println("read only");
        }
        buffer.compact();
        System.out.println(buffer.position() + " " + buffer.limit());
        buffer.clear();
        IntBuffer ints = buffer.asIntBuffer();
        ints.put(new int[] {5, 6, 7}).flip();
        LongBuffer longs = buffer.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        System.out.println(ints.get() + " " + ints.remaining() + " " + longs.get(0) + " " + buffer.getInt(4));
        try {
            buffer.limit(2).getInt();
        } catch (BufferUnderflowException e) {
            System.out.println("underflow");
        }
        try {
            buffer.putLong(1);
        } catch (BufferOverflowException e) {
            System.out.println("overflow");
        }
        try {
            buffer.get(2);
        } catch (IndexOutOfBoundsException e) {
            System.out.println("bounds");
        }
    }

    public static void main(String[] args) throws Exception {
        exercise(ByteBuffer.allocate(40));
        exercise(ByteBuffer.allocateDirect(40));
        ByteBuffer direct = ByteBuffer.allocateDirect(1 << 20);
        for (int i = 0; i < 1000; i++) {
            direct.putLong(i * 8, i * 0x9e3779b97f4a7c15L);
        }
        byte[] part = new byte[64];
        direct.position(800);
        direct.get(part);
        System.out.println(java.util.Arrays.hashCode(part) + " " + direct.put(ByteBuffer.wrap(part)).position() + " " + direct.getLong(864));
        CharBuffer chars = CharBuffer.wrap("text in a buffer", 5, 9);
        System.out.println(chars + " " + chars.length() + " " + chars.charAt(1) + " " + chars.subSequence(0, 2));
        for (String name : new String[] {"US-ASCII", "ISO-8859-1", "UTF-8", "UTF-16", "UTF-16LE", "UTF-32", "windows-1252", "IBM850"}) {
            Charset charset = Charset.forName(name);
            byte[] bytes = "a\u00e9\u20ac\ud83d\ude00".getBytes(charset);
            System.out.println(charset + " " + java.util.Arrays.toString(bytes) + " " + new String(bytes, charset) + " " + charset.newEncoder().canEncode('\u20ac') + " " + charset.aliases().isEmpty());
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        try {
            decoder.decode(ByteBuffer.wrap(new byte[] {'a', (byte) 0xc3, 'b'}));
        } catch (MalformedInputException e) {
            System.out.println(e.getMessage());
        }
        CharsetEncoder encoder = StandardCharsets.US_ASCII.newEncoder();
        try {
            encoder.encode(CharBuffer.wrap("a\u20ac"));
        } catch (UnmappableCharacterException e) {
            System.out.println(e.getMessage());
        }
        CharBuffer out = CharBuffer.allocate(3);
        ByteBuffer in = ByteBuffer.wrap("h\u00e9llo".getBytes(StandardCharsets.UTF_8));
        decoder.reset();
        System.out.println(decoder.decode(in, out, false) + " " + in.position() + " " + out.flip() + " " + decoder.averageCharsPerByte());
        try {
            Charset.forName("no such set!");
        } catch (IllegalArgumentException e) {
            System.out.println(e);
        }
    }
}
