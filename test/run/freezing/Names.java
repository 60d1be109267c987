import java.io.File;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What depends on the locale stays what it was, wherever the program is thawed. */
public class Names {
    static String text(Object value) {
        return value.toString().chars().boxed().toList().toString();
    }

    static void tell() throws Exception {
        System.out.println("h\u00e9 " + Charset.defaultCharset() + " " + Locale.getDefault() + " " + System.getProperty("sun.jnu.encoding"));
        File file = new File("names/\u00e9");
        System.out.println(file.exists() + " " + text(file.getCanonicalPath()) + " " + text(Arrays.toString(new File("names").list())));
        try {
            System.out.println(Files.exists(Path.of("names/\u00e9")));
        } catch (java.nio.file.InvalidPathException e) {
            System.out.println("no such path");
        }
        try (java.util.stream.Stream<Path> paths = Files.list(Path.of("names"))) {
            System.out.println(text(paths.toList()));
        }
        Process process = new ProcessBuilder("printf", "\u00e9").start();
        System.out.println(Arrays.toString(process.getInputStream().readAllBytes()) + " " + process.waitFor());
    }

    static void here() { }

    public static void main(String[] arguments) throws Exception {
        tell();
        System.out.flush();
        here();
        tell();
    }
}
