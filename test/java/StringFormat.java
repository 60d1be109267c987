import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.MessageFormat;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;

/** String.format, DecimalFormat, MessageFormat. */
public class StringFormat {
    static void show(String format, Object... values) {
        try {
            System.out.println(format + " -> [" + String.format(Locale.ROOT, format, values) + "]");
        } catch (RuntimeException e) {
            System.out.println(format + " -> " + e);
        }
    }

    public static void main(String[] args) {
        show("%d %5d %-5d| %05d %+d %,d %(d % d", 1, 2, 3, 4, 5, 1234567, -6, 7);
        show("%x %X %#x %o %08x %x", 255, 255, 255, 8, 48879, -1L);
        show("%f %.2f %10.3f %-10.1f| %e %.3E %g %a", 1.5, 2.345, 3.14159, 2.05, 12345.678, 0.00012, 0.0001, 1.0);
        show("%.0f %.0f %.0f %.1f %.1f %.3f", 0.5, 1.5, 2.5, 0.25, 0.35, 1e-10);
        show("%f %e %s %s", Double.NaN, Double.POSITIVE_INFINITY, -0.0, 1e21);
        show("%s %10s %-10s| %.2s %S %s %s", "abc", "abc", "abc", "abc", "abc", null, new int[0].length);
        show("%c %C %c %b %B %b %h %n%%", 'x', 'y', 0x1f600, true, "x", null, "hash");
        show("%2$s %1$s %<s %s %s", "first", "second");
        show("%,.2f %,d %s", new BigDecimal("12345678.905"), new BigInteger("123456789012345678901"), BigInteger.TEN.pow(30));
        show("%d", "text");
        show("%d");
        show("%q", 1);
        show("%-d", 1);
        show("%.3d", 1);
        show("%c", 0x110000);
        show("%05s", "x");
        show("%#s", "x");
        Calendar when = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
        when.setTimeInMillis(1234567890123L);
        show("%tY-%<tm-%<td %<tH:%<tM:%<tS.%<tL %<tZ %<tj %<ts %<tA %<tB %<tp", when);
        show("%tF %<tT %<tD %<tr", when);
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
        for (String pattern : new String[] {"0", "#,##0.00", "0.###", "00000", "0.00E0", "#%", "\u00a4#,##0;(#)", "##0.#####E0"}) {
            DecimalFormat format = new DecimalFormat(pattern, symbols);
            System.out.println(pattern + " " + format.format(1234.5678) + " " + format.format(-0.125) + " " + format.format(99999999L));
        }
        System.out.println(new MessageFormat("{0} of {1,number,integer}: {2}", Locale.ROOT).format(new Object[] {"a", 1234, null}));
        System.out.println(new MessageFormat("{0,choice,0#none|1#one|1<many {0}} '{'quoted'}'", Locale.ROOT).format(new Object[] {3}));
        System.out.printf("%s and %s%n", "printf", 1);
        System.out.format(Locale.GERMANY, "%,.2f%n", 12345.678);
        StringBuilder sink = new StringBuilder();
        try (java.util.Formatter formatter = new java.util.Formatter(sink, Locale.ROOT)) {
            for (int i = 0; i < 50; i++) {
                formatter.format("%3d|%-6s|%8.3f;", i, Integer.toHexString(i * 77), i / 7.0);
            }
        }
        System.out.println(sink.length() + " " + sink.toString().hashCode());
    }
}
