import java.io.InputStream;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Threads that come to the same fresh classes at the same moment, again and again, while those before are unloaded. */
public class ClassesTogether {
    static final int THREADS = 4, ROUNDS = 40;

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

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (Exception e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

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
                // the even rounds: all at the same class; the odd ones: two at each
                String name = round % 2 == 0 || self < THREADS / 2 ? "Nest" : "Nest$Other";
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
