import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;

/** Sorting algorithms written out, and the library's, on many shapes of input. */
public class Sorting {
    static void quick(int[] a, int low, int high) {
        while (low < high) {
            int pivot = a[(low + high) >>> 1], i = low, j = high;
            while (i <= j) {
                while (a[i] < pivot) {
                    i++;
                }
                while (a[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    int swap = a[i];
                    a[i++] = a[j];
                    a[j--] = swap;
                }
            }
            if (j - low < high - i) {
                quick(a, low, j);
                low = i;
            } else {
                quick(a, i, high);
                high = j;
            }
        }
    }

    static void merge(long[] a, long[] scratch, int from, int to) {
        if (to - from < 2) {
            return;
        }
        int middle = from + (to - from) / 2;
        merge(a, scratch, from, middle);
        merge(a, scratch, middle, to);
        for (int i = from, j = middle, k = from; k < to; k++) {
            scratch[k] = j >= to || i < middle && a[i] <= a[j] ? a[i++] : a[j++];
        }
        System.arraycopy(scratch, from, a, from, to - from);
    }

    static <T> void heap(T[] a, Comparator<? super T> order) {
        for (int end = a.length, start = a.length / 2; end > 1; ) {
            if (start > 0) {
                start--;
            } else {
                T swap = a[--end];
                a[end] = a[0];
                a[0] = swap;
            }
            int root = start;
            for (int child; (child = root * 2 + 1) < end; root = child) {
                if (child + 1 < end && order.compare(a[child], a[child + 1]) < 0) {
                    child++;
                }
                if (order.compare(a[root], a[child]) >= 0) {
                    break;
                }
                T swap = a[root];
                a[root] = a[child];
                a[child] = swap;
            }
        }
    }

    static void shell(double[] a) {
        for (int gap = a.length / 2; gap > 0; gap /= 2) {
            for (int i = gap; i < a.length; i++) {
                double value = a[i];
                int j = i;
                for (; j >= gap && a[j - gap] > value; j -= gap) {
                    a[j] = a[j - gap];
                }
                a[j] = value;
            }
        }
    }

    static int[] shape(int kind, int size) {
        Random random = new Random(size + kind);
        int[] a = new int[size];
        for (int i = 0; i < size; i++) {
            a[i] = switch (kind) {
                case 0 -> random.nextInt();
                case 1 -> i;
                case 2 -> size - i;
                case 3 -> random.nextInt(5);
                case 4 -> i % 17 * (i % 3 == 0 ? -1 : 1);
                default -> i < size - 3 ? i : random.nextInt(size);
            };
        }
        return a;
    }

    record Item(String name, int rank) { }

    public static void main(String[] args) {
        for (int kind = 0; kind < 6; kind++) {
            for (int size : new int[] {0, 1, 2, 47, 300, 3000}) {
                int[] original = shape(kind, size), a = original.clone(), b = original.clone();
                long[] c = Arrays.stream(original).asLongStream().toArray();
                double[] d = Arrays.stream(original).asDoubleStream().toArray();
                Integer[] e = Arrays.stream(original).boxed().toArray(Integer[]::new), f = e.clone();
                quick(a, 0, size - 1);
                Arrays.sort(b);
                merge(c, new long[size], 0, size);
                shell(d);
                heap(e, Comparator.naturalOrder());
                Arrays.sort(f, Comparator.reverseOrder());
                boolean same = Arrays.equals(a, b) && Arrays.equals(Arrays.stream(b).asLongStream().toArray(), c)
                        && Arrays.equals(Arrays.stream(b).asDoubleStream().toArray(), d);
                for (int i = 0; i < size; i++) {
                    same &= e[i] == b[i] && f[size - 1 - i] == b[i];
                }
                System.out.print(same + ":" + Arrays.hashCode(b) + " ");
            }
            System.out.println();
        }
        Item[] items = new Item[200];
        for (int i = 0; i < items.length; i++) {
            items[i] = new Item("n" + i * 7 % 13, i * 31 % 10);
        }
        Arrays.sort(items, Comparator.comparing(Item::name));
        Arrays.sort(items, Comparator.comparingInt(Item::rank));
        System.out.println(items[0] + " " + items[100] + " " + items[199] + " " + Arrays.hashCode(items));
        char[] chars = "the quick brown fox".toCharArray();
        Arrays.sort(chars);
        byte[] bytes = new byte[1000];
        new Random(1).nextBytes(bytes);
        Arrays.sort(bytes);
        String[] words = "delta Alpha charlie Bravo echo".split(" ");
        Arrays.sort(words);
        String[] ignoring = words.clone();
        Arrays.sort(ignoring, String.CASE_INSENSITIVE_ORDER);
        System.out.println(new String(chars).trim() + " " + bytes[0] + " " + bytes[999] + " " + Arrays.toString(words) + " " + Arrays.toString(ignoring));
        try {
            Integer[] broken = new Integer[64];
            for (int i = 0; i < broken.length; i++) {
                broken[i] = i * 37 % 64;
            }
            int[] calls = {0};
            Arrays.sort(broken, (x, y) -> calls[0]++ % 3 == 0 ? 1 : -1);
            System.out.println("not noticed");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }
}
