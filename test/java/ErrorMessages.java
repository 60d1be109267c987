import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** The messages of the machine's own exceptions and of the library's usual ones. */
public class ErrorMessages {
    interface Action {
        Object run() throws Exception;
    }

    static void check(Action action) {
        try {
            System.out.println("returned " + action.run());
        } catch (Throwable t) {
            System.out.println(t);
        }
    }

    interface Shape { }

    enum Color { RED }

    record Point(int x) { }

    static class Inner<T> { }

    static Object object(Object o) {
        return o;
    }

    public static void main(String[] args) {
        int zero = 0, minus = -1, size = 3;
        int[] ints = new int[size];
        check(() -> ints[3]);
        check(() -> ints[minus]);
        check(() -> ints[Integer.MIN_VALUE]);
        check(() -> ints[Integer.MAX_VALUE] = 1);
        check(() -> new Object[zero][0].length);
        check(() -> new byte[2][2][1].length);
        check(() -> new byte[2][2][1].clone()[5].length);
        check(() -> "text".charAt(10));
        check(() -> 1 / zero);
        check(() -> 1L / zero);
        check(() -> 1 % zero);
        check(() -> 1L % zero);
        check(() -> 1.0 / zero);
        check(() -> Math.floorMod(3, zero));
        check(() -> new int[minus]);
        check(() -> new String[2][minus]);
        check(() -> new long[minus][2]);
        check(() -> new int[Integer.MAX_VALUE]);
        check(() -> new long[Integer.MAX_VALUE - 1]);
        check(() -> (String) object(5));
        check(() -> (Integer) object("s"));
        check(() -> (Shape) object(new Point(1)));
        check(() -> (Color) object(Thread.State.NEW));
        check(() -> (int[]) object(new long[1]));
        check(() -> (Object[]) object(new int[1]));
        check(() -> (String[][]) object(new Object[1][1]));
        check(() -> (Inner<?>[]) object(new Point[1]));
        check(() -> (Runnable) object(new ArrayList<String>()));
        check(() -> ErrorMessages.class.cast("x"));
        check(() -> {
            Object[] strings = new String[1];
            strings[0] = 5;
            return null;
        });
        check(() -> {
            Object[][] rows = new Integer[1][1];
            rows[0] = new String[1];
            return null;
        });
        check(() -> {
            Object[] points = new Point[1];
            points[0] = new int[0];
            return null;
        });
        check(() -> {
            Number[] numbers = new Integer[2];
            numbers[0] = 1.5;
            return null;
        });
        check(() -> {
            System.arraycopy(new int[3], 1, new int[5], 3, 3);
            return null;
        });
        check(() -> {
            System.arraycopy(new int[3], 2, new int[5], 3, 2);
            return null;
        });
        check(() -> {
            System.arraycopy(new int[3], -1, new int[5], 3, 2);
            return null;
        });
        check(() -> {
            System.arraycopy(new int[3], 0, new int[5], 0, -1);
            return null;
        });
        check(() -> {
            System.arraycopy(new int[3], 0, new long[5], 0, 1);
            return null;
        });
        check(() -> {
            System.arraycopy("x", 0, new long[5], 0, 1);
            return null;
        });
        check(() -> {
            System.arraycopy(new int[1], 0, new Object[5], 0, 1);
            return null;
        });
        check(() -> {
            System.arraycopy(new Object[] {"a", 1, "b"}, 0, new String[5], 1, 3);
            return null;
        });
        check(() -> {
            System.arraycopy(new Object[] {"a"}, 0, new String[0], 0, 1);
            return null;
        });
        check(() -> new int[2].clone()[2]);
        check(() -> {
            new Object().notify();
            return null;
        });
        check(() -> {
            new Object().wait(1);
            return null;
        });
        check(() -> {
            synchronized (object(null)) {
                return 1;
            }
        });
        check(() -> {
            "x".wait(-1);
            return null;
        });
        check(() -> List.of(1, 2).get(2));
        check(() -> new ArrayList<>().get(0));
        check(() -> new ArrayList<>(-1));
        check(() -> Arrays.asList(1, 2).remove(0));
        check(() -> Collections.emptyList().iterator().next());
        check(() -> Collections.unmodifiableList(new ArrayList<>()).add(null));
        check(() -> {
            List<Integer> list = new ArrayList<>(List.of(1, 2, 3));
            for (Integer i : list) {
                list.remove(i);
            }
            return list;
        });
        check(() -> {
            Iterator<Integer> iterator = new ArrayList<>(List.of(1)).iterator();
            iterator.remove();
            return null;
        });
        check(() -> Map.of("a", 1, "a", 2));
        check(() -> List.of(1, null));
        check(() -> Map.of().put(1, 1));
        check(() -> Class.forName("no.such.Class"));
        check(() -> Class.forName("[Lno.Such;"));
        check(() -> Class.forName("java/lang/String"));
        check(() -> Class.forName("int"));
        check(() -> Color.valueOf("BLUE"));
        check(() -> Integer.valueOf("12a"));
        check(() -> Long.parseLong("9223372036854775808"));
        check(() -> Double.parseDouble("one"));
        check(() -> new java.math.BigInteger("1x"));
        check(() -> Enum.valueOf(Color.class, null));
        check(() -> String.class.getMethod("none", int.class, String[].class));
        check(() -> Point.class.getDeclaredField("y"));
        check(() -> Shape.class.getDeclaredConstructor());
        check(() -> Shape.class.newInstance());
        check(() -> Color.class.newInstance());
        check(() -> String.format("%d", "x"));
        check(() -> new java.util.Scanner("a").nextInt());
        check(() -> new java.util.StringTokenizer("").nextToken());
        check(() -> new java.util.PriorityQueue<Object>(List.of(new Object(), new Object())).size());
        check(() -> new java.util.TreeMap<Object, Object>().put(new Point(1), 1) == null);
        check(() -> new java.util.ArrayDeque<>().pop());
        check(() -> new java.util.ArrayDeque<>().add(null));
        check(() -> Thread.currentThread().getStackTrace()[100000]);
        check(() -> {
            Thread.sleep(-1);
            return null;
        });
        check(() -> {
            Thread.currentThread().start();
            return null;
        });
        check(() -> new java.util.Random().nextInt(0));
        check(() -> {
            throw new ConcurrentModificationException();
        });
        check(() -> {
            throw new NoSuchElementException("element");
        });
        Object[] strings = new String[1];
        strings[0] = new StringBuilder();
    }
}
