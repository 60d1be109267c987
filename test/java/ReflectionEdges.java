import java.io.IOException;
import java.io.Serializable;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Reflection: conversions of arguments and results, generated accessors, nesting of classes, type annotations. */
public class ReflectionEdges {
    static class Subject {
        public void fails() throws IOException { throw new IOException("input"); }
        public Object none() { return null; }
        public boolean not(boolean b) { return !b; }
        public byte wraps(byte b) { return (byte) (b + 100); }
        public char same(char c) { return c; }
        public short same(short s) { return s; }
        public long twice(long l) { return l * 2; }
        public float half(float f) { return f / 2; }
        public double thrice(double d) { return d * 3; }
        public long many(int a, long b, float c, double d, Object e, byte f, short g, char h, boolean i) {
            return a + b + (long) c + (long) d + f + g + h + (i ? 1 : 0);
        }
        public static int next(int a) { return a + 1; }
    }

    static class Broken {
        static { if (true) throw new IllegalStateException("initializer"); }
        public Broken() { }
        public static void call() { }
    }

    static class Made {
        final int x;
        Made(int x, long y, String z, double... d) {
            this.x = x;
            if (x < 0) throw new IllegalArgumentException("negative " + y + z + d.length);
        }
        private Made() { x = 77; }
        public String toString() { return "Made " + x; }
    }

    abstract static class Abstract { Abstract() { } abstract void m(); }
    interface Face {
        default String named() { return "Face " + own(); }
        private String own() { return "own"; }
        static String fixed() { return "fixed"; }
        String given(int x);
    }
    static class Implementation implements Face { public String given(int x) { return "given " + x; } }
    static class Overriding extends Implementation { @Override public String named() { return "Overriding"; } }
    enum Choice { FIRST, SECOND { void act() { } }; void act() { } }
    record Point(@Deprecated int a, List<String> b, int... c) { }
    sealed interface Shape permits Circle, Square { }
    record Circle() implements Shape { }
    record Square() implements Shape { }

    @Retention(RetentionPolicy.RUNTIME) @Target(ElementType.TYPE_USE) @interface Mark { String value(); }
    abstract static class Typed<@Mark("v") T extends @Mark("bound") Comparable<@Mark("a") T>> extends @Mark("super") ArrayList<@Mark("x") String>
            implements @Mark("face") Serializable {
        @Mark("field") List<@Mark("inner") String> field;
        abstract @Mark("result") String method(@Mark("parameter") int p) throws @Mark("thrown") Exception;
    }

    static void check(String what, Callable<Object> action) {
        try {
            Object result = action.call();
            System.out.println(what + ": " + result + (result == null ? "" : " " + result.getClass().getSimpleName()));
        } catch (Throwable e) {
            System.out.println(what + ": " + e + (e.getCause() == null ? "" : " / " + e.getCause()));
        }
    }

    static void invoke(String name, Object receiver, Class<?>[] types, Object... arguments) {
        check(name + Arrays.toString(types), () -> Subject.class.getMethod(name, types).invoke(receiver, arguments));
    }

    static void conversions() {
        Subject subject = new Subject();
        invoke("fails", subject, new Class<?>[0]);
        invoke("none", subject, new Class<?>[0]);
        invoke("none", null, new Class<?>[0]);
        invoke("none", "wrong", new Class<?>[0]);
        invoke("none", subject, new Class<?>[0], (Object[]) null);
        invoke("not", subject, new Class<?>[] {boolean.class}, true);
        invoke("not", subject, new Class<?>[] {boolean.class});
        invoke("not", subject, new Class<?>[] {boolean.class}, (Object[]) null);
        invoke("not", subject, new Class<?>[] {boolean.class}, (Object) null);
        for (Object value : new Object[] {(byte) 100, (short) -3, '\uffff', 3, 4L, 5f, 6.5, true, "text"}) {
            invoke("wraps", subject, new Class<?>[] {byte.class}, value);
            invoke("same", subject, new Class<?>[] {char.class}, value);
            invoke("same", subject, new Class<?>[] {short.class}, value);
            invoke("twice", subject, new Class<?>[] {long.class}, value);
            invoke("half", subject, new Class<?>[] {float.class}, value);
            invoke("thrice", subject, new Class<?>[] {double.class}, value);
            invoke("next", "ignored", new Class<?>[] {int.class}, value);
        }
        invoke("many", subject, new Class<?>[] {int.class, long.class, float.class, double.class, Object.class, byte.class, short.class,
            char.class, boolean.class}, 1, 2L, 3f, 4d, "e", (byte) 5, (short) 6, 'h', true);
    }

