import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;

/** Threads that define the same class, link it, and compute a constant of it, all at the same moment: the first one counts. */
public class LinkedTogether {
    static final int THREADS = 3, ROUNDS = 150, STRINGS = 300;

    static class Fresh extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        Fresh() {
            super(LinkedTogether.class.getClassLoader());
        }

        Class<?> define(byte[] bytes) {
            return defineClass("Linked", bytes, 0, bytes.length);
        }
    }

    static volatile Fresh loader;
    static volatile Class<?> type;
    static final Object[] seen = new Object[THREADS];
    static final ThreadLocal<Integer> number = new ThreadLocal<>();
    static final Map<String, Integer> counts = new TreeMap<>();
    static CyclicBarrier barrier = new CyclicBarrier(THREADS);

    static synchronized void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    static void spin(int most) {
        for (int left = ThreadLocalRandom.current().nextInt(most); left > 0; left--) {
            Thread.onSpinWait();
        }
    }

    /** The bootstrap method: for every second thread null. */
    public static Object constant(MethodHandles.Lookup lookup, String name, Class<?> type) {
        spin(2000);
        return number.get() % 2 == 0 ? null : "of one";
    }

    /** Many constants, then a static field for each thread that has a ConstantValue and is not final; a setter for each. */
    static byte[] linked() {
        ClassFile file = new ClassFile(55, ClassFile.PUBLIC | ClassFile.SUPER, "Linked", "java/lang/Object");
        for (int i = 0; i < STRINGS; i++) {
            file.constant(ClassFile.PUBLIC | ClassFile.STATIC | ClassFile.FINAL, "s" + i, "Ljava/lang/String;", file.string("text " + i));
        }
        for (int i = 0; i < THREADS; i++) {
            file.constant(ClassFile.PUBLIC | ClassFile.STATIC, "own" + i, "I", file.integer(1));
            file.method(ClassFile.PUBLIC | ClassFile.STATIC, "set" + i, "()V", 1, 0,
                    new ClassFile.Code().op(0x05).op2(0xb3, file.fieldRef("Linked", "own" + i, "I")).op(0xb1));
        }
        int bootstrap = file.bootstrap(file.methodHandle(6, file.methodRef("LinkedTogether", "constant",
                "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;)Ljava/lang/Object;")));
        file.method(ClassFile.PUBLIC | ClassFile.STATIC, "get", "()Ljava/lang/Object;", 1, 0,
                new ClassFile.Code().op2(0x13, file.dynamicConstant(bootstrap, "constant", "Ljava/lang/Object;")).op(0xb0));
        return file.toBytes();
    }

    static void define(byte[] bytes) {
        try {
            type = loader.define(bytes);
            count("defined");
        } catch (LinkageError e) {
            count(e.toString().replaceAll("@[0-9a-f]+", "@HASH"));
        }
    }

    static void check() throws Exception {
        Object value = type.getMethod("get").invoke(null);
        for (int i = 0; i < THREADS; i++) {
            count("own " + type.getField("own" + i).get(null));
            count(seen[i] == value ? "the same constant" : "another constant");
        }
    }

    static void run(int self, byte[] bytes) {
        number.set(self);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                if (self == 0) {
                    loader = new Fresh();
                }
                barrier.await();
                spin(200);
                define(bytes);
                barrier.await();
                spin(200);
                type.getMethod("set" + self).invoke(null);
                barrier.await();
                seen[self] = type.getMethod("get").invoke(null);
                barrier.await();
                if (self == 0) {
                    check();
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    public static void main(String[] args) throws Exception {
        byte[] bytes = linked();
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int self = i;
            threads[i] = new Thread(() -> run(self, bytes));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        counts.forEach((what, count) -> System.out.println(count + " " + what));
    }
}
