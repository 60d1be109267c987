import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** 100,000 nested method-handle calls: exact, generic and through combinators. */
public class NestedHandles {
    static MethodHandle handle, adapted;

    static long nest(int n, long sum) throws Throwable {
        return n == 0 ? sum : (long) handle.invokeExact(n - 1, sum + n) + 1;
    }

    static Object generic(Object n) throws Throwable {
        int m = (Integer) n;
        return m == 0 ? (Object) 0L : (Object) ((Long) adapted.invoke((Object) (m - 1)) + m);
    }

    static int fail(int n) throws Throwable {
        if (n == 0) {
            throw new IllegalStateException("from below");
        }
        return (int) handle.invokeExact(n - 1) + 1;
    }

    public static void main(String[] args) throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        handle = lookup.findStatic(NestedHandles.class, "nest", MethodType.methodType(long.class, int.class, long.class));
        System.out.println(nest(100000, 0));
        MethodHandle generic = lookup.findStatic(NestedHandles.class, "generic", MethodType.genericMethodType(1));
        adapted = MethodHandles.filterReturnValue(MethodHandles.dropArguments(generic, 1, int.class), MethodHandles.identity(Object.class));
        adapted = MethodHandles.insertArguments(adapted, 1, 7);
        System.out.println(generic((Object) 100000));
        handle = lookup.findStatic(NestedHandles.class, "fail", MethodType.methodType(int.class, int.class));
        try {
            fail(100000);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + " " + e.getStackTrace().length);
        }
    }
}