    static void makers() {
        check("static of broken", () -> Broken.class.getMethod("call").invoke(null));
        check("static of broken again", () -> Broken.class.getMethod("call").invoke(null));
        check("new broken", () -> Broken.class.getConstructor().newInstance());
        Class<?>[] types = {int.class, long.class, String.class, double[].class};
        check("made", () -> Made.class.getDeclaredConstructor(types).newInstance(3, 4, "z", new double[2]));
        check("made negative", () -> Made.class.getDeclaredConstructor(types).newInstance(-3, 4, "z", new double[2]));
        check("made privately", () -> Made.class.getDeclaredConstructor().newInstance());
        check("abstract", () -> Abstract.class.getDeclaredConstructor().newInstance());
        check("enum", () -> Choice.class.getDeclaredConstructor(String.class, int.class).newInstance("THIRD", 2));
    }

    static void dispatch() {
        for (Object receiver : new Object[] {new Implementation(), new Overriding(), (Face) x -> "lambda " + x}) {
            check("default", () -> Face.class.getMethod("named").invoke(receiver));
            check("private", () -> Face.class.getDeclaredMethod("own").invoke(receiver));
            check("abstract", () -> Face.class.getMethod("given", int.class).invoke(receiver, 4));
        }
        check("static", () -> Face.class.getMethod("fixed").invoke(null));
        check("of an array", () -> Object.class.getMethod("getClass").invoke(new int[3]));
        check("in the library", () -> String.class.getMethod("substring", int.class, int.class).invoke("hello", 4, 3));
    }

    public static int square(int x) {
        if (x < 0) throw new ArithmeticException("negative " + x);
        return x * x;
    }

    /** Calls go through the machine first, later through a generated class. */
    static void accessors() throws Exception {
        Method square = ReflectionEdges.class.getMethod("square", int.class);
        Constructor<Made> maker = Made.class.getDeclaredConstructor();
        int sum = 0;
        for (int i = 0; i < 40; i++) {
            sum += (Integer) square.invoke(null, i) + maker.newInstance().x;
            try {
                square.invoke(null, -i - 1);
            } catch (InvocationTargetException e) {
                if (i % 13 == 0) System.out.println(e.getMessage() + " " + e.getCause() + " at " + e.getCause().getStackTrace()[0]);
            }
        }
        System.out.println(sum);
        check("generated, wrong type", () -> square.invoke(null, "text"));
        check("generated, null", () -> square.invoke(null, (Object) null));
        check("generated, too many", () -> square.invoke(null, 1, 2));
    }

    static void nesting() {
        Object anonymous = new Object() { };
        class Local { class Inner { } }
        for (Class<?> c : new Class<?>[] {ReflectionEdges.class, anonymous.getClass(), Local.class, Local.Inner.class, Choice.class,
            Choice.SECOND.getClass(), int.class, int[][].class, String[].class, Map.Entry.class, Point.class, void.class}) {
            System.out.println(c.toGenericString() + " " + c.getSimpleName() + " " + c.getCanonicalName() + " " + c.getTypeName());
            System.out.println("  " + c.getEnclosingClass() + " " + c.getEnclosingMethod() + " " + c.getDeclaringClass() + " "
                    + c.isAnonymousClass() + " " + c.isLocalClass() + " " + c.isMemberClass() + " " + Modifier.toString(c.getModifiers()));
            System.out.println("  " + c.getNestHost() + " " + c.getPackageName() + " " + Arrays.toString(c.getInterfaces()) + " " + c.getSuperclass());
        }
        System.out.println(Arrays.stream(ReflectionEdges.class.getDeclaredClasses()).map(Class::getSimpleName).sorted().collect(Collectors.toList()));
        System.out.println(Arrays.stream(ReflectionEdges.class.getNestMembers()).map(Class::getName).sorted().collect(Collectors.toList()));
        System.out.println(Arrays.toString(Shape.class.getPermittedSubclasses()) + Shape.class.isSealed() + Circle.class.isSealed());
    }

    static void types() throws Exception {
        Method method = Typed.class.getDeclaredMethod("method", int.class);
        System.out.println(Typed.class.getTypeParameters()[0].getAnnotatedBounds()[0] + " " + Typed.class.getAnnotatedSuperclass());
        System.out.println(Arrays.toString(Typed.class.getAnnotatedInterfaces()) + Typed.class.getDeclaredField("field").getAnnotatedType());
        System.out.println(method.getAnnotatedReturnType() + " " + Arrays.toString(method.getAnnotatedParameterTypes())
                + Arrays.toString(method.getAnnotatedExceptionTypes()) + method.toGenericString() + Arrays.toString(method.getParameters()));
        for (RecordComponent component : Point.class.getRecordComponents()) {
            System.out.println(component + " " + component.getGenericType() + " " + component.getAccessor() + " "
                    + Arrays.toString(component.getAnnotations()) + " " + component.getGenericSignature());
        }
        System.out.println(Arrays.toString(Point.class.getDeclaredConstructors()[0].getParameters()));
        for (Field field : Choice.class.getDeclaredFields()) {
            System.out.println(field + " " + field.isEnumConstant() + field.isSynthetic());
        }
    }

    public static void main(String[] args) throws Exception {
        conversions();
        makers();
        dispatch();
        accessors();
        nesting();
        types();
    }
}
