import java.io.File;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Threads that open, read and close files all the time: most points lie within natives that reach the host. */
public class InNative {
    static final String FILE = System.getProperty("java.class.path") + "/InNative.class";
    static final Path FOLDER = Path.of(System.getProperty("java.class.path"));

    static long sum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return sum.getValue();
    }

    static byte[] stream() throws Exception {
        try (FileInputStream in = new FileInputStream(FILE)) {
            return in.readAllBytes();
        }
    }

    static byte[] randomAccess() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(FILE, "r")) {
            byte[] bytes = new byte[(int) file.length()];
            file.readFully(bytes, 0, 7);
            file.seek(7);
            file.readFully(bytes, 7, bytes.length - 7);
            return bytes;
        }
    }

    static String check(String what, int rounds) {
        int wrong = 0;
        try {
            long expected = sum(stream());
            int names = new File(FOLDER.toString()).list().length;
            for (int i = 0; i < rounds; i++) {
                if (sum(stream()) != expected) wrong++;
                if (sum(randomAccess()) != expected) wrong++;
                if (sum(Files.readAllBytes(Path.of(FILE))) != expected) wrong++;
                if (new File(FOLDER.toString()).list().length != names) wrong++;
                if (new File(FILE + ".none").exists() || !new File(FILE).exists()) wrong++;
                if (Arrays.hashCode(Files.readAllLines(Path.of("/etc/passwd")).toArray()) == 0) wrong++;
            }
        } catch (Exception e) {
            e.printStackTrace();
        }
        return what + ": " + rounds + " rounds, " + wrong + " wrong";
    }

    public static void main(String[] args) throws Exception {
        for (int round = 0; round < 4; round++) {
            String[] said = new String[1];
            Thread other = new Thread(() -> said[0] = check("other", 60));
            other.start();
            System.out.println(check("main", 20));
            other.join();
            System.out.println(said[0]);
            System.out.println(check("main", 10));
        }
    }
}
