import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Threads with compressed streams in their middle, each in small steps; one loads classes from a jar all the time. */
public class InZip {
    static final int SIZE = 60000;
    static final byte[] DICTIONARY = "some words that come often, and so are known before".getBytes();

    interface Work {
        String run(int round) throws Exception;
    }

    static byte[] text(int seed, int size) {
        Random random = new Random(seed);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; ) {
            int word = random.nextInt(400), length = 2 + word % 7;
            if (random.nextInt(50) == 0) {
                bytes[i++] = (byte) random.nextInt(256);
            }
            for (int j = 0; j < length && i < size; j++) {
                bytes[i++] = (byte) ('a' + (word * 31 + j * j * 7) % 26);
            }
        }
        return bytes;
    }

    static String sum(byte[] bytes, int size) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, size);
        return size + ":" + Long.toHexString(crc.getValue());
    }

    /** With another level, strategy and way to flush now and then; gives what came out, step by step. */
    static byte[] pack(int seed, int level, boolean isRaw, byte[] bytes, boolean varies) {
        Deflater deflater = new Deflater(level, isRaw);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Random random = new Random(seed);
        byte[] buffer = new byte[300];
        if (seed % 3 == 0) {
            deflater.setDictionary(DICTIONARY);
        }
        for (int i = 0; i < bytes.length; ) {
            int size = Math.min(bytes.length - i, 1 + random.nextInt(900));
            deflater.setInput(bytes, i, size);
            i += size;
            if (varies && random.nextInt(40) == 0) {
                deflater.setLevel(random.nextInt(10));
                deflater.setStrategy(random.nextInt(3));
            }
            int flush = varies && random.nextInt(20) == 0 ? random.nextBoolean() ? Deflater.SYNC_FLUSH : Deflater.FULL_FLUSH : Deflater.NO_FLUSH;
            for (int n; (n = deflater.deflate(buffer, 0, 1 + random.nextInt(buffer.length), flush)) > 0; ) {
                out.write(buffer, 0, n);
            }
        }
        deflater.finish();
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer, 0, 1 + random.nextInt(20)));
        }
        if (deflater.getBytesRead() != bytes.length || deflater.getBytesWritten() != out.size()) {
            throw new IllegalStateException(deflater.getBytesRead() + " " + deflater.getBytesWritten());
        }
        deflater.reset();
        deflater.end();
        return out.toByteArray();
    }

    static byte[] unpack(int seed, byte[] packed, int size, boolean isRaw) throws DataFormatException {
        Inflater inflater = new Inflater(isRaw);
        Random random = new Random(seed);
        byte[] bytes = new byte[size + 10];
        ByteBuffer direct = ByteBuffer.allocateDirect(500);
        int at = 0, given = 0;
        if (isRaw && seed % 3 == 0) {
            inflater.setDictionary(DICTIONARY);
        }
        while (!inflater.finished()) {
            if (inflater.needsDictionary()) {
                inflater.setDictionary(DICTIONARY);
            } else if (inflater.needsInput()) {
                int part = Math.min(packed.length - given, 1 + random.nextInt(200));
                inflater.setInput(packed, given, part);
                given += part;
            }
            if (random.nextInt(3) == 0) {
                direct.clear().limit(random.nextInt(direct.capacity()));
                int n = inflater.inflate(direct);
                direct.flip().get(bytes, at, n);
                at += n;
            } else {
                at += inflater.inflate(bytes, at, Math.min(bytes.length - at, random.nextInt(50)));
            }
            if (inflater.getBytesRead() + inflater.getRemaining() != given || inflater.getBytesWritten() != at) {
                throw new IllegalStateException(inflater.getBytesRead() + " " + inflater.getRemaining() + " " + given);
            }
        }
        if (inflater.inflate(new byte[9]) != 0 || !inflater.finished()) {
            throw new IllegalStateException("goes on after its end");
        }
        inflater.end();
        return java.util.Arrays.copyOf(bytes, at);
    }

    static String there(int round) throws Exception {
        boolean isRaw = round % 2 == 1;
        byte[] bytes = text(round, SIZE), packed = pack(round, round % 10, isRaw, bytes, round % 4 != 0);
        byte[] again = unpack(round, packed, SIZE, isRaw);
        return sum(packed, packed.length) + " " + sum(again, again.length);
    }

    /** One byte in at a time; the last bytes are broken. */
    static String broken(int round) throws Exception {
        byte[] packed = pack(round * 3 + 1, 6, false, text(round, SIZE / 4), false);
        packed[packed.length - 1 - round % 5] ^= 1;
        Inflater inflater = new Inflater();
        byte[] out = new byte[64];
        long total = 0;
        try {
            for (int i = 0; i < packed.length; i++) {
                inflater.setInput(packed, i, 1);
                for (int n; (n = inflater.inflate(out)) > 0; ) {
                    total += n;
                }
            }
            return "not broken";
        } catch (DataFormatException e) {
            return total + " " + inflater.getTotalIn() + " " + e.getMessage();
        }
    }

    static String gzip(int round) throws Exception {
        byte[] bytes = text(round, SIZE / 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int member = 0; member < 2; member++) {
            try (GZIPOutputStream zip = new GZIPOutputStream(out, 100, member == 1)) {
                for (int i = 0; i < bytes.length; i += 77) {
                    zip.write(bytes, i, Math.min(77, bytes.length - i));
                    if (i % 19 == 0) {
                        zip.flush();
                    }
                }
            }
        }
        byte[] again = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()), 50).readAllBytes();
        return sum(out.toByteArray(), out.size()) + " " + sum(again, again.length);
    }

    public static class Loaded {
        static final int[] NUMBERS = {3, 1, 4, 1, 5, 9, 2, 6};

        @Override
        public String toString() {
            return java.util.Arrays.toString(NUMBERS) + getClass().getClassLoader().getClass().getSimpleName();
        }
    }

    static Path jar() throws IOException {
        Path path = Path.of("loaded.jar");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes); InputStream in = InZip.class.getResourceAsStream("InZip$Loaded.class")) {
            out.putNextEntry(new ZipEntry("InZip$Loaded.class"));
            in.transferTo(out);
            out.putNextEntry(new ZipEntry("text"));
            out.write(text(7, SIZE));
        }
        Files.write(path, bytes.toByteArray());
        return path;
    }

    static String load(Path jar) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
             InputStream in = loader.getResourceAsStream("text")) {
            Object made = loader.loadClass("InZip$Loaded").getConstructor().newInstance();
            byte[] bytes = new byte[SIZE + 1];
            int size = 0;
            for (int n; (n = in.read(bytes, size, Math.min(100, bytes.length - size))) > 0; ) {
                size += n;
            }
            return made + " " + sum(bytes, size);
        }
    }

    public static void main(String[] args) throws Exception {
        Path jar = jar();
        Work[] works = {InZip::there, InZip::broken, InZip::gzip, round -> load(jar)};
        String[] results = new String[works.length];
        Thread[] threads = new Thread[works.length];
        for (int t = 0; t < works.length; t++) {
            int me = t;
            results[me] = "";
            threads[t] = new Thread(() -> {
                for (int round = 0; round < 12; round++) {
                    try {
                        results[me] += me + ": " + works[me].run(round) + "\n";
                    } catch (Exception e) {
                        e.printStackTrace();
                    }
                }
            });
            threads[t].start();
        }
        for (int t = 0; t < works.length; t++) {
            threads[t].join();
            System.out.print(results[t]);
        }
    }
}
