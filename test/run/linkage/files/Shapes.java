import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.function.Supplier;

/** Classes that have each attribute of class files somewhere; Files damages them. */
public class Shapes {
    static class Plain {
        static final int INT = 3;
        static final long LONG = 1L << 40;
        static final double DOUBLE = 2.5;
        static final String TEXT = "text";
        protected volatile int[][] field;

        static native void nothing(int a, long b);

        int loop(int n) throws java.io.IOException {
            long sum = 0;
            for (int i = 0; i < n; i++)
                try {
                    sum += i % 3 == 0 ? TEXT.length() : (int) DOUBLE;
                } catch (RuntimeException e) {
                    throw new java.io.IOException(e);
                }
            return (int) sum;
        }
    }

    enum Level { LOW, HIGH }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Mark {
        String value() default "none";
        int[] numbers() default {1, 2};
        Level level() default Level.LOW;
        Class<?> type() default Object.class;
        Inner inner() default @Inner(1);
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Inner {
        long value();
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE_USE)
    @interface Used {
        char at() default 'x';
    }

    @Mark(value = "class", numbers = {3}, level = Level.HIGH, type = int[].class, inner = @Inner(7))
    @Deprecated
    abstract static class Annotated<T extends @Used Comparable<T>> implements @Used(at = 'y') Supplier<T> {
        @Mark("field") @Used List<@Used String> field;

        @Mark @Deprecated abstract <X extends Exception> T method(@Mark("parameter") int a, @Used T b, List<? super T> c) throws X;

        Object casts(Object o) {
            List<@Used String> local = List.of();
            return (@Used String) o + local;
        }
    }

    record Point(@Mark("x") int x, @Used List<String> names) {
        Point {
            if (x < 0)
                throw new IllegalArgumentException();
        }
    }

    sealed interface Sealed permits One, Two {
        default int number() {
            return secret();
        }

        private int secret() {
            return 1;
        }

        static Sealed make() {
            return new One();
        }
    }

    static final class One implements Sealed { }

    static final class Two implements Sealed { }

    static class Lambdas {
        final String name;

        Lambdas(String name) {
            this.name = name;
        }

        Supplier<Object> make(int a) {
            Supplier<String> first = () -> name + a;
            Supplier<Object> second = Lambdas::new0;
            return a > 0 ? first::get : second;
        }

        static Object new0() {
            class Local {
                final int a = 1;
            }
            return new Local();
        }
    }
}
