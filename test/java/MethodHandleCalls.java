import java.lang.invoke.CallSite;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.SwitchPoint;
import java.lang.invoke.WrongMethodTypeException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.Supplier;

/** Method handles: lookups of all kinds, exact and generic calls, all the combinators, errors. */
public class MethodHandleCalls {
    int field = 3;
    static String shared = "shared";

    MethodHandleCalls() { }

    MethodHandleCalls(int field) {
        this.field = field;
    }

    int times(int n) {
        return field * n;
    }

    static long add(int a, long b) {
        return a + b;
    }

    static String join(String... parts) {
        return String.join("+", parts);
    }

    private String secret(char c) {
        return "secret" + c + field;
    }

    static int fail(String message) throws java.io.IOException {
        throw new java.io.IOException(message);
    }

    static int recover(java.io.IOException e, String message) {
        return -message.length();
    }

    static boolean isLong(String s) {
        return s.length() > 3;
    }

    @Override
    public String toString() {
        return "object" + field;
    }

    static class Sub extends MethodHandleCalls {
        @Override
        int times(int n) {
            return -super.times(n);
        }

        static MethodHandle superTimes() throws Exception {
            return MethodHandles.lookup().findSpecial(MethodHandleCalls.class, "times", MethodType.methodType(int.class, int.class), Sub.class);
        }
    }

    interface Thrower {
        Object run() throws Throwable;
    }

    static void attempt(String what, Thrower action) {
        try {
            Object result = action.run();
            System.out.println(what + ": " + (result instanceof int[] ints ? Arrays.toString(ints) : result));
        } catch (Throwable t) {
            System.out.println(what + ": " + t + (t.getCause() == null ? "" : ", because of " + t.getCause()));
        }
    }

    public static void main(String[] args) throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Class<?> self = MethodHandleCalls.class;
        MethodHandle times = lookup.findVirtual(self, "times", MethodType.methodType(int.class, int.class));
        MethodHandle add = lookup.findStatic(self, "add", MethodType.methodType(long.class, int.class, long.class));
        MethodHandle join = lookup.findStatic(self, "join", MethodType.methodType(String.class, String[].class));
        MethodHandle length = lookup.findVirtual(String.class, "length", MethodType.methodType(int.class));
        MethodHandle upper = lookup.findVirtual(String.class, "toUpperCase", MethodType.methodType(String.class));
        MethodHandle concat = lookup.findVirtual(String.class, "concat", MethodType.methodType(String.class, String.class));
        MethodHandleCalls object = new MethodHandleCalls(7);

