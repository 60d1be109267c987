import java.text.BreakIterator;
import java.text.Normalizer;
import java.util.Locale;

/** Characters and code points: classes, case, surrogates, normal forms. */
public class Unicode {
    public static void main(String[] args) {
        int[] points = {0, 9, 0x20, 'A', 'z', '5', 0xa0, 0xb5, 0xdf, 0xe9, 0x130, 0x149, 0x1c5, 0x3a3, 0x3c2, 0x5d0, 0x661,
                0x904, 0x1e9e, 0x2028, 0x20ac, 0x2160, 0x3042, 0x4e00, 0xac00, 0xd800, 0xfb01, 0xfeff, 0xffff, 0x10400,
                0x1d7d8, 0x1f600, 0x20000, 0x10ffff};
        for (int p : points) {
            System.out.println(Integer.toHexString(p) + " " + Character.getType(p) + " " + Character.isLetter(p) + " "
                    + Character.isDigit(p) + " " + Character.isUpperCase(p) + " " + Character.isLowerCase(p) + " "
                    + Character.isTitleCase(p) + " " + Character.isWhitespace(p) + " " + Character.isSpaceChar(p) + " "
                    + Character.isIdeographic(p) + " " + Character.isMirrored(p) + " " + Character.getDirectionality(p) + " "
                    + Integer.toHexString(Character.toUpperCase(p)) + " " + Integer.toHexString(Character.toLowerCase(p)) + " "
                    + Integer.toHexString(Character.toTitleCase(p)) + " " + Character.getNumericValue(p) + " "
                    + Character.isJavaIdentifierPart(p) + " " + Character.charCount(p) + " " + Character.isDefined(p));
        }
        int letters = 0, upper = 0;
        for (int p = 0; p < 0x3000; p++) {
            letters += Character.isLetterOrDigit(p) ? 1 : 0;
            upper += Character.toUpperCase(p) != p ? 1 : 0;
        }
        System.out.println(letters + " " + upper);
        String text = "a\u00e9\u20ac\ud83d\ude00\ud800z";
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            System.out.print(Integer.toHexString(text.codePointAt(i)) + " ");
        }
        System.out.println(text.codePoints().count() + " " + Character.isSurrogatePair('\ud83d', '\ude00') + " "
                + (int) Character.highSurrogate(0x1f600) + " " + new StringBuilder(text).reverse().codePointAt(2));
        System.out.println("\u00c5ngstr\u00f6m \ufb01n \u03a3\u03a3".toLowerCase(Locale.ROOT) + " "
                + "stra\u00dfe \ufb01n \u0149".toUpperCase(Locale.ROOT) + " " + "TITLE".toLowerCase(Locale.forLanguageTag("tr")));
        for (Normalizer.Form form : Normalizer.Form.values()) {
            String normal = Normalizer.normalize("\u00e9 e\u0301 \ufb01 \u1e69 \uac00 \u212b", form);
            System.out.println(form + " " + normal.length() + " " + normal.hashCode() + " " + Normalizer.isNormalized(normal, form));
        }
        System.out.println(Character.getName('A') + ", " + Character.getName(0x1f6a3) + ", " + Character.codePointOf("EURO SIGN"));
        System.out.println(Character.UnicodeBlock.of('\u03a3') + " " + Character.UnicodeScript.of(0x3042) + " "
                + Character.UnicodeScript.forName("Latn"));
        BreakIterator words = BreakIterator.getWordInstance(Locale.ROOT);
        words.setText("Carry it home, then row.");
        int count = 0;
        while (words.next() != BreakIterator.DONE) {
            count++;
        }
        System.out.println(count);
        try {
            Character.toChars(0x110000);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }
}
