/** Exceptions in class initialisers: ExceptionInInitializerError once, NoClassDefFoundError afterwards, with causes. */
public class InitErrors {
    static class Divides {
        static int value = 1 / Integer.parseInt("0");
        static int other = 3;

        static void call() { }
    }

    static class Throws {
        static final Object made;

        static {
            if (true) {
                throw new Error("an Error stays itself");
            }
            made = null;
        }
    }

    static class Child extends Divides {
        static int child = 5;
    }

    static class Uses {
        static int value = Divides.other;
    }

    static class SometimesNull {
        static String text = null;
        static int length = text.length();
    }

    interface Failing {
        int VALUE = Integer.parseInt("failing");

        default void method() { }
    }

    static class Implements implements Failing { }

    enum Bad {
        A, B;

        static {
            if (values().length == 2) {
                throw new IllegalStateException("bad enum");
            }
        }
    }

    static class Retry {
        static int tries;

        static class Fails {
            static int value = fail();

            static int fail() {
                tries++;
                throw new RuntimeException("try " + tries);
            }
        }
    }

    interface Action {
        Object run() throws Exception;
    }

    static void attempt(String name, Action action) {
        try {
            System.out.println(name + ": " + action.run());
        } catch (Throwable t) {
            StringBuilder text = new StringBuilder(name + ": " + t);
            for (Throwable cause = t.getCause(); cause != null; cause = cause.getCause()) {
                text.append(" / ").append(cause);
            }
            System.out.println(text);
        }
    }

    public static void main(String[] args) {
        for (int i = 0; i < 2; i++) {
            attempt("Divides", () -> Divides.value);
            attempt("Divides.call", () -> {
                Divides.call();
                return null;
            });
            attempt("new Divides", Divides::new);
            attempt("Throws", () -> Throws.made);
            attempt("Child", () -> Child.child);
            attempt("Uses", () -> Uses.value);
            attempt("SometimesNull", () -> SometimesNull.length);
            attempt("Failing", () -> Failing.VALUE);
            attempt("Implements", Implements::new);
            attempt("Bad", () -> Bad.A);
            attempt("reflection", () -> Divides.class.getDeclaredMethod("call").invoke(null));
            attempt("forName", () -> Class.forName("InitErrors$Divides"));
            attempt("newInstance", () -> Implements.class.getDeclaredConstructor().newInstance());
            attempt("Retry", () -> Retry.Fails.value);
            attempt("valueOf", () -> Bad.valueOf("A"));
            attempt("array", () -> new Divides[1].length);
        }
        System.out.println(Retry.tries);
        try {
            Divides.call();
        } catch (NoClassDefFoundError e) {
            e.printStackTrace();
        }
        System.out.println(Late.value);
    }

    static class Late {
        static int value = compute();

        static int compute() {
            throw new UnsupportedOperationException("uncaught");
        }
    }
}
