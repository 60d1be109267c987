/** StackOverflowError: caught, several times, in different kinds of calls, with the machine whole afterwards. */
public class StackOverflow {
    static int depth;

    static void simple() {
        depth++;
        simple();
    }

    static long wide(long a, double b, Object c, int d) {
        depth++;
        return wide(a + 1, b * 2, c, d - 1) + a;
    }

    interface Caller {
        int call(Caller other);
    }

    int virtual(int n) {
        depth++;
        return virtual(n + 1) + 1;
    }

    static synchronized void locked() {
        depth++;
        locked();
    }

    static void guarded() {
        depth++;
        try {
            guarded();
        } finally {
            depth--;
        }
    }

    static class Chain {
        Chain next;

        Chain() {
            depth++;
            next = new Chain();
        }
    }

    static class Loop {
        Object self = this;

        @Override
        public String toString() {
            depth++;
            return "loop " + self;
        }

        @Override
        public int hashCode() {
            return self.hashCode() + 1;
        }
    }

    static void attempt(String name, Runnable action) {
        depth = 0;
        try {
            action.run();
            System.out.println(name + " ended");
        } catch (StackOverflowError e) {
            System.out.println(name + " overflowed " + (depth > 500 || depth == 0) + " " + e.getMessage() + " "
                    + (e.getStackTrace().length == 1024) + " " + e.getClass().getName());
        }
    }

    public static void main(String[] args) throws Exception {
        for (int round = 0; round < 3; round++) {
            attempt("simple", StackOverflow::simple);
            attempt("wide", () -> wide(1, 2, "x", 3));
            attempt("virtual", () -> new StackOverflow().virtual(0));
            Caller caller = other -> {
                depth++;
                return other.call(other) + 1;
            };
            attempt("lambda", () -> caller.call(caller));
            attempt("synchronized", StackOverflow::locked);
            attempt("constructors", Chain::new);
            attempt("hashCode", () -> new Loop().hashCode());
        }
        attempt("finally", StackOverflow::guarded);
        System.out.println("monitor free: " + !Thread.holdsLock(StackOverflow.class));
        Thread thread = new Thread(null, () -> attempt("thread", StackOverflow::simple), "small", 256 * 1024);
        thread.start();
        thread.join();
        int[] deepest = {0};
        class Measure {
            int down(int n) {
                deepest[0] = n;
                return n < 2000 ? down(n + 1) : n;
            }
        }
        System.out.println(new Measure().down(0) + " " + deepest[0]);
    }
}
