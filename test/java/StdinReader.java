import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Map;
import java.util.TreeMap;

/** BufferedReader on standard input, with program arguments and system properties. */
public class StdinReader {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        Map<String, Integer> counts = new TreeMap<>();
        int lines = 0;
        for (String line; (line = in.readLine()) != null; lines++) {
            for (String word : line.toLowerCase().split("\\W+")) {
                if (!word.isEmpty()) {
                    counts.merge(word, 1, Integer::sum);
                }
            }
        }
        System.out.println(lines + " " + counts);
        System.out.println(in.read() + " " + System.in.read() + " " + System.in.available());
        System.out.println(args.length + " [" + String.join("|", args) + "]");
        System.out.println(System.getProperty("own.property") + " " + System.getProperty("flag") + "|" + System.getProperty("none", "default") + " " + Integer.getInteger("own.number")
                + " " + Boolean.getBoolean("own.flag"));
        for (String name : new String[] {"java.specification.version", "java.vm.specification.name", "file.separator", "path.separator", "os.name", "os.arch", "file.encoding", "user.dir", "java.class.version",
                "sun.jnu.encoding", "native.encoding", "java.specification.name"}) {
            String value = System.getProperty(name);
            System.out.println(name + " " + (name.equals("user.dir") ? value.length() > 1 : value));
        }
        System.out.println(System.lineSeparator().length() + " " + (System.getenv("PATH") != null) + " " + System.getenv("no such variable") + " " + System.getenv("TZ") + " " + (System.currentTimeMillis() > 1600000000000L)
                + " " + (Runtime.getRuntime().availableProcessors() > 0) + " " + Runtime.version().feature() + " " + (ProcessHandle.current().pid() > 1) + " " + (System.console() == null));
        System.setProperty("own.property", "changed");
        System.out.println(System.getProperty("own.property") + " " + System.clearProperty("own.property") + " " + System.getProperties().containsKey("own.property"));
    }
}
