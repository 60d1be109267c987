import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Stack traces: printed to standard error, with causes, suppressed and circular ones, through constructors, lambdas,
 * reflection, class initialisers and library code; and read as arrays. */
public class StackTraces {
    static class Thing {
        final int value;

        {
            if (StackTraces.fail) {
                throw new IllegalStateException("in an initialiser");
            }
        }

        Thing(int value) {
            this.value = value;
        }

        int compute(int n) {
            return n == 0 ? value / n : compute(n - 1);
        }
    }

    static boolean fail;

    static class Generic<T extends Comparable<T>> {
        T max(List<T> list) {
            T best = null;
            for (T item : list) {
                if (best == null || item.compareTo(best) > 0) {
                    best = item;
                }
            }
            return best;
        }
    }

    static class Broken {
        static int value = Integer.parseInt("broken");
    }

    static void print(Throwable t) {
        t.printStackTrace();
    }

    static void attempt(Runnable action) {
        try {
            action.run();
        } catch (Throwable t) {
            print(t);
        }
    }

    static int recursive(int n) {
        if (n == 0) {
            throw new UnsupportedOperationException();
        }
        return recursive(n - 1) + 1;
    }

    public static void called() {
        throw new IllegalArgumentException("called by reflection");
    }

    static String multi(String a,
                        int b) {
        return a +
                b / (b - b) +
                a;
    }

    public static void main(String[] args) throws Exception {
        attempt(() -> new Thing(5).compute(3));
        fail = true;
        attempt(() -> new Thing(5));
        attempt(() -> recursive(4));
        attempt(() -> multi("x", 3));
        attempt(() -> new ArrayList<>(List.of(1, 2)).get(2));
        attempt(() -> List.of(1).add(2));
        attempt(() -> List.of(3, 1, 2).forEach(n -> {
            Supplier<Integer> s = () -> 6 / (n - 1);
            System.out.println(s.get());
        }));
        attempt(() -> {
            new Object() {
                void run() {
                    class Local {
                        void deep() {
                            throw new RuntimeException("local");
                        }
                    }
                    new Local().deep();
                }
            }.run();
        });
        attempt(() -> System.out.println(Broken.value));
        attempt(() -> System.out.println(Broken.value));
        try {
            StackTraces.class.getMethod("called").invoke(null);
        } catch (Exception e) {
            print(e);
        }
        try {
            try {
                recursive(2);
            } catch (UnsupportedOperationException e) {
                throw new Exception("middle", e);
            }
        } catch (Exception e) {
            Exception top = new Exception("top", e);
            top.addSuppressed(new IllegalStateException("suppressed", new Error("its cause")));
            print(top);
        }
        Exception a = new Exception("a"), b = new Exception("b", a);
        a.initCause(b);
        print(a);
        print(new Exception() {
            @Override
            public String getMessage() {
                return "own message\nin two lines";
            }
        });
        print(new Exception("no trace", null, false, false) { });
        Thread thread = new Thread(() -> print(new Exception("in a thread")), "worker");
        thread.start();
        thread.join();

        StackTraceElement[] elements = new Throwable().getStackTrace();
        System.out.println(elements.length + " " + elements[0] + " " + elements[0].getMethodName() + " " + elements[0].getLineNumber() + " "
                + elements[0].getFileName() + " " + elements[0].getClassName() + " " + elements[0].isNativeMethod() + " " + elements[0].getModuleName());
        StackTraceElement[] here = Thread.currentThread().getStackTrace();
        System.out.println(here[0].getMethodName() + " " + here[0].getModuleName() + " " + here[1].getMethodName());
        Throwable filled = new Exception("filled");
        filled.setStackTrace(new StackTraceElement[] {new StackTraceElement("some.Class", "method", "File.java", 7),
                new StackTraceElement("loader", "module", "1.0", "some.Other", "native", null, -2),
                new StackTraceElement("some.Third", "unknown", null, -1)});
        print(filled);
        filled.fillInStackTrace();
        StringWriter text = new StringWriter();
        filled.printStackTrace(new PrintWriter(text, true));
        System.out.print(text);
        Thread.dumpStack();
        new Generic<Integer>().max(new ArrayList<>(java.util.Arrays.asList(1, null)));
    }
}
