import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** Generics: erasure, bridge methods, covariant returns, bounds, wildcards, heap pollution. */
public class Generics {
    static abstract class Animal implements Comparable<Animal> {
        abstract int weight();

        Animal self() {
            return this;
        }

        public int compareTo(Animal other) {
            return Integer.compare(weight(), other.weight());
        }

        public String toString() {
            return getClass().getSimpleName() + weight();
        }
    }

    static class Cat extends Animal {
        int weight() {
            return 4;
        }

        @Override
        Cat self() {
            return this;
        }

        String purr() {
            return "purr";
        }
    }

    static class Dog extends Animal {
        int weight() {
            return 20;
        }
    }

    interface Transformer<A, B> {
        B apply(A value);

        default <C> Transformer<A, C> then(Transformer<? super B, ? extends C> next) {
            return value -> next.apply(apply(value));
        }
    }

    static class Doubler implements Transformer<Integer, Integer> {
        public Integer apply(Integer value) {
            return value * 2;
        }
    }

    static class Box<T extends Comparable<? super T>> implements Iterable<T> {
        private final List<T> items = new ArrayList<>();

        @SafeVarargs
        final Box<T> add(T... values) {
            items.addAll(Arrays.asList(values));
            return this;
        }

        T largest() {
            return Collections.max(items);
        }

        <R> List<R> map(Function<? super T, ? extends R> function) {
            List<R> result = new ArrayList<>();
            for (T item : this) {
                result.add(function.apply(item));
            }
            return result;
        }

        public Iterator<T> iterator() {
            return items.iterator();
        }
    }

    static <T extends Object & Comparable<? super T>> T smaller(T a, T b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    static double sum(List<? extends Number> numbers) {
        double total = 0;
        for (Number number : numbers) {
            total += number.doubleValue();
        }
        return total;
    }

    static void fill(List<? super Integer> target) {
        for (int i = 0; i < 3; i++) {
            target.add(i);
        }
    }

    @SuppressWarnings("unchecked")
    static <T> T[] make(T... values) {
        return values;
    }

    static class Node<K extends Comparable<K>, V> {
        K key;
        V value;
        Node<K, V> next;
    }

    static abstract class Shape<S extends Shape<S>> {
        int size;

        abstract S me();

        S grow(int by) {
            size += by;
            return me();
        }
    }

    static class Circle extends Shape<Circle> {
        Circle me() {
            return this;
        }

        String round() {
            return "round " + size;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    public static void main(String[] args) {
        Animal animal = new Cat();
        System.out.println(animal.self() + " " + new Cat().self().purr() + " " + smaller(new Cat(), new Dog()));
        Box<Animal> box = new Box<Animal>().add(new Cat(), new Dog(), new Cat());
        System.out.println(box.largest() + " " + box.map(Animal::weight) + " " + box.map(a -> a));
        Transformer<Integer, String> chain = new Doubler().then(x -> x + 1).then(x -> "<" + x + ">");
        System.out.println(chain.apply(20));
        Transformer raw = new Doubler();
        System.out.println(raw.apply(4));
        try {
            raw.apply("text");
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
        try {
            ((Comparable) new Cat()).compareTo("cat");
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
        List<Number> numbers = new ArrayList<>(List.of(1.5, 2L));
        fill(numbers);
        System.out.println(numbers + " " + sum(numbers));
        List<String> polluted = new ArrayList<>();
        ((List) polluted).add(5);
        System.out.println(polluted.size() + " " + polluted);
        try {
            String s = polluted.get(0);
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(make("a", "b").getClass().getSimpleName() + " " + make(1, 2.0).getClass().getSimpleName());
        Node<String, int[]> node = new Node<>();
        node.key = "k";
        node.value = new int[] {1, 2};
        node.value[1] += 5;
        node.next = new Node<>();
        System.out.println(node.value[1] + node.key.length() + " " + (node.next.value == null));
        System.out.println(new Circle().grow(2).grow(3).round());
        List<List<? extends Comparable<?>>> nested = List.of(List.of(1, 2), List.of("a"));
        System.out.println(nested);
        Comparator<String> byLength = Comparator.<String>comparingInt(String::length).thenComparing(Comparator.reverseOrder());
        List<String> words = new ArrayList<>(List.of("pear", "fig", "kiwi", "apple", "nut"));
        words.sort(byLength);
        System.out.println(words);
        int bridges = 0;
        for (var method : Cat.class.getDeclaredMethods()) {
            bridges += method.isBridge() ? 1 : 0;
        }
        for (var method : Doubler.class.getDeclaredMethods()) {
            bridges += method.isBridge() ? 10 : 0;
        }
        System.out.println(bridges);
    }
}
