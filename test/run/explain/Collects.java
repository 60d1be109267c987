import java.time.LocalDate;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Runs much code and then collects: frames of the class library's threads are built for code that counts. */
public class Collects {
    public static void main(String[] args) throws Exception {
        System.out.println(String.format(Locale.ROOT, "%08.3f %s %x", 3.5, "text", 255));
        System.out.println(Pattern.compile("(a+)(b|c)*").matcher("xaabcbx").replaceAll("<$1>"));
        System.out.println(IntStream.range(0, 20).boxed().collect(Collectors.groupingBy(i -> i % 3, Collectors.summingInt(i -> i))));
        System.out.println(LocalDate.of(2024, 2, 28).plusDays(2).getDayOfWeek());
        System.out.println(new java.math.BigDecimal("1.10").multiply(new java.math.BigDecimal("3.333")).toPlainString());
        var document = javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(
            new java.io.ByteArrayInputStream("<a b='c'><d>text</d><!-- e --></a>".getBytes()));
        System.out.println(document.getDocumentElement().getFirstChild().getTextContent());
        System.gc();
        int total = 0;
        for (int i = 0; i < 300; i++) total += new byte[1 << 16].length;
        System.gc();
        System.out.println(total);
    }
}
