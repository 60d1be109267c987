import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** try, catch, finally in every combination; rethrow, nested handlers, loops with finally, return through finally. */
public class ExceptionFlow {
    static final List<String> trace = new ArrayList<>();

    static void mark(String what) {
        trace.add(what);
    }

    static void flush(Object result) {
        System.out.println(trace + " -> " + result);
        trace.clear();
    }

    static class Checked extends Exception {
        Checked(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static int returns(int n) {
        try {
            if (n == 0) {
                return n / n;
            }
            mark("body");
            return n;
        } catch (ArithmeticException e) {
            mark("catch");
            return -1;
        } finally {
            mark("finally");
            n = 99;
        }
    }

    @SuppressWarnings("finally")
    static int overrides() {
        for (int i = 0; ; i++) {
            try {
                try {
                    throw new IllegalStateException("lost");
                } finally {
                    if (i < 2) {
                        continue;
                    }
                    mark("third");
                }
            } catch (IllegalStateException e) {
                mark(e.getMessage());
                return i;
            } finally {
                mark("f" + i);
                if (i == 1) {
                    break;
                }
            }
        }
        return -5;
    }

    static void nested(int how) throws Checked {
        try {
            try {
                mark("inner");
                if (how == 1) {
                    throw new IOException("io");
                }
                if (how == 2) {
                    throw new IllegalArgumentException("argument");
                }
                if (how == 3) {
                    Object o = null;
                    o.toString();
                }
                if (how == 4) {
                    throw new StackOverflowError("pretended");
                }
            } catch (IOException | IllegalArgumentException e) {
                mark("multi " + e.getMessage());
                if (how == 1) {
                    throw new Checked("wrapped", e);
                }
                throw (IllegalArgumentException) e;
            } finally {
                mark("inner finally");
                if (how == 3) {
                    throw new IllegalStateException("from finally");
                }
            }
            mark("after");
        } catch (RuntimeException e) {
            mark("outer " + e.getMessage());
            if (how == 2) {
                throw e;
            }
        } finally {
            mark("outer finally");
        }
    }

    static <T extends Throwable> void sneak(Throwable t) throws T {
        @SuppressWarnings("unchecked")
        T cast = (T) t;
        throw cast;
    }

    static int depth(int n) {
        try {
            return n == 0 ? Integer.parseInt("end") : depth(n - 1) + 1;
        } finally {
            if (n % 10 == 0) {
                mark("d" + n);
            }
        }
    }

    static int loop() {
        int sum = 0;
        outer:
        for (int i = 0; i < 5; i++) {
            try {
                for (int j = 0; j < 5; j++) {
                    try {
                        if (j == 3) {
                            continue outer;
                        }
                        if (i == 3) {
                            break outer;
                        }
                        if ((i + j) % 2 == 0) {
                            throw new RuntimeException();
                        }
                        sum += 1;
                    } catch (RuntimeException e) {
                        sum += 10;
                    } finally {
                        sum += 100;
                    }
                }
            } finally {
                sum += 1000;
            }
        }
        return sum;
    }

    public static void main(String[] args) {
        flush(returns(0));
        flush(returns(5));
        flush(overrides());
        for (int how = 0; how <= 4; how++) {
            Object result = "normal";
            try {
                nested(how);
            } catch (Checked e) {
                result = e + " caused by " + e.getCause();
            } catch (Throwable t) {
                result = t;
            }
            flush(result);
        }
        try {
            ExceptionFlow.<RuntimeException>sneak(new IOException("sneaked"));
        } catch (Exception e) {
            flush(e);
        }
        try {
            depth(35);
        } catch (NumberFormatException e) {
            flush(e.getMessage());
        }
        flush(loop());
        Throwable chain = new Error("bottom");
        for (int i = 0; i < 5; i++) {
            chain = new RuntimeException(i % 2 == 0 ? "level " + i : null, chain);
        }
        for (Throwable t = chain; t != null; t = t.getCause()) {
            mark(String.valueOf(t.getMessage()));
        }
        flush(chain);
        Exception first = new Exception("first");
        first.addSuppressed(new Exception("second"));
        first.initCause(new Exception("cause"));
        flush(first.getSuppressed()[0] + " " + first.getCause());
        for (int i = 0; i < 3; i++) {
            try {
                switch (i) {
                    case 0 -> first.initCause(new Exception());
                    case 1 -> first.addSuppressed(first);
                    default -> first.addSuppressed(null);
                }
            } catch (RuntimeException e) {
                flush(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
        class Light extends RuntimeException {
            Light() {
                super("light", null, false, false);
            }
        }
        try {
            throw new Light();
        } catch (Light e) {
            e.addSuppressed(new Exception());
            flush(e.getStackTrace().length + " " + e.getSuppressed().length);
        }
        long caught = 0;
        for (int i = 0; i < 20000; i++) {
            try {
                if (i % 2 == 0) {
                    throw new IllegalStateException();
                }
                int[] none = new int[0];
                none[i]++;
            } catch (IllegalStateException e) {
                caught += 1;
            } catch (ArrayIndexOutOfBoundsException e) {
                caught += 1000000;
            }
        }
        flush(caught);
    }
}
