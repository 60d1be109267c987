import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Currency;
import java.util.ListResourceBundle;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.StringTokenizer;
import java.util.TreeMap;

/** Properties, resource bundles, locales, and small helpers of java.util. */
public class PropertiesAndResources {
    public static class Texts extends ListResourceBundle {
        @Override
        protected Object[][] getContents() {
            return new Object[][] {{"greeting", "hello"}, {"count", 3}};
        }
    }

    public static class Texts_de extends ListResourceBundle {
        @Override
        protected Object[][] getContents() {
            return new Object[][] {{"greeting", "hallo"}};
        }
    }

    public static void main(String[] args) throws Exception {
        Properties properties = new Properties(new Properties());
        properties.load(new StringReader("# comment\n a = 1\nb:two words \\\n   continued\n! other\nkey\\ with\\ space=x\\u20acy\\tz\nempty\nc  d\n"));
        System.out.println(new TreeMap<>(properties) + " " + properties.getProperty("none", "default") + " " + properties.getProperty("empty").isEmpty() + " " + properties.stringPropertyNames().size());
        StringWriter out = new StringWriter();
        Properties one = new Properties();
        one.setProperty("sp ace", "v\u00e4l=ue\n");
        one.store(out, "header");
        System.out.println(Arrays.asList(out.toString().split("\n")).stream().filter(line -> !line.startsWith("#")).toList());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        one.store(bytes, null);
        Properties back = new Properties();
        back.load(new ByteArrayInputStream(bytes.toByteArray()));
        System.out.println(back.equals(one));
        String base = "PropertiesAndResources$Texts";
        ResourceBundle german = ResourceBundle.getBundle(base, Locale.GERMANY), root = ResourceBundle.getBundle(base, Locale.ROOT);
        System.out.println(german.getString("greeting") + " " + german.getObject("count") + " " + root.getString("greeting") + " " + german.getLocale() + " " + german.containsKey("count"));
        try {
            german.getString("missing");
        } catch (MissingResourceException e) {
            System.out.println(e.getMessage());
        }
        try {
            ResourceBundle.getBundle("no.such.Bundle", Locale.FRANCE);
        } catch (MissingResourceException e) {
            System.out.println(e.getMessage());
        }
        Locale locale = Locale.forLanguageTag("zh-Hant-TW");
        System.out.println(locale + " " + locale.getScript() + " " + locale.toLanguageTag() + " " + Locale.US.getDisplayCountry(Locale.ENGLISH) + " " + new Locale("de", "CH").equals(Locale.forLanguageTag("de-CH")) + " "
                + Locale.JAPAN.getISO3Country() + " " + Currency.getInstance("EUR").getDefaultFractionDigits() + " " + Locale.getDefault());
        StringTokenizer tokens = new StringTokenizer("a+b-c", "+-", true);
        StringBuilder seen = new StringBuilder();
        while (tokens.hasMoreTokens()) {
            seen.append(tokens.nextToken()).append(' ');
        }
        System.out.println(seen + " " + tokens.countTokens());
        System.out.println(Objects.hash(1, "a", null) + " " + Objects.equals(null, null) + " " + Objects.toString(null, "none") + " " + Objects.requireNonNullElse(null, 5) + " " + Objects.checkIndex(2, 3) + " " + Objects.compare(1, 2, Integer::compare));
        System.out.println(ServiceLoader.load(Runnable.class).findFirst().equals(Optional.empty()));
    }
}
