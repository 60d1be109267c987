import java.util.Arrays;
import java.util.Comparator;

/** Sorting: a quicksort of ints written out, and the library's sort of objects with a comparator. */
public class Sort {
    record Item(int key, String name) { }

    static void quick(int[] a, int low, int high) {
        while (low < high) {
            int pivot = a[low + high >>> 1], i = low, j = high;
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
            quick(a, low, j);
            low = i;
        }
    }

    public static void main(String[] args) {
        int n = 900000;
        int[] numbers = new int[n];
        int x = 1;
        for (int i = 0; i < n; i++) {
            x = x * 1103515245 + 12345;
            numbers[i] = x >>> 8;
        }
        quick(numbers, 0, n - 1);
        long digest = 0;
        for (int i = 0; i < n; i++) {
            digest = digest * 31 + numbers[i];
        }
        Item[] items = new Item[130000];
        for (int i = 0; i < items.length; i++) {
            x = x * 1103515245 + 12345;
            items[i] = new Item(x >>> 18, "name" + (x >>> 24));
        }
        Arrays.sort(items, Comparator.comparing(Item::name).thenComparingInt(Item::key));
        for (Item item : items) {
            digest = digest * 31 + item.key();
        }
        System.out.println(digest);
    }
}
