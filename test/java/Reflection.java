import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** java.lang.reflect: methods, fields, constructors, arrays, generic signatures, access, errors, inflation. */
public class Reflection {
    static class Base<T> {
        protected T value;
        public static long counter = 10;

        public T get() {
            return value;
        }
    }

    public static class Subject extends Base<String> implements Comparable<Subject>, Runnable {
        public int i = 1;
        private final String secret = new String("secret");
        volatile transient double d = 2.5;
        static final int CONSTANT = 5;
        private static byte[] bytes = {1, 2};
        boolean z;
        char c = 'c';
        short s = 3;
        float f = 4.5f;

        public Subject() {
            this("default", 0);
        }

        private Subject(String value, int i) {
            this.value = value;
            this.i = i;
        }

        protected <E extends Exception> Subject(List<? super Integer> list, E... errors) throws E {
            if (errors.length > 0) {
                throw errors[0];
            }
        }

        public static int add(int a, int b) {
            return a + b;
        }

        private String hidden(String prefix) {
            return prefix + secret;
        }

        public double mixed(byte a, short b, char c, int d, long e, float f, double g, boolean h, Object o) {
            return a + b + c + d + e + f + g + (h ? 1 : 0) + (o == null ? 0 : 1);
        }

        public <K extends Comparable<K>, V> Map<K, List<V[]>> generic(K key, List<? extends V> values, int... rest) throws java.io.IOException {
            if (key == null) {
                throw new java.io.IOException("no key");
            }
            return Map.of();
        }

        @Override
        public int compareTo(Subject other) {
            return Integer.compare(i, other.i);
        }

        @Override
        public void run() {
            i++;
        }

        synchronized final strictfp long odd() {
            return i;
        }
    }

    abstract static class Abstract {
        abstract void nothing();
    }

    static void attempt(String what, Callable<?> action) {
        try {
            Object result = action.call();
            System.out.println(what + ": " + (result instanceof Object[] array ? Arrays.toString(array) : result));
        } catch (InvocationTargetException e) {
            System.out.println(what + ": threw " + e.getCause());
        } catch (Throwable t) {
            System.out.println(what + ": " + t.toString().replaceAll("@[0-9a-f]+", "@"));
        }
    }

    static <M extends Executable> M[] sorted(M[] members) {
        Arrays.sort(members, Comparator.comparing(Executable::toString));
        return members;
    }

