import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What programs usually do when they start: run before java.image is written, so that it holds the classes, call sites and
 * register code for it. Whatever depends on time, locale, time zone, processors or the environment is left out.
 */
public class Sample {
    sealed interface Shape permits Circle, Square { }

    record Circle(String name, double radius) implements Shape { }

    record Square(String name, int side, long count, boolean filled) implements Shape { }

    enum Size { SMALL, MIDDLING, LARGE }

    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failure(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static final class Door implements AutoCloseable {
        @Override
        public void close() {
            System.out.println("closed");
        }
    }

    interface Greeter {
        String greet(String name);

        default String twice(String name) {
            return greet(name) + greet(name);
        }
    }

    private static int number = 7;

    public static void main(String[] arguments) throws Exception {
        System.out.println("Hello, world");
        System.out.println(arguments.length + " arguments");
        print();
        concatenate("a", 1, 2L, 'c', 2.5, 1.5f, true, null);
        collections();
        lambdas();
        streams();
        types();
        format();
        failures();
        files(arguments[0]);
        threads();
    }

    private static void print() {
        System.out.println();
        System.out.println(1);
        System.out.println(2L);
        System.out.println(1.5);
        System.out.println(2.5f);
        System.out.println('c');
        System.out.println(true);
        System.out.println((Object) null);
        System.out.println(new char[] {'c'});
        System.out.print("text");
        System.out.print(1);
        System.out.print('c');
        System.out.print(1L);
        System.out.print(2.5);
        System.out.println("\u00e4\u20ac");
        System.out.flush();
        System.err.println("error");
    }

    private static void concatenate(String s, int i, long l, char c, double d, float f, boolean b, Object o) {
        System.out.println(s + i);
        System.out.println(i + s);
        System.out.println(s + s);
        System.out.println(s + s + s);
        System.out.println(s + s + s + s);
        System.out.println("n = " + s);
        System.out.println("n = " + i);
        System.out.println("n = " + l);
        System.out.println("n = " + c);
        System.out.println("n = " + d);
        System.out.println("n = " + f);
        System.out.println("n = " + b);
        System.out.println("n = " + o);
        System.out.println(s + " " + s);
        System.out.println(s + " " + i);
        System.out.println(s + ": " + l);
        System.out.println(i + ": " + s);
        System.out.println(i + " " + i);
        System.out.println(i + " " + i + " " + i);
        System.out.println(s + ", " + i + ", " + s);
        System.out.println("of " + s + ": " + i);
        System.out.println("of " + i + ": " + i);
        System.out.println("of " + i + ": " + l);
        System.out.println("of " + i + ": " + s);
        System.out.println("of " + s + ": " + l + ".");
        System.out.println("of " + s + ": " + s + ".");
        System.out.println("of " + i + ": " + d + ".");
        System.out.println("of " + o + ": " + o + ".");
        System.out.println(s + "=" + o);
        System.out.println(i + "/" + i + "/" + l + " " + s);
        s += i;
        s += c;
        s += " ";
        StringBuilder builder = new StringBuilder();
        builder.append(s).append(i).append(l).append(c).append(d).append(f).append(b).append(o).append("x", 0, 1).insert(0, "y");
        builder.reverse().setLength(3);
        System.out.println(builder);
    }

    private static void collections() {
        Map<String, Integer> counts = new HashMap<>();
        for (String word : "the quick brown fox jumps over the lazy dog".split(" ")) counts.merge(word, 1, Integer::sum);
        for (String word : "a1b22c333".split("[0-9]+")) counts.put(word, counts.getOrDefault(word, 0) + 1);
        for (Map.Entry<String, Integer> entry : counts.entrySet()) System.out.println(entry.getKey() + " " + entry.getValue());
        counts.computeIfAbsent("x", String::length);
        counts.remove("x");
        System.out.println(counts + " " + counts.keySet() + counts.values() + counts.containsKey("a"));
        List<Map.Entry<String, Integer>> entries = new ArrayList<>(counts.entrySet());
        entries.sort(Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        System.out.println(entries.subList(0, 3));
        Map<String, List<Integer>> tree = new TreeMap<>(), linked = new LinkedHashMap<>();
        tree.computeIfAbsent("b", key -> new ArrayList<>()).add(1);
        tree.computeIfAbsent("a", key -> new ArrayList<>()).add(2);
        linked.putAll(tree);
        System.out.println(tree + " " + linked);
        List<Integer> numbers = new ArrayList<>(List.of(3, 1, 2));
        Collections.sort(numbers);
        numbers.addAll(Arrays.asList(5, 4));
        numbers.removeIf(n -> n > 4);
        numbers.forEach(System.out::println);
        Iterator<Integer> iterator = numbers.iterator();
        while (iterator.hasNext()) if (iterator.next() == 2) iterator.remove();
        Set<String> set = new HashSet<>(Set.of("a", "b", "c"));
        ArrayDeque<Integer> queue = new ArrayDeque<>(numbers);
        PriorityQueue<Integer> heap = new PriorityQueue<>(Comparator.reverseOrder());
        heap.addAll(queue);
        System.out.println(set.contains("a") + " " + queue.poll() + heap.poll() + Map.of("k", 1, "l", 2).get("k"));
        int[] array = {3, 1, 2};
        Arrays.sort(array);
        String[] words = {"b", "a"};
        Arrays.sort(words);
        System.out.println(Arrays.toString(array) + Arrays.toString(words) + Arrays.hashCode(array) + Objects.hash(1, "a"));
        Map<Size, Integer> sizes = new EnumMap<>(Size.class);
        sizes.put(Size.SMALL, 1);
        System.out.println(sizes);
        ConcurrentHashMap<String, AtomicInteger> concurrent = new ConcurrentHashMap<>();
        concurrent.computeIfAbsent("a", key -> new AtomicInteger()).incrementAndGet();
        System.out.println(concurrent);
    }

    private static void lambdas() {
        int captured = number;
        Runnable runnable = () -> System.out.println(captured);
        Supplier<String> supplier = () -> "supplied";
        Function<String, Integer> length = String::length;
        BiFunction<Integer, Integer, Integer> sum = Integer::sum;
        Predicate<String> empty = String::isEmpty;
        IntBinaryOperator product = (a, b) -> a * b;
        Comparator<String> comparator = Comparator.comparing(String::length);
        Greeter greeter = name -> "Hello, " + name;
        Function<String, StringBuilder> maker = StringBuilder::new;
        runnable.run();
        System.out.println(supplier.get() + length.apply("four") + sum.apply(1, 2) + empty.negate().test("") + product.applyAsInt(2, 3)
            + comparator.compare("a", "bb") + greeter.twice("x") + maker.apply("y"));
        System.out.println(Optional.of("a").map(text -> text + "b").orElse("none"));
    }

    private static void streams() {
        System.out.println(IntStream.rangeClosed(2, 30).filter(n -> IntStream.rangeClosed(2, (int) Math.sqrt(n)).allMatch(d -> n % d != 0))
            .mapToObj(Integer::toString).collect(Collectors.joining(", ", "Primes: ", ".")));
        List<String> words = List.of("one", "two", "three", "four");
        System.out.println(words.stream().filter(word -> word.length() > 3).map(String::toUpperCase).sorted().collect(Collectors.toList()));
        Map<Integer, Long> lengths = words.stream().collect(Collectors.groupingBy(String::length, TreeMap::new, Collectors.counting()));
        System.out.println(lengths);
        System.out.println(words.stream().collect(Collectors.toMap(word -> word, String::length)));
        System.out.println(words.stream().mapToInt(String::length).sum() + " " + IntStream.range(0, 5).sum());
        System.out.println(Stream.of(1, 2, 3).reduce(0, Integer::sum) + " " + Stream.iterate(1, n -> n * 2).limit(5).toList());
        Arrays.stream(new int[] {1, 2, 3}).map(n -> n * n).forEach(System.out::println);
        words.stream().sorted(Comparator.comparing(String::length).reversed()).forEach(System.out::println);
        System.out.println(words.stream().anyMatch("two"::equals) + " " + words.stream().findFirst().get()
            + words.stream().distinct().skip(1).count() + words.stream().max(Comparator.naturalOrder()).get());
    }

    private static String describe(Object object) {
        if (object instanceof Circle circle) return "circle " + circle.radius();
        if (object instanceof Square square) return "square " + square.side();
        return String.valueOf(object);
    }

    private static void types() {
        Shape shape = new Circle("c", 1.5);
        System.out.println(shape + " " + shape.equals(new Circle("c", 1.5)) + (shape.hashCode() == shape.hashCode()));
        Square square = new Square("s", 2, 3, true);
        System.out.println(square + " " + square.hashCode() + square.equals(new Square("s", 2, 3, true)) + describe(shape) + describe(square));
        for (Size size : Size.values()) {
            System.out.println(switch (size) {
                case SMALL -> "small";
                case MIDDLING -> "middling";
                default -> size.name() + size.ordinal();
            });
        }
        switch ("b" + number) {
        case "b7": System.out.println(Size.valueOf("LARGE"));
        default: System.out.println(shape.getClass().getName() + shape.getClass().getSimpleName());
        }
        System.out.println(Integer.parseInt("42") + Long.parseLong("7") + Double.parseDouble("1.25") + Integer.valueOf(1000) + Math.sqrt(2)
            + Math.max(1, 2) + Integer.toHexString(255) + Character.isDigit('1') + Math.floorMod(-1, 3) + Long.toString(1L << 40));
        System.out.println("Text".toLowerCase() + "text".toUpperCase() + " x ".trim() + " y ".strip() + "a,b".replace(",", ";")
            + "abc".substring(1) + "abc".indexOf("c") + "abc".charAt(0) + "a".repeat(3) + "abc".contains("b") + "x".equals("y")
            + "a".compareTo("b") + String.join("-", "a", "b") + "abc".startsWith("a") + "text block".lines().count() + "x".isBlank()
            + new String("bytes".getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8) + "a b".chars().count());
        System.out.println(new StringJoiner(",", "[", "]").add("a").add("b"));
    }

    private static void format() {
        System.out.println(String.format("%d %5d %-5d| %05d %x %,d", 1, 2, 3, 4, 255, 1234567));
        System.out.println(String.format("%s %10s %-10s| %c %b %n%%", "a", "b", "c", 'd', true));
        System.out.printf("%.2f %8.3f %e %g%n", 1.5, 2.25, 3.0, 4.0);
        System.out.println("%s is %d".formatted("x", 1L));
    }

    private static void fail(int depth) {
        if (depth > 0) fail(depth - 1);
        else throw new IllegalStateException("deep");
    }

    private static void failures() {
        try (Door door = new Door()) {
            fail(3);
        } catch (IllegalStateException e) {
            System.out.println(e + " " + e.getMessage());
            e.printStackTrace();
            new Failure("outer", e).printStackTrace();
        } finally {
            System.out.println("finally");
        }
        try {
            Object text = "text";
            System.out.println((Integer) text);
        } catch (ClassCastException e) {
            System.out.println(e.getMessage());
        }
        try {
            System.out.println(new int[1][number]);
            System.out.println(new int[1][0][number]);
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println(e.getMessage());
        }
        try {
            Sample none = null;
            none.toString();
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
        try {
            System.out.println(number / (number - 7) + Integer.parseInt("x"));
        } catch (ArithmeticException | NumberFormatException e) {
            System.out.println(e.getStackTrace().length > 0);
        }
    }

    private static void files(String folder) throws IOException {
        Path path = Path.of(folder, "text");
        for (String line : Files.readAllLines(path)) System.out.println(line.toLowerCase().split("[^a-z]+").length);
        System.out.println(path.getFileName() + " " + Files.exists(path) + Files.size(path) + Files.readString(path).length());
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            System.out.println(reader.readLine());
        }
        try (Stream<String> lines = Files.lines(path)) {
            System.out.println(lines.count());
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(new ByteArrayInputStream(new byte[] {65, 10, 66})))) {
            System.out.println(reader.readLine() + reader.lines().count());
        }
        try (BufferedReader reader = new BufferedReader(new StringReader("a\nb"))) {
            System.out.println(reader.readLine());
        }
        try {
            Files.readAllLines(Path.of(folder, "missing"));
        } catch (IOException e) {
            System.out.println(e);
        }
    }

    private static synchronized void count() {
        number++;
    }

    private static void threads() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        Thread thread = new Thread(() -> {
            lock.lock();
            try {
                count();
            } finally {
                lock.unlock();
            }
        });
        thread.start();
        thread.join();
        System.out.println(Thread.currentThread().getName() + " " + number);
    }
}
