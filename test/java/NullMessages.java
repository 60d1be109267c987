import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The helpful messages of NullPointerException, in all the forms that the machine can work out. */
public class NullMessages {
    int number;
    long big;
    int[] array;
    int[][] grid;
    Object object;
    String text;
    NullMessages next;
    static NullMessages root;
    static String[] names;
    boolean flag;
    double fraction;
    float single;
    byte[] bytes;
    char[] chars;
    short[] shorts;
    long[] longs;
    float[] floats;
    double[] doubles;
    boolean[] flags;
    Object[] objects;
    Integer boxed;
    MethodHandle handle;
    VarHandle[] handles = new VarHandle[2];

    NullMessages next() {
        return next;
    }

    static NullMessages none() {
        return null;
    }

    static int[] noArray(int a, String b) {
        return null;
    }

    private void hidden() { }

    NullMessages[] many() {
        return new NullMessages[3];
    }

    static <T> T generic() {
        return null;
    }

    static void check(Runnable action) {
        try {
            action.run();
            System.out.println("nothing happened");
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
    }

    interface Thrower {
        void run() throws Throwable;
    }

    static void checkHandle(Thrower action) {
        try {
            action.run();
            System.out.println("nothing happened");
        } catch (Throwable t) {
            System.out.println(t);
        }
    }

    /** Signature-polymorphic calls: the handle is null, which the call itself finds, with the types of this very call. */
    void handles(MethodHandle given, int index) {
        for (int i = 0; i < 2; i++) {
            checkHandle(() -> handle.invoke(3, "x"));
            checkHandle(() -> { String s = (String) given.invokeExact((Object) this, 5L); });
            checkHandle(() -> { int n = (int) handles[index].getAndAdd(this, 1); });
            checkHandle(() -> handles[0].set(this, 'c', 2.5));
            checkHandle(() -> System.out.println(((VarHandle) generic()).compareAndSet(1, 2)));
            checkHandle(() -> handle.invokeWithArguments(1, 2));
        }
    }

    static void parameters(NullMessages a, int[] b, long c, String d, NullMessages... e) {
        check(() -> a.hidden());
        try {
            System.out.println(b[3]);
        } catch (NullPointerException x) {
            System.out.println(x.getMessage());
        }
        try {
            System.out.println(d.length());
        } catch (NullPointerException x) {
            System.out.println(x.getMessage());
        }
        try {
            System.out.println(e[(int) c].number);
        } catch (NullPointerException x) {
            System.out.println(x.getMessage());
        }
    }

    void instance(int i, int j) {
        Runnable[] actions = {() -> System.out.println(array[i]), () -> array[i] = j, () -> System.out.println(array.length),
                () -> System.out.println(grid[i][j]), () -> this.next.number = 3, () -> System.out.println(next.next.text),
                () -> System.out.println(next().number), () -> bytes[0] = 1, () -> chars[i + 1] = 'c', () -> shorts[j] = 2,
                () -> longs[i - j] = 1, () -> floats[i * 2] = 1, () -> doubles[0] = 1, () -> flags[1] = true, () -> objects[2] = "x",
                () -> System.out.println(bytes[5]), () -> System.out.println(chars[500]), () -> System.out.println(shorts[70000]),
                () -> System.out.println(longs[0]), () -> System.out.println(floats[0]), () -> System.out.println(doubles[-1]),
                () -> System.out.println(flags[0]), () -> System.out.println(objects[0]), () -> System.out.println(boxed + 1),
                () -> text.length(), () -> object.hashCode(), () -> { synchronized (object) { i(); } },
                () -> { throw (RuntimeException) object; }, () -> next.big = 5L, () -> next.fraction += 1, () -> next.single = 1,
                () -> System.out.println(next.flag), () -> next.hidden(), () -> many()[j].array[i]++, () -> many()[1].next().many()};
        for (Runnable action : actions) {
            check(action);
        }
    }

    static int i() {
        return 0;
    }

    public static void main(String[] args) {
        NullMessages local = new NullMessages(), empty = null;
        local.instance(1, 2);
        parameters(null, null, 1, null, null, null);
        check(() -> root.next = null);
        check(() -> System.out.println(root.array[1]));
        check(() -> System.out.println(names[2].length()));
        check(() -> none().hidden());
        check(() -> System.out.println(none().next.next));
        check(() -> System.out.println(noArray(1, "b")[2]));
        check(() -> NullMessages.<List<String>>generic().size());
        check(() -> System.out.println(NullMessages.<Map<String, int[]>>generic().get("x")));
        check(() -> System.out.println(((Supplier<?>) null).get()));
        check(() -> {
            throw null;
        });
        check(() -> {
            throw new NullPointerException();
        });
        check(() -> {
            throw new NullPointerException("own message");
        });
        check(() -> java.util.Objects.requireNonNull(null));
        check(() -> java.util.Objects.requireNonNull(null, "required"));
        check(() -> {
            int[][][] deep = new int[2][][];
            int a = 1, b = 0;
            deep[a][b][a + b] = 7;
        });
        check(() -> {
            NullMessages[] array = new NullMessages[4];
            array[array.length - 1].text = "x";
        });
        check(() -> {
            String s = args.length > 5 ? "x" : null;
            switch (s) {
                case "a":
                    break;
                default:
            }
        });
        check(() -> {
            for (String s : (List<String>) null) {
                System.out.println(s);
            }
        });
        check(() -> {
            long sum = 0;
            Long value = null;
            sum += value;
        });
        check(() -> {
            Object o = new Object[] {null};
            ((Object[]) o)[0].toString();
        });
        check(() -> {
            try {
                empty.number++;
            } finally {
                System.out.println("passed by");
            }
        });
        check(() -> System.out.println(local.next.grid[local.number][local.array.length]));
        check(() -> {
            int[] a = {1};
            local.grid[a[0]][2]++;
        });
        check(() -> System.arraycopy(null, 0, new int[1], 0, 1));
        check(() -> "x".concat(null));
        check(() -> new String((char[]) null));
        check(() -> { Class<?> c = null; c.getName(); });
        new NullMessages().handles(null, 1);
        NullPointerException twice = null;
        try {
            local.next.hidden();
        } catch (NullPointerException e) {
            twice = e;
        }
        System.out.println(twice.getMessage() + twice.getMessage().length() + twice.getLocalizedMessage().equals(twice.toString()));
        twice.fillInStackTrace();
        System.out.println(twice.getMessage());
        local.next.next().text = "uncaught";
    }
}
