import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** OutOfMemoryError: caught and survived, several times, by large arrays, lists, strings and maps. */
public class OutOfMemory {
    static Object sink;

    static String fill(int kind) {
        List<Object> keep = new ArrayList<>();
        try {
            for (int i = 0; ; i++) {
                switch (kind) {
                    case 0 -> keep.add(new byte[1 << 20]);
                    case 1 -> keep.add(new long[100]);
                    case 2 -> keep.add(new Object[] {keep, i, "x" + i});
                    default -> keep.add(new int[50][50]);
                }
            }
        } catch (OutOfMemoryError e) {
            boolean some = keep.size() > 10;
            keep = null;
            return e.getMessage() + " " + some;
        }
    }

    static int survive() {
        Map<Integer, String> map = new HashMap<>();
        for (int i = 0; i < 20000; i++) {
            map.put(i, "value " + i);
        }
        int total = 0;
        for (String value : map.values()) {
            total += value.length();
        }
        return total;
    }

    public static void main(String[] args) throws Exception {
        for (int round = 0; round < 2; round++) {
            for (int kind = 0; kind < 4; kind++) {
                System.out.println(kind + " " + fill(kind) + " " + survive());
            }
        }
        try {
            sink = new long[Integer.MAX_VALUE - 8];
            System.out.println("that was large");
        } catch (OutOfMemoryError e) {
            System.out.println(e);
        }
        try {
            sink = new int[100000][100000];
            System.out.println("that was large");
        } catch (OutOfMemoryError e) {
            System.out.println(e);
        }
        sink = null;
        int[][] lengths = {{Integer.MAX_VALUE}, {Integer.MAX_VALUE - 1}, {Integer.MAX_VALUE - 2}, {2, Integer.MAX_VALUE}, {Integer.MAX_VALUE, 2}, {1, 1, Integer.MAX_VALUE}};
        for (int[] each : lengths) {
            try {
                sink = java.lang.reflect.Array.newInstance(byte.class, each);
                System.out.println("that was large");
            } catch (OutOfMemoryError e) {
                System.out.println(e);
            }
            try {
                sink = each.length == 1 ? java.lang.reflect.Array.newInstance(byte.class, each[0])
                        : each.length == 2 ? new byte[each[0]][each[1]] : new byte[each[0]][each[1]][each[2]];
                System.out.println("that was large");
            } catch (OutOfMemoryError e) {
                System.out.println(e);
            }
        }
        sink = null;
        try {
            StringBuilder text = new StringBuilder("0123456789abcdef");
            while (true) {
                text.append(text);
            }
        } catch (OutOfMemoryError e) {
            System.out.println("text: " + e.getClass().getName());
        }
        Thread thread = new Thread(() -> {
            List<Object> keep = new ArrayList<>();
            while (true) {
                keep.add(new byte[100000]);
            }
        });
        thread.setUncaughtExceptionHandler((t, e) -> System.out.println("thread died of " + e));
        thread.start();
        thread.join();
        System.out.println(survive() + " " + (Runtime.getRuntime().maxMemory() <= 64 << 20));
    }
}
