import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A class that is there for one thread and not for another, when both resolve the same reference to it: the first result counts. */
public class ResolvedTogether {
    static final int THREADS = 2, ROUNDS = 400;
    static final ThreadLocal<Boolean> finds = ThreadLocal.withInitial(() -> true);
    static byte[] user, target;

    static class Loader extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        Class<?> known;

        Loader() {
            super(ResolvedTogether.class.getClassLoader());
        }

        Class<?> define(String name, byte[] bytes) {
            return defineClass(name, bytes, 0, bytes.length);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals("Target")) {
                return super.loadClass(name, resolve);
            }
            inside.incrementAndGet();
            for (int left = 20000; left > 0 && inside.get() < THREADS; left--) {
                Thread.onSpinWait();
            }
            for (int left = ThreadLocalRandom.current().nextInt(200); left > 0; left--) {
                Thread.onSpinWait();
            }
            if (!finds.get()) {
                throw new ClassNotFoundException(name);
            }
            return known;
        }
    }

    static final AtomicInteger inside = new AtomicInteger(), arrived = new AtomicInteger();
    static volatile Class<?> type;
    static final String[] first = new String[THREADS], second = new String[THREADS];
    static final CyclicBarrier barrier = new CyclicBarrier(THREADS);

    static String use() throws Exception {
        try {
            type.getMethod("use").invoke(null);
            return "found";
        } catch (java.lang.reflect.InvocationTargetException e) {
            return e.getCause().toString();
        }
    }

    static void run(int self, Map<String, Integer> counts) {
        finds.set(self == 0);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                if (self == 0) {
                    Loader loader = new Loader();
                    loader.known = loader.define("Target", target);
                    Loader other = new Loader();
                    other.known = loader.known;
                    inside.set(0);
                    type = other.define("User", user);
                    type.getMethod("use");
                }
                barrier.await();
                arrived.incrementAndGet();
                while (arrived.get() < (round + 1) * THREADS) { // closer together than the barrier lets them go
                    Thread.onSpinWait();
                }
                first[self] = use();
                barrier.await();
                second[self] = use();
                barrier.await();
                if (self == 0) {
                    boolean same = first[0].equals(first[1]) && second[0].equals(first[0]) && second[1].equals(first[0]);
                    counts.merge(same ? "the same" : String.join(", ", first) + "; " + String.join(", ", second), 1, Integer::sum);
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    public static void main(String[] args) throws Exception {
        ClassFile file = new ClassFile(50, ClassFile.PUBLIC | ClassFile.SUPER, "Target", "java/lang/Object");
        target = file.constructor("java/lang/Object").toBytes();
        file = new ClassFile(50, ClassFile.PUBLIC | ClassFile.SUPER, "User", "java/lang/Object");
        user = file.method(ClassFile.PUBLIC | ClassFile.STATIC, "use", "()V", 1, 0,
                new ClassFile.Code().op2(0xbb, file.type("Target")).op(0x57, 0xb1)).toBytes();
        Map<String, Integer> counts = new TreeMap<>();
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int self = i;
            threads[i] = new Thread(() -> run(self, counts));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        counts.forEach((what, count) -> System.out.println(count + " " + what));
    }
}
