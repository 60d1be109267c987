import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/**
 * java.lang.LiveStackFrame: locals, operands and monitors of frames that run. Not shown is what the interpreter of the
 * JDK leaves to chance: the upper half of a float's slot, the first slot of a double, the slots of variables that are
 * out of scope, and monitors that a frame has left (null, or not there).
 */
public class LiveFrames {
    static StackWalker walker, reflecting;
    static Method locals, stack, monitors;
    static final Object FIRST = new StringBuilder("first"), SECOND = new StringBuilder("second");

    static Object[] get(Method method, Object frame) {
        try {
            return (Object[]) method.invoke(frame);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static String show(Object value) {
        if (value == null)
            return "null";
        String name = value.getClass().getName();
        if (name.contains("PrimitiveSlot"))
            return value + ":" + name.substring(name.indexOf('$') + 1);
        if (value instanceof String || value instanceof StringBuilder || value instanceof Number)
            return '"' + value.toString() + '"';
        if (value instanceof int[])
            return Arrays.toString((int[]) value);
        return value.getClass().isHidden() ? "a hidden class's" : value instanceof Class ? value.toString() : "a " + name;
    }

    static String show(Object[] values) {
        return Arrays.stream(values).map(LiveFrames::show).collect(Collectors.joining(", ", "[", "]"));
    }

    /** leftOut: the locals not to show, as "-3-4". */
    static void show(StackFrame frame, String leftOut) {
        List<String> shown = new ArrayList<>();
        Object[] values = get(locals, frame);
        for (int i = 0; i < values.length; i++)
            shown.add((leftOut + "-").contains("-" + i + "-") ? "?" : show(values[i]));
        System.out.println("  " + frame.getMethodName() + " locals " + shown + " stack " + show(get(stack, frame)) + " monitors " +
                show(Arrays.stream(get(monitors, frame)).filter(Objects::nonNull).toArray()));
    }

    static int look(String... leftOut) {
        List<StackFrame> frames = walker.walk(all -> all.skip(1).limit(Math.max(1, leftOut.length)).collect(Collectors.toList()));
        System.gc();
        for (int i = 0; i < frames.size(); i++)
            show(frames.get(i), i < leftOut.length ? leftOut[i] : "");
        return 1;
    }

    static long lookLong() {
        return look("", "-2");
    }

    // ---- locals and operands ----

    static int kinds(int i, long l, double d, float f, String s, boolean z, byte b, short h, char c, int[] array) {
        long sum = l + i;
        return 5 + (int) sum * look("-3-5");
    }

    static long wide(long a, double b) {
        return a + (3 * a + (long) b * lookLong());
    }

    static Object constants(Object given) {
        return List.of("text", 7, given, given, look(), null == given);
    }

    static int operands(int a, Integer boxed) {
        int[] array = {1, 2, 3};
        array[a + 1] = array[a] + look();
        array[look()] += 4;
        return array[0] + array[1] * boxed;
    }

    static void scopes(int n) {
        for (int i = 0; i < n; i++) {
            String inside = "round " + i;
            look();
        }
        if (n > 1) {
            Object only = "here";
            look("-2");
        }
    }

    static int recursion(int n, String text) {
        return n == 0 ? walker.walk(all -> all.filter(f -> f.getMethodName().equals("recursion"))
                .mapToInt(f -> show(get(locals, f)).hashCode()).sum()) : n + recursion(n - 1, text + n) * 3;
    }

    LiveFrames(int given) {
        field = given + look();
    }

    final int field;

    int instance(long a) {
        IntUnaryOperator add = x -> x + field + look("", "");
        return add.applyAsInt((int) a);
    }

    static class Starting {
        static int value = 3 + look("", "");
    }

    static int starts(int a) {
        return 10 * a + Starting.value;
    }

    static int caught(Object o) {
        int before = 1;
        try {
            before = 2;
            return before + o.hashCode();
        } catch (NullPointerException e) {
            return look();
        } finally {
            before = 3;
            look("-2-3");
        }
    }

    static int switched(int n) {
        return n * switch (n) {
            case 1 -> look();
            case 2 -> {
                int two = 2;
                yield two + look();
            }
            default -> 0;
        };
    }

    public static int reflected(int given, Object other) {
        List<StackFrame> frames = reflecting.walk(all -> all.limit(2).collect(Collectors.toList()));
        frames.forEach(f -> show(f, ""));
        System.out.println("  " + frames.get(1).isNativeMethod() + " " + frames.get(1));
        return given;
    }

    // ---- monitors ----

    static synchronized int staticLock() {
        return look();
    }

    synchronized int ownLock(int n) {
        synchronized (FIRST) {
            return n == 0 ? look("", "", "") : ownLock(n - 1);
        }
    }

    static int nested(Object a, Object b) {
        synchronized (a) {
            synchronized (b) {
                synchronized (a) {
                    look();
                }
                look("-4");
            }
            look("-3-4");
        }
        return look("-2-3-4");
    }

    static int chosen(boolean which) {
        Object spare = FIRST;
        synchronized (which ? FIRST : SECOND) {
            spare = SECOND;
            return look();
        }
    }

    static int loops(int n) {
        int sum = 0;
        Object lock = FIRST;
        for (int i = 0; i < n; i++) {
            synchronized (lock) {
                lock = SECOND;
                if (i == 0)
                    continue;
                for (int j = 0; j < 2; j++)
                    sum += look("-5");
            }
        }
        return sum;
    }

    static int thrown(Object o) {
        synchronized (FIRST) {
            try {
                synchronized (o) {
                    throw new IllegalStateException("in");
                }
            } catch (IllegalStateException e) {
                synchronized (e) {
                    return look("-3-4");
                }
            } finally {
                look("-2-3-4-5-6");
            }
        }
    }

    static int cast(Object o) {
        synchronized ((StringBuilder) o) {
            return o instanceof StringBuilder b && b.length() > 0 ? look() : 0;
        }
    }

    public static void main(String[] args) throws Exception {
        Class<?> live = Class.forName("java.lang.LiveStackFrame");
        Method get = live.getMethod("getStackWalker"), getWith = live.getMethod("getStackWalker", Set.class);
        locals = live.getMethod("getLocals");
        stack = live.getMethod("getStack");
        monitors = live.getMethod("getMonitors");
        for (Method method : List.of(get, getWith, locals, stack, monitors))
            method.setAccessible(true);
        walker = (StackWalker) get.invoke(null);
        reflecting = (StackWalker) getWith.invoke(null, EnumSet.of(StackWalker.Option.SHOW_REFLECT_FRAMES));

        System.out.println(kinds(7, 0x123456789abcdefL, 1.5, 2.5f, "s", true, (byte) -3, (short) -4, 'x', new int[] {1, 2}));
        System.out.println(wide(-1L, 2.25));
        System.out.println(constants(new StringBuilder("given")));
        System.out.println(operands(0, 12345));
        scopes(2);
        System.out.println(recursion(40, ""));
        LiveFrames frames = new LiveFrames(-9);
        System.out.println(frames.instance(-5L));
        System.out.println(starts(4));
        System.out.println(caught(null));
        System.out.println(switched(1) + switched(2));
        Method reflected = LiveFrames.class.getMethod("reflected", int.class, Object.class);
        System.out.println(reflected.invoke(null, 17, FIRST));

        System.out.println("monitors");
        System.out.println(staticLock());
        System.out.println(frames.ownLock(1));
        System.out.println(nested(FIRST, SECOND));
        System.out.println(chosen(true) + chosen(false));
        System.out.println(loops(3));
        System.out.println(thrown(SECOND));
        System.out.println(cast(FIRST));
        StackFrame here = walker.walk(all -> all.findFirst().get());
        System.out.println(here + " " + here.getClass() + " " + here.getByteCodeIndex() + " " + here.getDescriptor());
    }
}
