import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** StackWalker: batches at their borders, walks within walks, hidden and reflective frames, constructors, what it refuses. */
public class StackWalkingDeep {
    static final StackWalker PLAIN = StackWalker.getInstance();
    static final StackWalker CLASSES = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    static final StackWalker REFLECTIVE = StackWalker.getInstance(Set.of(StackWalker.Option.SHOW_REFLECT_FRAMES));
    static final StackWalker HIDDEN = StackWalker.getInstance(Set.of(StackWalker.Option.SHOW_HIDDEN_FRAMES));

    static String text(StackFrame frame) {
        String text = frame.getClassName() + "." + frame.getMethodName() + frame.getDescriptor() + " " + frame.getLineNumber() + " "
                + frame.getByteCodeIndex() + " " + frame.isNativeMethod();
        return text.replaceAll("\\$\\$Lambda.[0-9]+/[0-9a-fx]+", "Lambda").replaceAll("Accessor[0-9]+", "Accessor");
    }

    public static void print(StackWalker walker) {
        walker.walk(frames -> frames.map(StackWalkingDeep::text).collect(Collectors.toList())).forEach(System.out::println);
        System.out.println();
    }

    static long deep(int n) {
        return n == 0 ? PLAIN.walk(Stream::count) : deep(n - 1);
    }

    static String nested(int n) {
        return PLAIN.walk(frames -> n == 0 ? frames.map(StackFrame::getMethodName).collect(Collectors.joining(",")) : nested(n - 1) + "|" + frames.count())
                .replaceAll("lambda\\$[a-z]+\\$[0-9]+", "lambda");
    }

    static class Made {
        static final List<StackFrame> STATIC = frames();
        final List<StackFrame> own = frames();

        static List<StackFrame> frames() {
            return CLASSES.walk(frames -> frames.limit(3).collect(Collectors.toList()));
        }
    }

    public static class Library {
        public static Class<?> caller() {
            return CLASSES.getCallerClass();
        }
    }

    static void refusals() {
        Runnable[] actions = {PLAIN::getCallerClass, () -> PLAIN.walk(Stream::findFirst).get().getDeclaringClass(),
            () -> PLAIN.walk(frames -> { throw new IllegalStateException("within"); }), () -> PLAIN.walk(frames -> frames).count(),
            () -> PLAIN.walk(null)};
        for (Runnable action : actions) {
            try {
                action.run();
                System.out.println("nothing happened");
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        Method print = StackWalkingDeep.class.getMethod("print", StackWalker.class);
        for (StackWalker walker : List.of(PLAIN, REFLECTIVE, HIDDEN)) {
            print(walker);
            print.invoke(null, walker);
            Runnable runnable = () -> print(walker);
            runnable.run();
        }
        for (int depth : new int[] {0, 1, 5, 6, 7, 8, 30, 31, 32, 33, 100, 1000}) {
            System.out.print(deep(depth) + " ");
        }
        System.out.println(nested(3));
        for (StackFrame frame : new Made().own) {
            System.out.println(frame + " " + frame.getMethodType() + " " + frame.getDeclaringClass() + " " + frame.getFileName());
        }
        Made.STATIC.forEach(frame -> System.out.println(frame + " " + frame.getMethodType()));
        System.out.println(Library.caller() + " " + Library.class.getMethod("caller").invoke(null));
        refusals();
        Thread thread = new Thread(() -> print(PLAIN));
        thread.start();
        thread.join();
    }
}
