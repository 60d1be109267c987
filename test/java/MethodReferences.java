import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** Method references of all four kinds, with boxing, widening, varargs, bound receivers and super. */
public class MethodReferences {
    final String name;

    MethodReferences() {
        this("none");
    }

    MethodReferences(String name) {
        this.name = name;
    }

    MethodReferences(String name, Integer times) {
        this(name.repeat(times));
    }

    String greet(String other) {
        return name + " greets " + other;
    }

    @Override
    public String toString() {
        return "<" + name + ">";
    }

    static class Sub extends MethodReferences {
        Sub(String name) {
            super(name);
        }

        @Override
        String greet(String other) {
            Function<String, String> parent = super::greet;
            Supplier<String> text = super::toString;
            return "sub: " + parent.apply(other) + text.get();
        }

        @Override
        public String toString() {
            return "sub";
        }
    }

    static long widen(int a, long b) {
        return a + b;
    }

    static String join(Object... parts) {
        return Arrays.toString(parts);
    }

    interface IntLong {
        double apply(short a, int b);
    }

    interface Maker<T> {
        T make(String name, Integer times);
    }

    class Inner {
        int n;

        Inner(int n) {
            this.n = n;
        }

        public String toString() {
            return name + n;
        }
    }

    IntFunction<Inner> inners() {
        return Inner::new;
    }

    static Supplier<String> bind(Supplier<MethodReferences> source) {
        System.out.println("binding");
        return source.get()::toString;
    }

    public static void main(String[] args) {
        Function<String, Integer> parse = Integer::parseInt;
        System.out.println(parse.apply("12") + 1);
        MethodReferences object = new MethodReferences("object");
        Function<String, String> bound = object::greet;
        BiFunction<MethodReferences, String, String> unbound = MethodReferences::greet;
        System.out.println(bound.apply("x") + ", " + unbound.apply(new Sub("s"), "y"));
        Supplier<MethodReferences> nothing = MethodReferences::new;
        Function<String, MethodReferences> one = MethodReferences::new;
        Maker<MethodReferences> two = MethodReferences::new;
        System.out.println(nothing.get() + " " + one.apply("one") + " " + two.make("ab", 3) + " " + object.inners().apply(7));
        IntLong wide = MethodReferences::widen;
        System.out.println(wide.apply((short) 3, 4));
        BiFunction<Integer, String, String> varargs = MethodReferences::join;
        Supplier<String> none = MethodReferences::join;
        System.out.println(varargs.apply(1, "b") + none.get());
        IntFunction<String[][]> arrays = String[][]::new;
        Function<int[], Object> clone = int[]::clone;
        System.out.println(arrays.apply(4).length + " " + ((int[]) clone.apply(new int[] {1, 2}))[1]);
        ToIntFunction<String> length = String::length;
        Comparator<String> order = String::compareToIgnoreCase;
        Consumer<Object> print = System.out::println;
        print.accept(length.applyAsInt("four") + " " + order.compare("a", "B"));
        Supplier<TreeSet<String>> sets = TreeSet::new;
        TreeSet<String> set = sets.get();
        List.of("c", "a", "b").forEach(set::add);
        System.out.println(set);
        Supplier<String> later = bind(() -> {
            System.out.println("evaluated once");
            return new MethodReferences("bound");
        });
        System.out.println(later.get() + later.get());
        try {
            MethodReferences missing = null;
            Function<String, String> never = missing::greet;
            System.out.println("not reached");
        } catch (NullPointerException e) {
            System.out.println("bound to null");
        }
        try {
            unbound.apply(null, "z");
        } catch (NullPointerException e) {
            System.out.println("applied to null");
        }
        List<Function<Double, Double>> functions = new ArrayList<>(List.of(Math::sqrt, Math::abs, Math::floor));
        double x = 17.5;
        for (Function<Double, Double> function : functions) {
            x = function.apply(x);
        }
        System.out.println(x);
        Function<Object, String> text = String::valueOf;
        Function<Integer, Object> box = Integer::valueOf;
        System.out.println(text.apply(5L) + box.apply(6) + ((Function<Object, Class<?>>) Object::getClass).apply("c"));
    }
}
