import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Dynamic proxies: Object methods, primitives, default methods, checked exceptions, errors. */
public class Proxies {
    interface Service {
        int add(int a, long b, double c);

        String name() throws java.io.IOException;

        void nothing();

        boolean test(Object... objects);

        default String greet(String who) {
            return "hello " + who + " from " + add(1, 2, 3);
        }

        <T extends Comparable<T>> T max(List<T> list);
    }

    interface Other {
        String name();
    }

    static class Recorder implements InvocationHandler {
        final List<String> calls = new ArrayList<>();
        Object answer;

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            calls.add(method.getDeclaringClass().getSimpleName() + "." + method.getName() + Arrays.deepToString(arguments));
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            if (method.getName().equals("equals")) {
                return proxy == arguments[0];
            }
            if (method.getName().equals("hashCode")) {
                return 42;
            }
            if (answer instanceof Throwable t) {
                throw t;
            }
            return answer;
        }
    }

    static void attempt(String what, java.util.concurrent.Callable<?> action) {
        try {
            System.out.println(what + ": " + action.call());
        } catch (Throwable t) {
            System.out.println(what + ": " + t + (t instanceof UndeclaredThrowableException u ? " of " + u.getUndeclaredThrowable() : ""));
        }
    }

    public static void main(String[] args) {
        Recorder recorder = new Recorder();
        Object proxy = Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {Service.class, Other.class, Comparator.class}, recorder);
        Service service = (Service) proxy;
        recorder.answer = 5;
        attempt("add", () -> service.add(1, 2L, 3.5));
        attempt("greet", () -> service.greet("you"));
        attempt("void", () -> {
            service.nothing();
            return "done";
        });
        recorder.answer = "text";
        attempt("name", service::name);
        attempt("other name", ((Other) proxy)::name);
        attempt("toString", proxy::toString);
        attempt("equals", () -> proxy.equals(proxy) + " " + proxy.equals("x") + " " + proxy.hashCode());
        attempt("wrong type", () -> service.add(1, 1, 1));
        recorder.answer = null;
        attempt("null for int", () -> service.add(1, 1, 1));
        attempt("null text", service::name);
        recorder.answer = true;
        attempt("varargs", () -> service.test(1, "b", null));
        attempt("no arguments", () -> service.test());
        recorder.answer = new java.io.IOException("declared");
        attempt("declared", service::name);
        attempt("undeclared", () -> service.add(0, 0, 0));
        recorder.answer = new IllegalStateException("unchecked");
        attempt("unchecked", () -> service.add(0, 0, 0));
        recorder.answer = 3;
        attempt("generic", () -> service.<Integer>max(List.of(1)));
        System.out.println(recorder.calls);
        System.out.println(Proxy.isProxyClass(proxy.getClass()) + " " + (Proxy.getInvocationHandler(proxy) == recorder) + " "
                + Arrays.toString(proxy.getClass().getInterfaces()) + " " + proxy.getClass().getSimpleName().startsWith("$Proxy") + " "
                + (Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {Service.class, Other.class, Comparator.class}, recorder).getClass() == proxy.getClass()));
        attempt("no interface", () -> Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {String.class}, recorder));
        attempt("twice", () -> Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {Other.class, Other.class}, recorder));
        attempt("not a proxy", () -> Proxy.getInvocationHandler("x"));
        Comparator<String> logged = logged(Comparator.<String>naturalOrder());
        List<String> words = new ArrayList<>(List.of("c", "a", "b"));
        words.sort(logged);
        System.out.println(words);
    }

    @SuppressWarnings("unchecked")
    static <T> Comparator<T> logged(Comparator<T> target) {
        int[] count = {0};
        return (Comparator<T>) Proxy.newProxyInstance(target.getClass().getClassLoader() == null ? Proxies.class.getClassLoader() : null,
                new Class<?>[] {Comparator.class}, (proxy, method, arguments) -> {
                    count[0]++;
                    return method.invoke(target, arguments);
                });
    }
}
