/** An exception that nobody catches: the trace and exit status 1. */
public class Uncaught {
    static void inner(int x) {
        throw new IllegalStateException("x is " + x);
    }

    static void outer() {
        try {
            inner(3);
        } catch (IllegalStateException e) {
            throw new RuntimeException("outer failed", e);
        }
    }

    public static void main(String[] args) {
        System.out.println("before");
        outer();
    }
}
