import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** StackWalker: frames, options, caller class, early ends, deep stacks, through lambdas and reflection. */
public class StackWalking {
    static final StackWalker PLAIN = StackWalker.getInstance();
    static final StackWalker CLASSES = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    static final StackWalker ALL = StackWalker.getInstance(java.util.Set.of(StackWalker.Option.SHOW_HIDDEN_FRAMES, StackWalker.Option.RETAIN_CLASS_REFERENCE));

    static String walk(StackWalker walker) {
        return walker.walk(frames -> frames.map(f -> f.getClassName() + "." + f.getMethodName() + ":" + f.getLineNumber()).collect(Collectors.joining(" ")));
    }

    static class Library {
        static Class<?> whoCalls() {
            return CLASSES.getCallerClass();
        }

        static Object run(Supplier<?> supplier) {
            return supplier.get();
        }
    }

    static class Client {
        static Class<?> call() {
            return Library.whoCalls();
        }
    }

    static Object deep(int n, Supplier<?> end) {
        return n == 0 ? end.get() : deep(n - 1, end);
    }

    public static String reflected() {
        return walk(PLAIN);
    }

    public static void main(String[] args) throws Exception {
        System.out.println(walk(PLAIN));
        System.out.println(Client.call());
        System.out.println(Library.run(() -> walk(PLAIN)));
        System.out.println(Library.run(new Supplier<String>() {
            public String get() {
                return walk(PLAIN);
            }
        }));
        System.out.println(StackWalking.class.getMethod("reflected").invoke(null));
        System.out.println(deep(1000, () -> PLAIN.walk(frames -> frames.count())));
        System.out.println(deep(1000, () -> PLAIN.walk(frames -> frames.skip(500).limit(3).map(f -> f.getMethodName()).collect(Collectors.toList()))));
        Optional<StackWalker.StackFrame> frame = PLAIN.walk(frames -> frames.filter(f -> f.getMethodName().equals("main")).findFirst());
        System.out.println(frame.get() + " " + frame.get().getFileName() + " " + frame.get().isNativeMethod() + " " + frame.get().toStackTraceElement().getMethodName());
        List<String> types = CLASSES.walk(frames -> frames.map(f -> f.getDeclaringClass().getSimpleName() + f.getMethodType() + f.getDescriptor()).collect(Collectors.toList()));
        System.out.println(types);
        int[] count = {0};
        PLAIN.forEach(f -> count[0]++);
        System.out.println(count[0]);
        String hidden = (String) Library.run(() -> ALL.walk(frames -> frames.map(f -> f.getMethodName()).collect(Collectors.joining(" "))));
        System.out.println(hidden);
        Runnable[] errors = {() -> PLAIN.getCallerClass(), () -> frame.get().getDeclaringClass(), () -> PLAIN.walk(null), () -> {
            var leaked = PLAIN.walk(frames -> frames);
            leaked.count();
        }};
        for (Runnable error : errors) {
            try {
                error.run();
                System.out.println("no error");
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
        Thread thread = new Thread(() -> System.out.println(walk(PLAIN)));
        thread.start();
        thread.join();
        System.out.println(List.of(3, 1, 2).stream().sorted((a, b) -> {
            if (count[0]-- == 1) {
                String mine = PLAIN.walk(frames -> frames.filter(f -> f.getClassName().startsWith("StackWalking")).map(f -> f.getMethodName()).collect(Collectors.joining(" ")));
                System.out.println(mine);
            }
            return a - b;
        }).map(n -> n + "").collect(Collectors.joining()));
    }
}
