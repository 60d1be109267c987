import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Vector;

/** Lists, iterators of one's own, the helpers of Collections and Arrays. */
public class Lists {
    /** Counts by step, lazily. */
    static class Range implements Iterable<Integer> {
        final int from, to, step;

        Range(int from, int to, int step) {
            this.from = from;
            this.to = to;
            this.step = step;
        }

        public Iterator<Integer> iterator() {
            return new Iterator<>() {
                int at = from;

                public boolean hasNext() {
                    return at < to;
                }

                public Integer next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException("past " + to);
                    }
                    int value = at;
                    at += step;
                    return value;
                }
            };
        }
    }

    static void attempt(Runnable action) {
        try {
            action.run();
            System.out.println("no error");
        } catch (RuntimeException e) {
            System.out.println(e);
        }
    }

    public static void main(String[] args) {
        List<Integer> list = new ArrayList<>();
        for (int n : new Range(0, 50, 7)) {
            list.add(n);
        }
        list.add(2, -1);
        list.addAll(4, List.of(100, 200));
        list.remove(Integer.valueOf(21));
        list.remove(0);
        list.set(1, 55);
        System.out.println(list + " " + list.indexOf(200) + " " + list.contains(-1) + " " + list.subList(2, 5) + " " + list.lastIndexOf(9));
        list.subList(1, 3).clear();
        list.removeIf(n -> n % 2 != 0);
        list.replaceAll(n -> n / 2);
        System.out.println(list + " " + list.hashCode() + " " + list.equals(new LinkedList<>(list)));
        ListIterator<Integer> iterator = list.listIterator(list.size());
        while (iterator.hasPrevious()) {
            int at = iterator.previousIndex(), value = iterator.previous();
            if (value > 20) {
                iterator.set(value + at);
            } else {
                iterator.add(-value);
                iterator.previous();
            }
        }
        System.out.println(list);
        attempt(() -> new Range(0, 0, 1).iterator().next());
        attempt(() -> {
            for (Integer n : list) {
                list.add(n);
            }
        });
        List<Integer> view = list.subList(0, 1);
        list.add(5);
        attempt(view::size);
        attempt(() -> Arrays.asList(1, 2).add(3));
        attempt(() -> List.of(1, 2).set(0, 3));
        attempt(() -> Collections.emptyList().add(null));
        LinkedList<String> linked = new LinkedList<>(List.of("b", "c"));
        linked.addFirst("a");
        linked.add(2, "x");
        linked.removeLastOccurrence("c");
        linked.push("top");
        System.out.println(linked + " " + linked.peekLast() + " " + linked.pop() + " " + linked.get(1) + " " + new ArrayList<>(linked));
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, new Random(42));
        System.out.println(numbers + " " + Collections.max(numbers) + " " + Collections.min(numbers, Collections.reverseOrder()));
        Collections.sort(numbers);
        Collections.rotate(numbers, 3);
        Collections.swap(numbers, 0, 19);
        Collections.reverse(numbers.subList(5, 10));
        System.out.println(numbers + " " + Collections.binarySearch(numbers.subList(10, 19), 13) + " " + Collections.frequency(numbers, 4) + " "
                + Collections.nCopies(3, "n") + " " + Collections.disjoint(numbers, List.of(50)) + " " + Collections.indexOfSubList(numbers, List.of(8, 9)));
        List<Integer> squares = new AbstractList<>() {
            public Integer get(int index) {
                return index * index;
            }

            public int size() {
                return 6;
            }
        };
        System.out.println(squares + " " + squares.contains(16) + " " + squares.stream().mapToInt(n -> n).sum() + " " + squares.subList(2, 4).indexOf(9));
        attempt(() -> squares.add(3));
        Vector<Integer> vector = new Vector<>(List.of(3, 1, 2));
        vector.insertElementAt(9, 1);
        System.out.println(vector + " " + vector.elementAt(1) + " " + vector.lastElement() + " " + Collections.list(vector.elements()));
        int[] array = {5, 3, 9, 1};
        int[] copy = Arrays.copyOf(array, 6);
        Arrays.sort(copy, 0, 4);
        Arrays.fill(copy, 4, 6, 7);
        System.out.println(Arrays.toString(copy) + " " + Arrays.binarySearch(copy, 0, 4, 5) + " " + Arrays.equals(array, copy) + " " + Arrays.mismatch(array, copy) + " "
                + Arrays.compare(array, copy) + " " + Arrays.deepToString(new Object[] {1, new int[] {2}, new String[][] {{"x"}, null}}) + " "
                + Arrays.deepHashCode(new Object[] {new int[] {1}, "a"}) + " " + Arrays.deepEquals(new int[][] {{1}}, new int[][] {{1}}) + " " + Arrays.asList(1, null).hashCode());
        List<String> synced = Collections.synchronizedList(new ArrayList<>(List.of("s")));
        List<Integer> checked = Collections.checkedList(new ArrayList<>(), Integer.class);
        synced.add("t");
        attempt(() -> {
            @SuppressWarnings({"unchecked", "rawtypes"})
            List<Object> raw = (List) checked;
            raw.add("text");
        });
        System.out.println(synced + " " + List.copyOf(synced) + " " + Collections.unmodifiableList(synced).getClass().getSimpleName());
        try {
            Iterator<String> both = synced.iterator();
            both.next();
            synced.add("u");
            both.next();
        } catch (ConcurrentModificationException e) {
            System.out.println("changed");
        }
        Integer[] boxed = {3, 1, 2};
        Arrays.sort(boxed, Collections.reverseOrder());
        System.out.println(Arrays.toString(boxed) + " " + String.join(",", new ArrayList<>(Collections.singletonList("one"))) + " " + Arrays.stream(boxed).toList());
    }
}
