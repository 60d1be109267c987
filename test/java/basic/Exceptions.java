/** Throwing, catching, finally, in one frame and over several. */
public class Exceptions {
    static class Own extends RuntimeException {
        final int code;

        Own(int code) {
            super("own " + code);
            this.code = code;
        }
    }

    static int deep(int n) {
        if (n == 0) {
            throw new Own(7);
        }
        return deep(n - 1) + 1;
    }

    static int order(int what) {
        int trace = 0;
        try {
            trace = trace * 10 + 1;
            if (what == 1) {
                throw new Own(what);
            }
            if (what == 2) {
                return trace * 10 + 9;
            }
            trace = trace * 10 + 2;
        } catch (Own e) {
            trace = trace * 10 + 3;
        } finally {
            trace = trace * 10 + 4;
            System.out.println(trace);
        }
        return trace * 10 + 5;
    }

    @SuppressWarnings("finally")
    static int swallow() {
        try {
            throw new Own(1);
        } finally {
            return 5;
        }
    }

    static void attempt(int what) {
        try {
            switch (what) {
                case 0: ((Object) null).hashCode(); break;
                case 1: int[][] grid = new int[2][what]; grid[1][what + 3] = 1; break;
                case 2: System.out.println(1 / (what - 2)); break;
                case 3: Object o = "s"; Integer i = (Integer) o; break;
                case 4: Object[] a = new String[1]; a[0] = 1; break;
                case 5: int[] n = new int[4 - what]; break;
                case 6: System.out.println(1L % (what - 6L)); break;
                case 7: int[] none = null; System.out.println(none.length); break;
                case 8: throw null;
                case 9: int[][] wide = new int[3][what - 11]; break;
                default: deep(3);
            }
        } catch (NullPointerException e) {
            System.out.println("null");
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println("bounds " + e.getMessage());
        } catch (ArithmeticException e) {
            System.out.println(e.getMessage());
        } catch (ClassCastException e) {
            System.out.println("cast");
        } catch (ArrayStoreException e) {
            System.out.println(e.getMessage());
        } catch (NegativeArraySizeException e) {
            System.out.println(e.getMessage());
        } catch (RuntimeException e) {
            System.out.println(e.getMessage());
        }
    }

    public static void main(String[] args) {
        try {
            deep(50);
        } catch (Own e) {
            System.out.println(e.getMessage());
            System.out.println(e.code);
        }
        System.out.println(order(0));
        System.out.println(order(1));
        System.out.println(order(2));
        System.out.println(swallow());
        for (int i = 0; i <= 10; i++) {
            attempt(i);
        }
        int caught = 0;
        for (int i = 0; i < 1000; i++) {
            try {
                if (i % 3 == 0) {
                    throw new Own(i);
                }
            } catch (Own e) {
                caught += e.code;
            }
        }
        System.out.println(caught);
    }
}
