import java.lang.annotation.Annotation;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;

/** Annotations: every kind of member, defaults, inheritance, repetition, parameters, types, equality. */
public class Annotations {
    enum Level { LOW, HIGH }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Nested {
        String value() default "nested";

        int[] numbers() default {1, 2};
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Inherited
    @interface Everything {
        boolean z() default true;
        byte b() default -1;
        short s() default 300;
        char c() default '\u20ac';
        int i() default 1 << 20;
        long l() default 1L << 40;
        float f() default 1.5f;
        double d() default Math.PI;
        String text() default "a \"quoted\" text";
        Class<?> type() default int[].class;
        Level level() default Level.HIGH;
        Nested nested() default @Nested(numbers = {});
        String[] texts() default {};
        Class<?>[] types() default {String.class, void.class};
        Level[] levels() default {Level.LOW, Level.HIGH};
        Nested[] nesteds() default {@Nested("x"), @Nested(numbers = 7)};
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Repeatable(Tags.class)
    @interface Tag {
        String value();
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Tags {
        Tag[] value();
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE_USE, ElementType.TYPE_PARAMETER})
    @interface Checked {
        int value() default 0;
    }

    @Retention(RetentionPolicy.CLASS)
    @interface NotAtRunTime { }

    @Everything(i = 5, texts = {"p", "q"}, z = false)
    @NotAtRunTime
    static class Parent {
        @Tag("one")
        @Tag("two")
        int repeated;

        @Tag("single")
        @Deprecated(since = "1", forRemoval = false)
        void method(@Nested("parameter") int a, String b, @Tag("t") @Nested long c) { }

        @Checked(3) String typed(List<@Checked(4) String> list) throws @Checked(5) Exception {
            return null;
        }
    }

    static class Child extends Parent { }

    @Nested
    static class Twin1 { }

    @Nested("nested")
    static class Twin2 { }

    public static void main(String[] args) throws Exception {
        Everything everything = Child.class.getAnnotation(Everything.class);
        // The order of members in the text follows the order of reflection's methods, which is nobody's promise.
        System.out.println(everything.toString().length() + " " + everything.toString().chars().sum() + " " + everything.toString().contains("text=\"a \\\"quoted\\\" text\""));
        System.out.println(everything.i() + " " + everything.text() + " " + everything.level() + " " + everything.types()[1] + " " + everything.nesteds()[1].numbers()[0]
                + " " + everything.type().getComponentType() + " " + Arrays.toString(everything.texts()) + " " + everything.annotationType().getSimpleName());
        System.out.println(Child.class.getDeclaredAnnotations().length + " " + Child.class.getAnnotations().length + " " + Parent.class.getAnnotations().length);
        System.out.println(everything.equals(Parent.class.getAnnotation(Everything.class)) + " " + (everything.hashCode() == Parent.class.getAnnotation(Everything.class).hashCode()));
        Nested a = Twin1.class.getAnnotation(Nested.class), b = Twin2.class.getAnnotation(Nested.class);
        System.out.println(a.equals(b) + " " + (a.hashCode() == b.hashCode()) + " " + a + " " + a.hashCode());
        a.numbers()[0] = 99;
        System.out.println(a.numbers()[0]);
        var repeated = Parent.class.getDeclaredField("repeated");
        System.out.println(Arrays.toString(repeated.getAnnotationsByType(Tag.class)) + " " + repeated.getAnnotation(Tag.class) + " " + repeated.getAnnotation(Tags.class));
        var method = Parent.class.getDeclaredMethod("method", int.class, String.class, long.class);
        System.out.println(Arrays.toString(method.getAnnotations()) + " " + method.isAnnotationPresent(Deprecated.class));
        for (Annotation[] parameter : method.getParameterAnnotations()) {
            System.out.println(Arrays.toString(parameter));
        }
        var typed = Parent.class.getDeclaredMethod("typed", List.class);
        System.out.println(Arrays.toString(typed.getAnnotatedReturnType().getAnnotations()) + " " + typed.getAnnotatedExceptionTypes()[0].getAnnotation(Checked.class).value()
                + " " + typed.getAnnotatedParameterTypes()[0]);
        System.out.println(Everything.class.getMethod("texts").getDefaultValue().getClass().getSimpleName() + " " + Everything.class.getMethod("d").getDefaultValue()
                + " " + Arrays.toString(Everything.class.getAnnotations()) + " " + Everything.class.isAnnotation() + " " + Runnable.class.isAnnotation());
        System.out.println(Arrays.toString(FunctionalInterface.class.getAnnotations()) + " " + Runnable.class.isAnnotationPresent(FunctionalInterface.class));
    }
}
