/** assert with -ea: messages, causes, class and package switches, assertion status. */
public class Assertions {
    static class Inner {
        static int check(int n) {
            assert n > 0 : "n is " + n;
            return n;
        }
    }

    static class Switched {
        static boolean enabled() {
            boolean on = false;
            assert on = true;
            return on;
        }
    }

    static int evaluations;

    static boolean evaluate(boolean value) {
        evaluations++;
        return value;
    }

    static void attempt(Runnable action) {
        try {
            action.run();
            System.out.println("passed");
        } catch (AssertionError e) {
            System.out.println(e + " cause " + e.getCause());
        }
    }

    public static void main(String[] args) {
        attempt(() -> Inner.check(1));
        attempt(() -> Inner.check(-1));
        attempt(() -> {
            assert false;
        });
        attempt(() -> {
            assert evaluate(false) : 42;
        });
        attempt(() -> {
            assert evaluate(true) : evaluate(false);
        });
        attempt(() -> {
            assert false : new IllegalStateException("as a cause");
        });
        attempt(() -> {
            assert false : 'c';
        });
        attempt(() -> {
            assert false : null;
        });
        attempt(() -> {
            assert false : 2.5;
        });
        System.out.println(evaluations + " " + Switched.enabled() + " " + Assertions.class.desiredAssertionStatus() + " " + String.class.desiredAssertionStatus() + " " + Switched.class.desiredAssertionStatus());
        assert args.length > 0 : "no arguments";
    }
}
