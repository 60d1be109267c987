import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Threads that come to the same fresh classes at the same moment, again and again, while those before are unloaded. */
public class ClassesTogether {
    static final String[] NAMES = {"Nest", "Nest$Other", "Nest$Third", "Nest$Fourth"};
    static final int THREADS = NAMES.length, ROUNDS = 80;

    /** Defines the classes of Nest anew; all else is its parent's. */
    static class Fresh extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        Fresh() {
            super(ClassesTogether.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("Nest")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> found = findLoadedClass(name);
                return found != null ? found : define(name);
            }
        }

        private Class<?> define(String name) {
            byte[] bytes = read.get(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    static final Map<String, byte[]> read = new HashMap<>();
    static volatile ClassLoader loader;
    static final AtomicLong total = new AtomicLong();

    static void one(CyclicBarrier barrier, int self) {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                if (self == 0) {
                    loader = new Fresh();
                }
                barrier.await();
                ClassLoader mine = loader;
                String name = NAMES[round % 2 == 0 ? 0 : self]; // all at the same class, or each at its own
                Object made = Class.forName(name, true, mine).getDeclaredConstructor().newInstance();
                total.addAndGet(((LongSupplier) made).getAsLong());
                barrier.await();
                if (self == 0) {
                    loader = null;
                    if (round % 8 == 7) {
                        System.gc();
                    }
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    public static void main(String[] args) throws Exception {
        for (String name : NAMES) {
            try (InputStream in = ClassesTogether.class.getResourceAsStream(name + ".class")) {
                read.put(name, in.readAllBytes());
            }
        }
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int self = i;
            threads[i] = new Thread(() -> one(barrier, self));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(total.get() + " of " + THREADS * ROUNDS * 36L);
    }
}
