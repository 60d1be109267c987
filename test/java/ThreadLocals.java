import java.util.ArrayList;
import java.util.List;

/** ThreadLocal and InheritableThreadLocal: initial values, removal, inheritance, many of them, collection of dead ones. */
public class ThreadLocals {
    static int made;
    static final ThreadLocal<Integer> COUNTER = ThreadLocal.withInitial(() -> ++made * 100);
    static final InheritableThreadLocal<String> NAME = new InheritableThreadLocal<>() {
        @Override
        protected String childValue(String parent) {
            return parent + "'s child";
        }
    };
    static final ThreadLocal<List<String>> LIST = new ThreadLocal<>() {
        @Override
        protected List<String> initialValue() {
            return new ArrayList<>(List.of("initial"));
        }
    };

    static void show(String where) {
        COUNTER.set(COUNTER.get() + 1);
        LIST.get().add(where);
        System.out.println(where + " " + COUNTER.get() + " " + NAME.get() + " " + LIST.get());
    }

    public static void main(String[] args) throws Exception {
        NAME.set("main");
        show("main");
        for (int i = 0; i < 3; i++) {
            int n = i;
            Thread thread = new Thread(() -> {
                show("thread " + n);
                NAME.set("own " + n);
                Thread child = new Thread(() -> show("child of " + n));
                child.start();
                try {
                    child.join();
                } catch (InterruptedException e) {
                    throw new RuntimeException(e);
                }
                show("again " + n);
            });
            thread.start();
            thread.join();
        }
        COUNTER.remove();
        LIST.set(null);
        System.out.println(COUNTER.get() + " " + LIST.get() + " " + made);
        Thread without = new Thread(null, () -> System.out.println(NAME.get()), "without", 0, false);
        without.start();
        without.join();
        List<ThreadLocal<Integer>> many = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            ThreadLocal<Integer> local = new ThreadLocal<>();
            local.set(i);
            if (i % 10 == 0) {
                many.add(local);
            }
        }
        System.gc();
        int sum = 0;
        for (ThreadLocal<Integer> local : many) {
            sum += local.get();
            local.remove();
        }
        System.out.println(sum + " " + many.get(5).get());
    }
}
