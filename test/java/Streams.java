import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Spliterator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Streams of objects and primitives: laziness, ordering, short-circuits, flat maps, parallel reductions. */
public class Streams {
    public static void main(String[] args) {
        System.out.println(IntStream.rangeClosed(1, 100).filter(n -> n % 3 == 0).mapToLong(n -> n * n).sum());
        System.out.println(Stream.of("d", "a", "c", "a").distinct().sorted(Comparator.reverseOrder()).collect(Collectors.toList()));
        System.out.println(Stream.iterate(1, n -> n * 2).limit(12).map(String::valueOf).collect(Collectors.joining(",", "[", "]")));
        System.out.println(Stream.iterate(1, n -> n < 50, n -> n * 3).mapToInt(Integer::intValue).summaryStatistics());
        StringBuilder trace = new StringBuilder();
        Optional<Integer> first = Stream.of(5, 8, 12, 3).peek(n -> trace.append("see").append(n).append(' '))
                .filter(n -> n > 6).map(n -> {
                    trace.append("map").append(n).append(' ');
                    return n * 10;
                }).findFirst();
        System.out.println(first + " " + trace);
        trace.setLength(0);
        Stream.of(3, 1, 2).peek(n -> trace.append('a').append(n)).sorted().peek(n -> trace.append('b').append(n)).skip(1).forEach(n -> trace.append('c').append(n));
        System.out.println(trace);
        System.out.println(Stream.of(List.of(1, 2), List.<Integer>of(), List.of(3)).flatMap(List::stream).map(n -> n + 1).collect(Collectors.toList()));
        System.out.println(Stream.of(1, 2, 3).<String>mapMulti((n, sink) -> {
            for (int i = 0; i < n; i++) {
                sink.accept(n + "" + i);
            }
        }).toList());
        System.out.println(IntStream.range(0, 20).takeWhile(n -> n * n < 50).boxed().collect(Collectors.toList()) + " "
                + IntStream.range(0, 10).dropWhile(n -> n < 7).boxed().collect(Collectors.toList()));
        System.out.println(Stream.of("a", "bb", "ccc").anyMatch(s -> s.length() == 2) + " " + Stream.of("a").allMatch(String::isEmpty)
                + " " + Stream.empty().noneMatch(x -> true) + " " + Stream.of(1, 2, 3).reduce(0, Integer::sum) + " "
                + Stream.of(4, 9, 2).max(Integer::compare).get() + " " + Stream.<Integer>empty().reduce(Integer::max) + " "
                + Stream.of("x", "yy").reduce(0, (n, s) -> n + s.length(), Integer::sum));
        System.out.println(DoubleStream.of(1.5, 2.5, 3).average() + " " + DoubleStream.of(0.1, 0.2, 0.3).sum() + " " + LongStream.range(1, 21).reduce(1, (a, b) -> a * b)
                + " " + OptionalDouble.empty() + " " + IntStream.of(3, 1, 2).boxed().sorted().map(Object::toString).collect(Collectors.joining()));
        System.out.println(Arrays.toString(Stream.of(3, 1, 2).sorted().toArray(Integer[]::new)) + " "
                + Arrays.toString("hello".chars().map(c -> c - 'a').toArray()) + " "
                + Arrays.stream(new int[] {1, 2, 3, 4}, 1, 3).sum() + " " + Stream.concat(Stream.of(1), Stream.of(2)).count());
        List<Integer> numbers = IntStream.range(0, 10000).boxed().collect(Collectors.toList());
        System.out.println(numbers.parallelStream().mapToLong(n -> (long) n * n).sum() + " "
                + numbers.parallelStream().filter(n -> n % 7 == 0).map(n -> n * 2).collect(Collectors.toList()).hashCode() + " "
                + numbers.stream().parallel().sorted(Comparator.reverseOrder()).limit(5).collect(Collectors.toList()) + " "
                + IntStream.range(0, 1000).parallel().mapToObj(Integer::toString).collect(Collectors.joining()).hashCode() + " "
                + numbers.parallelStream().anyMatch(n -> n == 7777));
        Iterator<Integer> iterator = Stream.iterate(1, n -> n + 1).filter(n -> n % 5 == 0).iterator();
        System.out.println(iterator.next() + " " + iterator.next() + " " + iterator.hasNext());
        Spliterator<Integer> split = numbers.spliterator();
        Spliterator<Integer> half = split.trySplit();
        System.out.println(split.estimateSize() + " " + half.estimateSize() + " " + half.hasCharacteristics(Spliterator.SIZED));
        Iterable<Integer> iterable = () -> List.of(9, 8, 7).iterator();
        System.out.println(StreamSupport.stream(iterable.spliterator(), false).map(n -> n * n).collect(Collectors.toList()));
        int[] closed = {0};
        try (Stream<Integer> stream = Stream.of(1).onClose(() -> closed[0]++)) {
            stream.count();
            stream.map(x -> x);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage() + " " + closed[0]);
        }
        Stream<Integer> used = Stream.of(1, 2);
        used.forEach(x -> { });
        try {
            used.forEach(x -> { });
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(Stream.generate(() -> "g").limit(3).collect(Collectors.toList()) + " " + Stream.ofNullable(null).count() + " "
                + IntStream.iterate(10, n -> n - 3).limit(4).mapToObj(Integer::toString).toList() + " "
                + Stream.of(1, 2, 3, 4).skip(1).limit(2).unordered().collect(Collectors.summingInt(n -> n)));
        String primes = IntStream.rangeClosed(2, 200).filter(n -> IntStream.rangeClosed(2, (int) Math.sqrt(n)).noneMatch(k -> n % k == 0))
                .mapToObj(Integer::toString).collect(Collectors.joining(" "));
        System.out.println(primes);
    }
}
