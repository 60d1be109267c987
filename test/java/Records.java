import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Records: generated members (invokedynamic), compact constructors, generics, nesting, reflection. */
public class Records {
    record Point(int x, int y) {
        static final Point ORIGIN = new Point(0, 0);

        Point {
            if (x < 0) {
                throw new IllegalArgumentException("x: " + x);
            }
        }

        Point(int both) {
            this(both, both);
        }

        double distance() {
            return Math.sqrt(x * x + y * y);
        }
    }

    record Everything(boolean a, byte b, short c, char d, int e, long f, float g, double h, String i, int[] j, Object k) { }

    record Pair<A, B extends Comparable<B>>(A first, B second) implements Comparable<Pair<A, B>> {
        public int compareTo(Pair<A, B> other) {
            return second.compareTo(other.second);
        }

        static <T extends Comparable<T>> Pair<T, T> twice(T value) {
            return new Pair<>(value, value);
        }
    }

    record Empty() { }

    record Named(String name) {
        @Override
        public String name() {
            return "<" + name + ">";
        }

        @Override
        public String toString() {
            return "Named " + name();
        }
    }

    record Tree(Tree left, int value, Tree right) {
        int sum() {
            return (left == null ? 0 : left.sum()) + value + (right == null ? 0 : right.sum());
        }
    }

    public static void main(String[] args) throws Exception {
        Point p = new Point(3, 4), q = new Point(3, 4);
        System.out.println(p + " " + p.equals(q) + " " + (p == q) + " " + (p.hashCode() == q.hashCode()) + " " + p.hashCode()
                + " " + p.distance() + " " + new Point(5) + " " + Point.ORIGIN + " " + p.equals(null) + " " + p.equals("p"));
        try {
            new Point(-1, 0);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        int[] shared = {1};
        Everything all = new Everything(true, (byte) 1, (short) 2, 'c', 3, 4L, 5.5f, 6.5, "seven", shared, null);
        Everything same = new Everything(true, (byte) 1, (short) 2, 'c', 3, 4L, 5.5f, 6.5, "seven", shared, null);
        Everything other = new Everything(true, (byte) 1, (short) 2, 'c', 3, 4L, 5.5f, -6.5, "seven", shared, null);
        System.out.println(all.toString().replaceAll("@[0-9a-f]+", "@") + " " + all.equals(same) + " " + all.equals(other)
                + " " + (all.hashCode() == same.hashCode()));
        System.out.println(new Everything(false, (byte) 0, (short) 0, '0', 0, 0, Float.NaN, -0.0, null, null, null).equals(
                new Everything(false, (byte) 0, (short) 0, '0', 0, 0, Float.NaN, 0.0, null, null, null)));
        System.out.println(Pair.twice("x") + " " + new Pair<>(null, 5).compareTo(new Pair<>(1, 6)) + " " + new Pair<>(List.of(1), "z"));
        System.out.println(new Empty() + " " + new Empty().equals(new Empty()) + " " + new Empty().hashCode());
        System.out.println(new Named("n") + " " + new Named("n").name() + " " + new Named("n").equals(new Named("n")) + " " + new Named(null));
        Tree tree = null;
        for (int i = 0; i < 10; i++) {
            tree = new Tree(tree, i, i % 3 == 0 ? new Tree(null, i * 10, null) : null);
        }
        System.out.println(tree.sum() + " " + tree + " " + tree.hashCode());
        Map<Point, String> map = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            map.merge(new Point(i % 7, i % 5), "" + i % 10, String::concat);
        }
        System.out.println(map.size() + " " + map.get(new Point(2, 3)) + " " + map.containsKey(new Point(9, 9)));
        record Local(String key, int count) { }
        System.out.println(List.of(new Local("b", 2), new Local("a", 1)));
        for (RecordComponent component : Everything.class.getRecordComponents()) {
            System.out.print(component.getName() + ":" + component.getType().getSimpleName() + " ");
        }
        System.out.println();
        RecordComponent first = Pair.class.getRecordComponents()[0];
        System.out.println(first + " " + first.getGenericType() + " " + first.getAccessor().invoke(new Pair<>("value", 1)) + " "
                + Point.class.isRecord() + " " + Objects.hash(p, q) + " " + Point.class.getSuperclass());
    }
}
