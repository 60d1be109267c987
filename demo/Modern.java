import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lambdas, streams, records, text blocks and a sealed hierarchy: Java as it is written today. */
public class Modern {
    sealed interface Craft permits Coracle, Raft, Ferry { }

    record Coracle(String name, double diameter) implements Craft { }

    record Raft(String name, int logs) implements Craft { }

    record Ferry(String name, int cars, int passengers) implements Craft { }

    static double load(Craft craft) {
        if (craft instanceof Coracle c) {
            return Math.PI * c.diameter() * c.diameter() / 4 * 60;
        } else if (craft instanceof Raft r && r.logs() > 3) {
            return r.logs() * 45.5;
        } else if (craft instanceof Ferry f) {
            return f.cars() * 1500.0 + f.passengers() * 80;
        }
        return 0;
    }

    enum Size { SMALL, MIDDLING, LARGE }

    static Size size(double load) {
        return load < 200 ? Size.SMALL : load < 2000 ? Size.MIDDLING : Size.LARGE;
    }

    public static void main(String[] arguments) {
        List<Craft> fleet = List.of(new Coracle("Taf", 1.4), new Raft("Driftwood", 9), new Ferry("Severn Maid", 12, 80),
                new Coracle("Teifi", 1.25), new Raft("Twig", 2));
        Function<Craft, String> describe = craft -> """
                %-60s carries %8.1f kg, %s
                """.formatted(craft, load(craft), switch (size(load(craft))) {
                    case SMALL -> "one person and a fish";
                    case MIDDLING -> "a family";
                    case LARGE -> "a village";
                });
        fleet.stream().sorted(Comparator.comparingDouble(Modern::load)).map(describe).forEach(System.out::print);
        Map<Size, List<String>> bySize = fleet.stream().collect(Collectors.groupingBy(craft -> size(load(craft)), TreeMap::new,
                Collectors.mapping(craft -> craft.getClass().getSimpleName(), Collectors.toList())));
        System.out.println(bySize);
        System.out.println(IntStream.rangeClosed(2, 60).filter(n -> IntStream.rangeClosed(2, (int) Math.sqrt(n)).allMatch(d -> n % d != 0))
                .mapToObj(Integer::toString).collect(Collectors.joining(", ", "Primes: ", ".")));
        System.out.println(new Coracle("Taf", 1.4).equals(fleet.get(0)) ? "Equal records are equal." : "?");
    }
}
