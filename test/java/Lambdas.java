import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/** Lambdas: captures of every type, nesting, recursion, currying, generic and primitive shapes, exceptions through them. */
public class Lambdas {
    interface TriFunction<A, B, C, R> {
        R apply(A a, B b, C c);
    }

    interface Wide {
        double apply(byte a, long b, float c, double d, char e, boolean f, short g, int h, Object i);
    }

    static Function<Integer, Integer> factorial;
    int field = 5;

    Supplier<Integer> instance(int add) {
        return () -> field += add;
    }

    static <T, R> List<R> map(List<T> list, Function<? super T, ? extends R> function) {
        List<R> result = new ArrayList<>();
        list.forEach(item -> result.add(function.apply(item)));
        return result;
    }

    static int apply(IntBinaryOperator operator, int a, int b) {
        return operator.applyAsInt(a, b);
    }

    static String run(Callable<?> callable) {
        try {
            return "" + callable.call();
        } catch (Exception e) {
            return e.toString();
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(apply((a, b) -> a * b, 6, 7) + " " + apply(Math::max, 6, 7) + " " + apply((a, b) -> {
            int sum = 0;
            for (int i = a; i < b; i++) {
                sum += i;
            }
            return sum;
        }, 1, 100));
        byte b = 1;
        short s = 2;
        char c = 'c';
        int i = 4;
        long l = 5L;
        float f = 6.5f;
        double d = 7.5;
        boolean z = true;
        String text = "text";
        int[] array = {1, 2};
        Supplier<String> all = () -> "" + b + s + c + i + l + f + d + z + text + array[1];
        array[1] = 20;
        System.out.println(all.get());
        Wide wide = (p, q, r, t, u, v, w, x, y) -> p + q + r + t + u + (v ? 1 : 0) + w + x + y.hashCode();
        System.out.println(wide.apply(b, l, f, d, c, z, s, i, 100));
        factorial = n -> n <= 1 ? 1 : n * factorial.apply(n - 1);
        System.out.println(factorial.apply(10));
        Function<Integer, Function<Integer, Function<Integer, Integer>>> curried = x -> y -> w -> x * y + w;
        System.out.println(curried.apply(3).apply(4).apply(5));
        TriFunction<String, Integer, Character, String> three = (x, n, e) -> x.repeat(n) + e;
        System.out.println(three.apply("ab", 2, '!'));
        Lambdas object = new Lambdas();
        Supplier<Integer> adder = object.instance(3);
        System.out.println(adder.get() + " " + adder.get() + " " + object.field);
        System.out.println(map(List.of(1, 2, 3), x -> x * 1.5) + " " + map(List.of("a", "bb"), String::length));
        Predicate<String> longer = x -> x.length() > 2;
        System.out.println(longer.and(x -> x.startsWith("c")).or(String::isEmpty).negate().test("car") + " " + Predicate.not(longer).test("x"));
        Function<Integer, Integer> inc = x -> x + 1, dbl = x -> x * 2;
        System.out.println(inc.andThen(dbl).apply(5) + " " + inc.compose(dbl).apply(5) + " " + Function.<Integer>identity().apply(9));
        BinaryOperator<Integer> least = BinaryOperator.minBy(Comparator.naturalOrder());
        UnaryOperator<String> upper = String::toUpperCase;
        BiFunction<Double, Double, Double> power = Math::pow;
        LongUnaryOperator triple = x -> x * 3;
        ToDoubleFunction<Integer> half = x -> x / 2.0;
        IntFunction<int[]> maker = int[]::new;
        IntPredicate even = x -> x % 2 == 0;
        System.out.println(least.apply(4, 3) + upper.apply("x") + power.apply(2.0, 5.0) + triple.andThen(x -> x + 1).applyAsLong(1L << 33)
                + half.applyAsDouble(5) + maker.apply(3).length + even.test(3));
        System.out.println(run(() -> Integer.parseInt("zz")) + " " + run(() -> 42) + " " + run(() -> {
            throw new java.io.IOException("checked");
        }));
        Runnable nested = () -> {
            Runnable inner = () -> {
                Runnable innermost = () -> System.out.println("deep " + text + i);
                innermost.run();
            };
            inner.run();
        };
        nested.run();
        Object both = (Runnable & Serializable) () -> System.out.println("serializable");
        ((Runnable) both).run();
        System.out.println(both instanceof Serializable);
        List<Supplier<Integer>> suppliers = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            int square = n * n;
            suppliers.add(() -> square);
        }
        int total = 0;
        for (Supplier<Integer> supplier : suppliers) {
            total += supplier.get();
        }
        System.out.println(total);
        Supplier<Supplier<String>> twice = () -> () -> "twice";
        System.out.println(twice.get().get());
        Comparator<String> order = Comparator.comparing((String x) -> x.charAt(x.length() - 1)).thenComparing(Comparator.reverseOrder());
        List<String> words = new ArrayList<>(List.of("oar", "raft", "boat", "river"));
        words.sort(order);
        System.out.println(words);
        System.out.println(nested.getClass().isSynthetic() + " " + nested.getClass().isHidden() + " " + nested.getClass().getName().startsWith("Lambdas$$Lambda$"));
        long sum = 0;
        for (int n = 0; n < 20000; n++) {
            int m = n;
            LongUnaryOperator add = x -> x + m;
            sum = add.applyAsLong(sum);
        }
        System.out.println(sum);
    }
}
