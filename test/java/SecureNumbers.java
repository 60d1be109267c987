import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Random numbers from the system, whose devices the class library keeps open from the first one on. */
public class SecureNumbers {
    public static void main(String[] args) throws Exception {
        SecureRandom random = new SecureRandom();
        Set<Long> longs = new HashSet<>();
        Set<UUID> names = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            longs.add(random.nextLong());
            names.add(UUID.randomUUID());
        }
        System.out.println(longs.size() + " " + names.size() + " " + names.iterator().next().version());
        random.setSeed(17);
        random.setSeed(new byte[] {1, 2, 3});
        System.out.println(random.generateSeed(20).length + " " + random.getAlgorithm());
        Path file = Files.createTempFile("secure", ".numbers");
        Path folder = Files.createTempDirectory("secure");
        System.out.println(Files.size(file) + " " + Files.isDirectory(folder));
        Files.delete(file);
        Files.delete(folder);
        int bits = 0;
        for (int i = 0; i < 2000; i++) bits += Integer.bitCount(random.nextInt());
        System.out.println(bits > 31000 && bits < 33000);
        SecureRandom strong = SecureRandom.getInstance("NativePRNGNonBlocking");
        System.out.println(strong.nextInt() != strong.nextInt() || strong.nextInt() != strong.nextInt());
    }
}
