import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** 100,000 nested Method.invoke calls, then an exception through all of them. */
public class NestedInvoke {
    static Method method;
    static int deepest;

    public static long nest(int n, long sum) throws Exception {
        if (n == 0) {
            return sum;
        }
        return (Long) method.invoke(null, n - 1, sum + n) + 1;
    }

    public static void fail(int n) throws Exception {
        deepest = Math.max(deepest, n);
        if (n == 3000) {
            throw new IllegalStateException("from below");
        }
        method.invoke(null, n + 1);
    }

    public static void main(String[] args) throws Exception {
        method = NestedInvoke.class.getMethod("nest", int.class, long.class);
        System.out.println(nest(100000, 0));
        System.out.println(nest(100000, 5));
        method = NestedInvoke.class.getMethod("fail", int.class);
        try {
            fail(0);
        } catch (InvocationTargetException e) {
            int causes = 0;
            Throwable t = e;
            while (t.getCause() != null) {
                t = t.getCause();
                causes++;
            }
            System.out.println(deepest + " " + causes + " " + t);
        }
    }
}
