import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;

/** Threads that come to the same fresh call sites, some while another is just linking them. */
public class SitesTogether {
    static final int THREADS = 3, ROUNDS = 100;
    static final long LONGEST_WAIT_NS = 30_000;

    /** Defines Sites anew; all else is its parent's. */
    static class Fresh extends ClassLoader {
        Fresh() {
            super(SitesTogether.class.getClassLoader());
        }

        Class<?> define(byte[] bytes) {
            return defineClass("Sites", bytes, 0, bytes.length);
        }
    }

    static volatile Class<?> sites;
    static final AtomicLong total = new AtomicLong();

    /** Spins for a time that is random by what it is given; the next random number. */
    static long spin(long random) {
        long next = random * 6364136223846793005L + 1442695040888963407L, start = System.nanoTime();
        long wait = Long.remainderUnsigned(next >>> 20, LONGEST_WAIT_NS);
        while (System.nanoTime() - start < wait) {
            Thread.onSpinWait();
        }
        return next;
    }

    static void one(CyclicBarrier barrier, int self, byte[] bytes) {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                if (self == 0) {
                    sites = new Fresh().define(bytes);
                }
                barrier.await();
                LongUnaryOperator wait = SitesTogether::spin;
                Object sum = sites.getMethod("sum", LongUnaryOperator.class, long.class).invoke(null, wait, round * 31L + self);
                total.addAndGet((int) sum);
                barrier.await();
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    static byte[] read() throws IOException {
        try (InputStream in = SitesTogether.class.getResourceAsStream("Sites.class")) {
            return in.readAllBytes();
        }
    }

    public static void main(String[] args) throws Exception {
        byte[] bytes = read();
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int self = i;
            threads[i] = new Thread(() -> one(barrier, self, bytes));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(total.get() + " of " + THREADS * ROUNDS * 20L);
    }
}
