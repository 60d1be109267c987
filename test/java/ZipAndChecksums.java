import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** CRC-32, Adler-32, deflating and inflating, gzip, zip files, message digests, Base64. */
public class ZipAndChecksums {
    static byte[] sample(int size) {
        byte[] data = new byte[size];
        int x = 1;
        for (int i = 0; i < size; i++) {
            x = x * 1103515245 + 12345;
            data[i] = (byte) (i % 5 == 0 ? x >>> 16 : "coracle".charAt(i % 7));
        }
        return data;
    }

    /** No bytes to take, and none to give. */
    static void nothing() throws Exception {
        Inflater inflater = new Inflater();
        Deflater deflater = new Deflater();
        byte[] none = new byte[0];
        System.out.println(inflater.inflate(none) + " " + inflater.inflate(new byte[9], 3, 0) + " " + inflater.needsInput());
        System.out.println(deflater.deflate(none) + " " + deflater.deflate(none, 0, 0, Deflater.SYNC_FLUSH) + " " + deflater.needsInput());
        deflater.setDictionary(none);
        deflater.setInput(none);
        System.out.println(deflater.deflate(new byte[9]) + " " + deflater.deflate(none));
        System.out.println(inflater.inflate(ByteBuffer.allocate(0)) + " " + inflater.inflate(ByteBuffer.allocateDirect(0)) + " "
                + deflater.deflate(ByteBuffer.allocateDirect(0)));
        try {
            inflater.setDictionary(none);
        } catch (IllegalArgumentException e) {
            System.out.println(e);
        }
        inflater.end();
        deflater.end();
    }

    /** Parts of all sizes, in arrays and outside. */
    static void sumParts(byte[] data) {
        ByteBuffer outside = ByteBuffer.allocateDirect(data.length).put(data);
        for (Checksum sum : new Checksum[] {new CRC32(), new Adler32(), new CRC32C()}) {
            long all = 0;
            for (int from = 0; from < 20; from++) {
                for (int size = 0; size < 40; size++) {
                    sum.update(data, from, size);
                    all = all * 31 + sum.getValue();
                    sum.update(outside.clear().position(from).limit(from + size));
                    all = all * 31 + sum.getValue();
                }
            }
            System.out.println(sum.getClass().getSimpleName() + " " + all);
            try {
                sum.update(data, data.length - 5, 6);
            } catch (ArrayIndexOutOfBoundsException e) {
                System.out.println(e);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        byte[] data = sample(10000);
        sumParts(data);
        for (Checksum sum : new Checksum[] {new CRC32(), new Adler32(), new CRC32C()}) {
            sum.update(data, 0, 100);
            sum.update(data[100]);
            sum.update(data, 101, data.length - 101);
            long first = sum.getValue();
            sum.reset();
            sum.update("123456789".getBytes());
            System.out.println(sum.getClass().getSimpleName() + " " + Long.toHexString(first) + " " + Long.toHexString(sum.getValue()));
        }
        for (int level : new int[] {0, 1, 6, 9}) {
            Deflater deflater = new Deflater(level, level == 1);
            deflater.setInput(data);
            deflater.finish();
            byte[] packed = new byte[20000];
            int size = 0;
            while (!deflater.finished()) {
                size += deflater.deflate(packed, size, 1000);
            }
            Inflater inflater = new Inflater(level == 1);
            inflater.setInput(packed, 0, size);
            byte[] back = new byte[data.length];
            int got = 0;
            while (!inflater.finished()) {
                got += inflater.inflate(back, got, Math.min(777, back.length - got));
                if (inflater.needsInput() && !inflater.finished()) {
                    break;
                }
            }
            System.out.println(level + " " + (size < data.length) + " " + got + " " + Arrays.equals(data, back) + " " + deflater.getTotalIn() + " " + (inflater.getTotalIn() == size) + " " + inflater.getRemaining());
            deflater.end();
            inflater.end();
        }
        Inflater broken = new Inflater();
        broken.setInput("this is no zlib data".getBytes());
        try {
            broken.inflate(new byte[10]);
        } catch (DataFormatException e) {
            System.out.println(e.getMessage());
        }
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(data);
        }
        byte[] gz = zipped.toByteArray();
        System.out.println(Arrays.equals(data, new GZIPInputStream(new ByteArrayInputStream(gz)).readAllBytes()));
        gz[gz.length - 6] ^= 1;
        try {
            new GZIPInputStream(new ByteArrayInputStream(gz)).readAllBytes();
        } catch (IOException e) {
            System.out.println(e);
        }
        try {
            new InflaterInputStream(new ByteArrayInputStream(Arrays.copyOf(gz, 5))).read();
        } catch (IOException e) {
            System.out.println(e);
        }
        Path path = Path.of("test.zip");
        try (ZipOutputStream out = new ZipOutputStream(new FileOutputStream(path.toFile()))) {
            out.setComment("a comment");
            for (int i = 0; i < 5; i++) {
                ZipEntry entry = new ZipEntry("folder/entry" + i + ".txt");
                entry.setTime(1000000000000L);
                if (i == 3) {
                    byte[] raw = "stored".getBytes();
                    CRC32 crc = new CRC32();
                    crc.update(raw);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(raw.length);
                    entry.setCrc(crc.getValue());
                    out.putNextEntry(entry);
                    out.write(raw);
                } else {
                    out.putNextEntry(entry);
                    out.write("entry \u00e4 ".repeat(i * 50).getBytes(StandardCharsets.UTF_8));
                }
                out.closeEntry();
            }
        }
        try (ZipFile zip = new ZipFile(path.toFile())) {
            System.out.println(zip.size() + " " + zip.getComment());
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    System.out.println(entry.getName() + " " + entry.getSize() + " " + Long.toHexString(entry.getCrc()) + " " + entry.getMethod() + " " + in.readAllBytes().length + " " + entry.isDirectory());
                }
            }
            System.out.println(zip.getEntry("none"));
        }
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(path))) {
            int total = 0;
            for (ZipEntry entry; (entry = in.getNextEntry()) != null; ) {
                total += in.readAllBytes().length + entry.getName().length();
            }
            System.out.println(total);
        }
        Files.write(path, new byte[] {1, 2, 3});
        try {
            new ZipFile(path.toFile());
        } catch (ZipException e) {
            System.out.println(e.getMessage());
        }
        Files.delete(path);
        for (String name : new String[] {"MD5", "SHA-1", "SHA-256", "SHA-512", "SHA3-256"}) {
            System.out.println(name + " " + HexFormat.of().formatHex(MessageDigest.getInstance(name).digest(data)));
        }
        nothing();
        String encoded = Base64.getEncoder().encodeToString(sample(50));
        System.out.println(encoded + " " + Arrays.equals(sample(50), Base64.getDecoder().decode(encoded)) + " " + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[] {-1, -2}) + " "
                + Base64.getMimeEncoder().encodeToString(sample(100)).length());
    }
}