    public static void main(String[] args) throws Exception {
        Class<Subject> type = Subject.class;
        for (Method method : sorted(type.getDeclaredMethods())) {
            System.out.println(method + " | " + method.toGenericString() + " | " + method.isVarArgs() + method.isBridge() + method.isSynthetic());
        }
        for (Constructor<?> constructor : sorted(type.getDeclaredConstructors())) {
            System.out.println(constructor.toGenericString() + " " + constructor.getParameterCount());
        }
        Field[] fields = type.getDeclaredFields();
        Arrays.sort(fields, Comparator.comparing(Field::getName));
        Subject subject = new Subject();
        for (Field field : fields) {
            field.setAccessible(true);
            Object value = field.get(subject);
            System.out.println(field + " " + (value instanceof byte[] b ? Arrays.toString(b) : value));
        }
        System.out.println(type.getMethods().length + " " + type.getFields().length + " " + Modifier.toString(type.getModifiers()) + " "
                + type.getGenericSuperclass() + " " + Arrays.toString(type.getGenericInterfaces()) + " " + type.getSuperclass().getTypeParameters()[0]);
        attempt("static", () -> type.getMethod("add", int.class, int.class).invoke(null, 3, 4));
        attempt("widen", () -> type.getMethod("add", int.class, int.class).invoke("ignored", (byte) 3, 'a'));
        attempt("private", () -> {
            Method method = type.getDeclaredMethod("hidden", String.class);
            method.setAccessible(true);
            return method.invoke(subject, "the ");
        });
        attempt("mixed", () -> type.getMethod("mixed", byte.class, short.class, char.class, int.class, long.class, float.class, double.class,
                boolean.class, Object.class).invoke(subject, (byte) 1, (short) 2, 'c', 4, 5L, 6f, 7d, true, null));
        attempt("inherited", () -> type.getMethod("get").invoke(subject));
        attempt("virtual", () -> Object.class.getMethod("toString").invoke("text"));
        attempt("interface", () -> Comparable.class.getMethod("compareTo", Object.class).invoke(subject, subject));
        attempt("throws", () -> type.getMethod("generic", Comparable.class, List.class, int[].class).invoke(subject, null, null, null));
        attempt("wrong receiver", () -> type.getMethod("run").invoke("text"));
        attempt("null receiver", () -> type.getMethod("run").invoke(null));
        attempt("wrong count", () -> type.getMethod("add", int.class, int.class).invoke(null, 1));
        attempt("wrong type", () -> type.getMethod("add", int.class, int.class).invoke(null, 1, "x"));
        attempt("narrowing", () -> type.getMethod("add", int.class, int.class).invoke(null, 1, 2L));
        attempt("null for int", () -> type.getMethod("add", int.class, int.class).invoke(null, 1, null));
        attempt("not there", () -> type.getMethod("hidden", String.class));
        attempt("inaccessible", () -> String.class.getDeclaredField("value").get("x"));
        attempt("not opened", () -> {
            String.class.getDeclaredField("value").setAccessible(true);
            return null;
        });
        attempt("constructor", () -> type.getDeclaredConstructor(String.class, int.class).newInstance("made", 7).get());
        attempt("abstract", () -> Abstract.class.getDeclaredConstructor().newInstance());
        attempt("constructor throws", () -> type.getDeclaredConstructor(List.class, Exception[].class).newInstance(null, new Exception[] {new Exception("e")}));
        attempt("set", () -> {
            Field field = type.getField("i");
            field.setInt(subject, 9);
            field.set(subject, (short) (field.getInt(subject) + 1));
            return subject.i + " " + field.getLong(subject) + " " + field.getDouble(subject);
        });
        attempt("set final", () -> {
            Field field = type.getDeclaredField("secret");
            field.setAccessible(true);
            field.set(subject, "changed");
            return subject.hidden("now ");
        });
        attempt("set static final", () -> {
            Field field = type.getDeclaredField("CONSTANT");
            field.setAccessible(true);
            field.set(null, 6);
            return null;
        });
        attempt("set wrong", () -> {
            type.getField("i").set(subject, 2L);
            return null;
        });
        attempt("set static", () -> {
            type.getField("counter").setLong(null, 77);
            return Base.counter;
        });
        attempt("get as wrong", () -> type.getField("i").getByte(subject));
        for (String name : new String[] {"z", "c", "s", "f", "d"}) {
            attempt("field " + name, () -> {
                Field field = type.getDeclaredField(name);
                Object old = field.get(subject);
                field.set(subject, field.getType() == boolean.class ? (Object) true : field.getType() == char.class ? (Object) 'x' : (Object) (byte) 65);
                return old + " " + field.get(subject);
            });
        }
        Method generic = type.getMethod("generic", Comparable.class, List.class, int[].class);
        for (Parameter parameter : generic.getParameters()) {
            System.out.println(parameter + " " + parameter.getParameterizedType() + " " + parameter.isNamePresent() + parameter.isVarArgs());
        }
        Type result = ((ParameterizedType) generic.getGenericReturnType()).getActualTypeArguments()[1];
        Type element = ((ParameterizedType) result).getActualTypeArguments()[0];
        System.out.println(result + " " + ((GenericArrayType) element).getGenericComponentType() + " " + Arrays.toString(generic.getTypeParameters()[0].getBounds())
                + " " + Arrays.toString(generic.getExceptionTypes()) + " " + generic.equals(type.getMethod("generic", Comparable.class, List.class, int[].class))
                + " " + generic.hashCode());
        Object ints = Array.newInstance(int.class, 3);
        Array.setInt(ints, 1, 5);
        Array.set(ints, 2, (byte) 6);
        int[][] grid = (int[][]) Array.newInstance(int.class, 2, 3);
        attempt("array", () -> Array.getLength(ints) + " " + Array.get(ints, 1) + " " + Array.getDouble(ints, 2) + " " + grid[1].length);
        attempt("array bounds", () -> Array.get(ints, 3));
        attempt("array type", () -> Array.getInt(new long[1], 0));
        attempt("no array", () -> Array.getLength("x"));
        attempt("array of void", () -> Array.newInstance(void.class, 1));
        attempt("array store", () -> {
            Array.set(new String[1], 0, 5);
            return null;
        });
        Method add = type.getMethod("add", int.class, int.class);
        int sum = 0;
        for (int i = 0; i < 1000; i++) {
            sum = (Integer) add.invoke(null, sum, i);
        }
        Constructor<Subject> constructor = type.getConstructor();
        Field field = type.getField("i");
        for (int i = 0; i < 100; i++) {
            sum += constructor.newInstance().i + field.getInt(subject);
        }
        System.out.println(sum);
        List<String> names = new ArrayList<>();
        for (Class<?> c : new Class<?>[] {int.class, int[].class, String[][].class, Map.Entry.class, Subject.class, Runnable.class, Thread.State.class}) {
            names.add(c + "/" + c.getTypeName() + "/" + c.descriptorString() + "/" + c.arrayType().getName() + "/" + Modifier.toString(c.getModifiers())
                    + "/" + c.isPrimitive() + c.isArray() + c.isInterface() + c.isEnum() + "/" + c.getPackageName());
        }
        System.out.println(names);
        System.out.println(Number.class.isAssignableFrom(Integer.class) + " " + Object[].class.isAssignableFrom(int[][].class) + " "
                + int.class.isAssignableFrom(short.class) + " " + Integer.class.isInstance(5) + " " + Object.class.getSuperclass() + " " + int[].class.getSuperclass()
                + " " + Arrays.toString(int[].class.getInterfaces()) + " " + type.asSubclass(Base.class).getSimpleName());
    }
}
