import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a text file, counts its words, and prints the most frequent ones. */
public class WordCount {
    public static void main(String[] arguments) throws IOException {
        Path path = Path.of(arguments[0]);
        int wanted = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        Map<String, Integer> counts = new HashMap<>();
        int lines = 0, total = 0;
        for (String line : Files.readAllLines(path)) {
            lines++;
            for (String word : line.toLowerCase().split("[^a-z]+")) {
                if (!word.isEmpty()) {
                    counts.merge(word, 1, Integer::sum);
                    total++;
                }
            }
        }
        List<Map.Entry<String, Integer>> entries = new ArrayList<>(counts.entrySet());
        entries.sort(Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        System.out.printf("%s: %d lines, %d words, %d different%n", path.getFileName(), lines, total, counts.size());
        for (Map.Entry<String, Integer> entry : entries.subList(0, Math.min(wanted, entries.size()))) {
            System.out.printf("%6d  %s%n", entry.getValue(), entry.getKey());
        }
    }
}
