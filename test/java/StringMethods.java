import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** The methods of String, in Latin-1 and in UTF-16. */
public class StringMethods {
    static void attempt(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            System.out.println(e);
        }
    }

    public static void main(String[] args) {
        String[] words = {"", "a", "Coracle", "stra\u00dfe", "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2", "na\u00efve caf\u00e9",
                "\ud83d\udea3 rows", "tab\tand\nline ", "  padded  ", "aaaa"};
        for (String word : words) {
            System.out.println("[" + word + "] " + word.length() + " " + word.hashCode() + " " + word.isEmpty() + " "
                    + word.isBlank() + " [" + word.trim() + "] [" + word.strip() + "] [" + word.stripLeading() + "] "
                    + word.toUpperCase(Locale.ROOT) + " " + word.toLowerCase(Locale.ROOT) + " "
                    + word.codePointCount(0, word.length()) + " " + word.indexOf('a') + " " + word.lastIndexOf("a") + " "
                    + word.replace('a', 'o') + " " + word.replace("aa", "b") + " " + word.contains("ra") + " "
                    + word.startsWith("Co") + " " + word.endsWith("e") + " " + word.compareTo("b") + " "
                    + word.compareToIgnoreCase("CORACLE") + " " + word.repeat(2) + " " + word.concat("!"));
        }
        System.out.println("a,b,,c,,".split(",").length + " " + Arrays.toString("a,b,,c,,".split(",", -1)) + " "
                + Arrays.toString("a1b22c".split("[0-9]+")) + " " + Arrays.toString("abc".split("")) + " "
                + Arrays.toString("a.b.c".split("\\.", 2)));
        System.out.println(String.join("-", "x", "y", "z") + " " + String.join("/", List.of("p", "q")));
        System.out.println(new StringJoiner(", ", "{", "}").add("1").add("2") + " " + new StringJoiner("-").setEmptyValue("none"));
        System.out.println("coracle".substring(3) + " " + "coracle".substring(2, 4) + " " + "coracle".subSequence(0, 3) + " "
                + "x".charAt(0) + " " + "coracle".indexOf("c", 1) + " " + "coracle".lastIndexOf('c', 4));
        System.out.println("Ab".equalsIgnoreCase("aB") + " " + "abc".regionMatches(true, 1, "XBC", 1, 2) + " "
                + "abc".contentEquals(new StringBuilder("abc")) + " " + "abc".matches("[a-c]+"));
        System.out.println("one\ntwo\r\nthree\n".lines().collect(Collectors.toList()));
        System.out.println("b c a".chars().filter(c -> c != ' ').sorted().mapToObj(c -> "" + (char) c).collect(Collectors.joining()));
        System.out.println("a1b2".replaceAll("[0-9]", "<$0>") + " " + "a1b2".replaceFirst("[0-9]", ""));
        System.out.println(String.valueOf(new char[] {'c', 'h'}) + String.valueOf(3.5f) + String.copyValueOf(new char[] {'a', 'b', 'c'}, 1, 2));
        for (String word : words) {
            byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
            byte[] latin = word.getBytes(StandardCharsets.ISO_8859_1);
            byte[] utf16 = word.getBytes(StandardCharsets.UTF_16BE);
            byte[] ascii = word.getBytes(StandardCharsets.US_ASCII);
            System.out.println(Arrays.hashCode(utf8) + " " + Arrays.hashCode(latin) + " " + Arrays.hashCode(utf16) + " "
                    + Arrays.hashCode(ascii) + " " + new String(utf8, StandardCharsets.UTF_8).equals(word) + " "
                    + new String(utf16, StandardCharsets.UTF_16BE).equals(word) + " " + new String(latin, StandardCharsets.ISO_8859_1));
        }
        System.out.println(new String(new byte[] {(byte) 0xc3, 0x28, (byte) 0xf0, (byte) 0x9f, 'x'}, StandardCharsets.UTF_8));
        System.out.println("\ud800x".getBytes(StandardCharsets.UTF_8)[0]);
        System.out.println("%s has %d".formatted("it", 3) + " " + "  a\n b".stripIndent() + " " + "a\\tb".translateEscapes());
        System.out.println("ab".indent(2).length() + " " + "x".transform(x -> x + "y") + " " + "abc".describeConstable().get());
        attempt(() -> "abc".charAt(3));
        attempt(() -> "abc".charAt(-1));
        attempt(() -> "abc".substring(4));
        attempt(() -> "abc".substring(2, 1));
        attempt(() -> "abc".repeat(-1));
        attempt(() -> "abc".codePointAt(5));
        attempt(() -> new String(new byte[3], 2, 5, StandardCharsets.UTF_8));
        attempt(() -> "abc".compareTo(null));
    }
}
