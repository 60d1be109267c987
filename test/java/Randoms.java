import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Random generators with seeds, UUIDs, and that unseeded ones work at all. */
public class Randoms {
    public static void main(String[] args) {
        Random random = new Random(12345);
        System.out.println(random.nextInt() + " " + random.nextInt(100) + " " + random.nextLong() + " " + random.nextBoolean() + " " + random.nextDouble() + " " + random.nextFloat() + " "
                + random.nextGaussian() + " " + random.nextGaussian() + " " + random.nextInt(1 << 20) + " " + random.nextInt(5, 8) + " " + random.nextLong(1L << 40));
        byte[] bytes = new byte[11];
        random.nextBytes(bytes);
        System.out.println(Arrays.toString(bytes) + " " + random.ints(5, 0, 10).boxed().collect(Collectors.toList()) + " " + random.doubles(3).sum() + " " + random.longs(2, 0, 1000).sum());
        random.setSeed(99);
        int[] buckets = new int[10];
        for (int i = 0; i < 10000; i++) {
            buckets[random.nextInt(10)]++;
        }
        System.out.println(Arrays.toString(buckets));
        SplittableRandom splittable = new SplittableRandom(7);
        SplittableRandom other = splittable.split();
        System.out.println(splittable.nextInt() + " " + other.nextLong() + " " + splittable.nextDouble() + " " + other.nextInt(50));
        for (String name : List.of("L64X128MixRandom", "Xoshiro256PlusPlus", "SplittableRandom")) {
            RandomGenerator generator = java.util.random.RandomGeneratorFactory.of(name).create(42);
            System.out.println(name + " " + generator.nextInt() + " " + generator.nextLong() + " " + generator.nextGaussian());
        }
        UUID uuid = UUID.nameUUIDFromBytes("coracle".getBytes());
        UUID parsed = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
        System.out.println(uuid + " " + uuid.version() + " " + uuid.variant() + " " + uuid.hashCode() + " " + parsed.timestamp() + " " + parsed.node() + " " + parsed.compareTo(uuid) + " " + new UUID(1, 2));
        try {
            UUID.fromString("not a uuid");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        UUID made = UUID.randomUUID();
        double chance = Math.random();
        System.out.println(made.version() + " " + made.equals(UUID.randomUUID()) + " " + (chance >= 0 && chance < 1) + " " + (new Random().nextLong() != new Random().nextLong()) + " "
                + (java.util.concurrent.ThreadLocalRandom.current().nextInt(10) < 10) + " " + new java.security.SecureRandom().generateSeed(4).length);
    }
}
