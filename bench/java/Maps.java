import java.util.HashMap;
import java.util.Map;

/** Hash maps with boxed and string keys. */
public class Maps {
    public static void main(String[] args) {
        long digest = 0;
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int round = 0; round < 26; round++) {
            for (int i = 0; i < 50000; i++) {
                numbers.merge(i * 7919 % 30011, round, Integer::sum);
            }
            for (int i = 0; i < 50000; i++) {
                Integer value = numbers.get(i);
                digest = digest * 31 + (value == null ? -1 : value);
            }
        }
        Map<String, int[]> words = new HashMap<>();
        String[] keys = new String[2000];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "word" + i;
        }
        for (int round = 0; round < 500; round++) {
            for (String key : keys) {
                int[] cell = words.get(key);
                if (cell == null) {
                    words.put(key, cell = new int[1]);
                }
                cell[0] += round;
            }
        }
        for (Map.Entry<String, int[]> entry : words.entrySet()) {
            digest += entry.getKey().hashCode() * (long) entry.getValue()[0];
        }
        System.out.println(digest);
    }
}
