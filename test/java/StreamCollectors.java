import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Collectors of all kinds, and Optional. */
public class StreamCollectors {
    record Person(String name, int age, String town, double income) { }

    static final List<Person> PEOPLE = List.of(new Person("Ann", 31, "Cork", 10.5), new Person("Bob", 25, "Bala", 20),
            new Person("Cid", 31, "Bala", 30.25), new Person("Dee", 47, "Cork", 5), new Person("Eve", 25, "Trim", 0));

    static void show(Object value) {
        System.out.println(value);
    }

    public static void main(String[] args) {
        show(PEOPLE.stream().collect(Collectors.groupingBy(Person::town, TreeMap::new, Collectors.mapping(Person::name, Collectors.toList()))));
        show(PEOPLE.stream().collect(Collectors.groupingBy(Person::age, TreeMap::new, Collectors.counting())));
        System.out.println(PEOPLE.stream().collect(Collectors.partitioningBy(p -> p.income() > 8, Collectors.averagingInt(Person::age))));
        show(PEOPLE.stream().collect(Collectors.toMap(Person::name, Person::age, Integer::sum, LinkedHashMap::new)));
        show(PEOPLE.stream().collect(Collectors.toMap(Person::town, Function.identity(), (a, b) -> a.income() > b.income() ? a : b, TreeMap::new)));
        try {
            PEOPLE.stream().collect(Collectors.toMap(Person::town, Person::name));
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        DoubleSummaryStatistics statistics = PEOPLE.stream().collect(Collectors.summarizingDouble(Person::income));
        System.out.println(statistics);
        System.out.println(PEOPLE.stream().map(Person::name).collect(Collectors.joining(" & ", "<", ">")) + " "
                + PEOPLE.stream().collect(Collectors.averagingDouble(Person::income)) + " "
                + PEOPLE.stream().collect(Collectors.minBy(Comparator.comparing(Person::income))).get().name() + " "
                + PEOPLE.stream().map(Person::town).collect(Collectors.toCollection(TreeSet::new)).descendingSet());
        show(PEOPLE.stream().collect(Collectors.teeing(Collectors.counting(), Collectors.summingInt(Person::age), (n, sum) -> sum + "/" + n)));
        System.out.println(PEOPLE.stream().collect(Collectors.collectingAndThen(Collectors.toList(), List::size)) + " "
                + PEOPLE.stream().collect(Collectors.reducing(0, Person::age, Integer::sum)) + " "
                + PEOPLE.stream().collect(Collectors.filtering(p -> p.age() > 30, Collectors.flatMapping(p -> p.name().chars().mapToObj(c -> (char) c), Collectors.toList()))));
        System.out.println(PEOPLE.stream().sorted(Comparator.comparingInt(Person::age).reversed().thenComparing(Person::name, Comparator.reverseOrder()))
                .map(Person::name).collect(Collectors.toUnmodifiableList()));
        Map<String, Map<Integer, List<String>>> nested = PEOPLE.stream().collect(Collectors.groupingBy(Person::town, TreeMap::new,
                Collectors.groupingBy(p -> p.age() / 10, TreeMap::new, Collectors.mapping(Person::name, Collectors.toList()))));
        System.out.println(nested);
        Collector<Integer, int[], Integer> alternating = Collector.of(() -> new int[2], (state, n) -> state[0] += state[1]++ % 2 == 0 ? n : -n,
                (a, b) -> a, state -> state[0]);
        System.out.println(Stream.of(10, 3, 5, 1).collect(alternating));
        System.out.println(IntStream.range(0, 1000).boxed().parallel().collect(Collectors.groupingByConcurrent(n -> n % 4, Collectors.summingLong(n -> n))).get(3)
                + " " + IntStream.range(0, 1000).parallel().collect(ArrayList::new, ArrayList::add, ArrayList::addAll).size());

        Optional<String> some = Optional.of("value"), none = Optional.empty();
        System.out.println(some + " " + none + " " + some.map(String::length) + " " + none.map(String::length) + " " + none.orElse("other") + " "
                + none.orElseGet(() -> "made") + " " + some.filter(String::isEmpty) + " " + some.flatMap(s -> Optional.ofNullable((String) null)) + " "
                + none.or(() -> some).get() + " " + some.stream().count() + " " + some.equals(Optional.of("value")) + " " + none.isEmpty() + " " + OptionalInt.of(5));
        some.ifPresentOrElse(s -> System.out.println("has " + s), () -> System.out.println("has none"));
        none.ifPresentOrElse(s -> System.out.println("has " + s), () -> System.out.println("has none"));
        try {
            none.orElseThrow();
        } catch (RuntimeException e) {
            System.out.println(e);
        }
        try {
            none.orElseThrow(() -> new IllegalArgumentException("made to order"));
        } catch (RuntimeException e) {
            System.out.println(e);
        }
        try {
            Optional.of(null);
        } catch (NullPointerException e) {
            System.out.println("null is no value");
        }
    }
}
