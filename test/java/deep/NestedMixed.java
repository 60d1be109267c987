import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Many kinds of calls nested in each other: reflection, handles, lambdas, proxies, streams, privileged actions, walks. */
public class NestedMixed {
    static Method method;
    static MethodHandle handle;
    static IntUnaryOperator proxy;
    static final int ROUNDS = 5000;

    public static int call(int n) {
        if (n == 0) {
            return 1;
        }
        try {
            switch (n % 7) {
                case 0:
                    return (Integer) method.invoke(null, n - 1);
                case 1:
                    return (int) handle.invokeExact(n - 1);
                case 2:
                    return proxy.applyAsInt(n - 1);
                case 3:
                    IntUnaryOperator lambda = NestedMixed::call;
                    return lambda.applyAsInt(n - 1) + 1;
                case 4:
                    return IntStream.of(n - 1).map(NestedMixed::call).sum();
                case 5:
                    return AccessController.doPrivileged((PrivilegedAction<Integer>) () -> call(n - 1));
                default:
                    return StackWalker.getInstance().walk(frames -> call(n - 1) + (int) frames.limit(2).count());
            }
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    public static void main(String[] args) throws Exception {
        method = NestedMixed.class.getMethod("call", int.class);
        handle = MethodHandles.lookup().findStatic(NestedMixed.class, "call", MethodType.methodType(int.class, int.class));
        proxy = (IntUnaryOperator) Proxy.newProxyInstance(NestedMixed.class.getClassLoader(), new Class<?>[] {IntUnaryOperator.class},
                (self, called, arguments) -> call((Integer) arguments[0]));
        System.out.println(call(ROUNDS));
    }
}
