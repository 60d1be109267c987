import java.util.TreeMap;

/** Is frozen when half is called; what it says then depends on objects, classes and a stack of before. */
public class Half {
    static final TreeMap<String, Integer> NUMBERS = new TreeMap<>();

    static int half(int n) {
        return n / 2;
    }

    public static void main(String[] args) {
        for (int i = 0; i < 100; i++) NUMBERS.put("number " + i, i);
        int sum = NUMBERS.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println(sum + " " + half(sum) + " " + NUMBERS.lastKey());
    }
}