        System.out.println((int) times.invokeExact(object, 6) + " " + (int) times.invokeExact((MethodHandleCalls) new Sub(), 6) + " "
                + (int) Sub.superTimes().invokeExact(new Sub(), 6) + " " + (long) add.invokeExact(1, 1L << 40));
        System.out.println((Object) add.invoke((byte) 3, 4) + " " + (double) add.invoke('a', Integer.valueOf(1)) + " " + add.invokeWithArguments(5, 6L) + " "
                + join.invoke("a", "b", "c") + " " + join.invoke() + " " + join.invokeWithArguments("x", "y") + " " + (String) join.invoke(new String[] {"p", "q"}));
        attempt("constructor", () -> lookup.findConstructor(self, MethodType.methodType(void.class, int.class)).invoke(9));
        attempt("getter", () -> (int) lookup.findGetter(self, "field", int.class).invokeExact(object));
        attempt("setter", () -> {
            lookup.findSetter(self, "field", int.class).invokeExact(object, 8);
            return object.field;
        });
        attempt("static getter", () -> (String) lookup.findStaticGetter(self, "shared", String.class).invokeExact());
        attempt("private", () -> lookup.findVirtual(self, "secret", MethodType.methodType(String.class, char.class)).bindTo(object).invoke('x'));
        attempt("bind", () -> lookup.bind("bound", "charAt", MethodType.methodType(char.class, int.class)).invoke(2));
        attempt("unreflect", () -> lookup.unreflect(Math.class.getMethod("max", int.class, int.class)).invoke(3, 5));
        attempt("interface", () -> lookup.findVirtual(List.class, "get", MethodType.methodType(Object.class, int.class)).invoke(List.of("zero", "one"), 1));
        attempt("asType", () -> (Object) add.asType(MethodType.methodType(Object.class, Integer.class, Object.class)).invokeExact((Integer) 3, (Object) 4L));
        attempt("filter", () -> MethodHandles.filterArguments(concat, 0, upper, null).invoke("up", "down"));
        attempt("filterReturn", () -> (int) MethodHandles.filterReturnValue(concat, length).invokeExact("four", "five5"));
        attempt("fold", () -> MethodHandles.foldArguments(concat, upper).invoke("twice"));
        attempt("insert", () -> MethodHandles.insertArguments(add, 0, 100).invoke(5L));
        attempt("drop", () -> MethodHandles.dropArguments(length, 0, int.class, Object.class).invoke(1, "ignored", "kept"));
        attempt("permute", () -> MethodHandles.permuteArguments(concat, MethodType.methodType(String.class, int.class, String.class), 1, 1).invoke(0, "again"));
        attempt("guard", () -> {
            MethodHandle guarded = MethodHandles.guardWithTest(lookup.findStatic(self, "isLong", MethodType.methodType(boolean.class, String.class)), upper,
                    MethodHandles.identity(String.class));
            return (String) guarded.invokeExact("abcde") + (String) guarded.invokeExact("abc");
        });
        MethodHandle fail = lookup.findStatic(self, "fail", MethodType.methodType(int.class, String.class));
        MethodHandle recover = lookup.findStatic(self, "recover", MethodType.methodType(int.class, java.io.IOException.class, String.class));
        attempt("throws", () -> (int) fail.invokeExact("checked"));
        attempt("catch", () -> (int) MethodHandles.catchException(fail, java.io.IOException.class, recover).invokeExact("caught"));
        attempt("tryFinally", () -> {
            MethodHandle cleanup = lookup.findStatic(self, "cleanup", MethodType.methodType(int.class, Throwable.class, int.class, String.class));
            return (int) MethodHandles.tryFinally(length, cleanup).invokeExact("12345");
        });
        attempt("spread", () -> (long) add.asSpreader(Object[].class, 2).invoke(new Object[] {1, 2L}));
        attempt("spread wrong", () -> (long) add.asSpreader(Object[].class, 2).invoke(new Object[] {1}));
        attempt("collect", () -> (int[]) MethodHandles.identity(int[].class).asCollector(int[].class, 3).invokeExact(1, 2, 3));
        attempt("constant", () -> MethodHandles.constant(double.class, 2.5).invoke());
        attempt("zero", () -> MethodHandles.zero(long.class).invoke() + "" + MethodHandles.empty(MethodType.methodType(String.class, int.class)).invoke(1));
        attempt("array", () -> {
            int[] array = {1, 2, 3};
            MethodHandles.arrayElementSetter(int[].class).invokeExact(array, 1, 20);
            return (int) MethodHandles.arrayElementGetter(int[].class).invokeExact(array, 1) + (int) MethodHandles.arrayLength(int[].class).invokeExact(array)
                    + ((int[]) MethodHandles.arrayConstructor(int[].class).invokeExact(4)).length;
        });
        attempt("throwException", () -> MethodHandles.throwException(int.class, Error.class).invoke(new Error("thrown")));
        attempt("loop", () -> {
            MethodHandle body = lookup.findStatic(self, "step", MethodType.methodType(int.class, int.class, int.class));
            return MethodHandles.countedLoop(MethodHandles.constant(int.class, 10), MethodHandles.constant(int.class, 1), body).invoke();
        });
        attempt("exactInvoker", () -> (int) MethodHandles.exactInvoker(length.type()).invokeExact(length, "abc"));
        attempt("genericInvoker", () -> MethodHandles.invoker(MethodType.genericMethodType(1)).invoke(length, (Object) "abcd"));
        attempt("wrong exact", () -> (Object) add.invokeExact(1, 2L));
        attempt("wrong arguments", () -> add.invoke("x", 2L));
        attempt("wrong cast", () -> (String) add.invoke(1, 2L));
        attempt("wrong count", () -> add.invokeWithArguments(1));
        attempt("null receiver", () -> (int) length.invokeExact((String) null));
        attempt("null unboxed", () -> add.invoke((Integer) null, 2L));
        attempt("no method", () -> lookup.findStatic(self, "none", MethodType.methodType(void.class)));
        attempt("not static", () -> lookup.findStatic(self, "times", MethodType.methodType(int.class, int.class)));
        attempt("no access", () -> MethodHandles.publicLookup().findVirtual(self, "times", MethodType.methodType(int.class, int.class)));
        attempt("private field", () -> MethodHandles.publicLookup().findGetter(Thread.class, "eetop", long.class));
        attempt("interface's constructor", () -> lookup.findConstructor(Runnable.class, MethodType.methodType(void.class)));
        attempt("superclass's constructor", () -> lookup.findConstructor(IllegalStateException.class, MethodType.methodType(void.class,
                String.class, Throwable.class, boolean.class, boolean.class)));
        attempt("wrong type", () -> {
            throw new WrongMethodTypeException("made here");
        });
        CallSite site = LambdaMetafactory.metafactory(lookup, "get", MethodType.methodType(Supplier.class, String.class), MethodType.methodType(Object.class),
                upper, MethodType.methodType(String.class));
        attempt("metafactory", () -> ((Supplier<?>) site.getTarget().invoke("made by hand")).get());
        attempt("proxy", () -> MethodHandleProxies.asInterfaceInstance(IntBinaryOperator.class, lookup.findStatic(Math.class, "min",
                MethodType.methodType(int.class, int.class, int.class))).applyAsInt(4, 3));
        MutableCallSite mutable = new MutableCallSite(MethodType.methodType(String.class, String.class));
        MethodHandle dynamic = mutable.dynamicInvoker();
        mutable.setTarget(upper);
        String before = (String) dynamic.invokeExact("change");
        mutable.setTarget(MethodHandles.identity(String.class));
        System.out.println(before + " " + (String) dynamic.invokeExact("change"));
        SwitchPoint point = new SwitchPoint();
        MethodHandle switched = point.guardWithTest(upper, MethodHandles.identity(String.class));
        String valid = (String) switched.invokeExact("switch");
        SwitchPoint.invalidateAll(new SwitchPoint[] {point});
        System.out.println(valid + " " + (String) switched.invokeExact("switch"));
        System.out.println(times + " " + join.isVarargsCollector() + " " + MethodType.fromMethodDescriptorString("(IJ[Ljava/lang/String;)D", null) + " "
                + add.type().wrap() + " " + add.type().generic() + " " + lookup.revealDirect(add));
        long sum = 0;
        for (int i = 0; i < 3000; i++) {
            sum = (long) add.invokeExact(i, sum);
        }
        System.out.println(sum);
    }

    static int cleanup(Throwable t, int result, String argument) {
        return result * 100 + argument.length() + (t == null ? 0 : 1000);
    }

    static int step(int value, int index) {
        return value * 2 + index;
    }
}
