package coracle.natives;

import coracle.ffi.Memory;

/** What the environment says of language and character set. */
final class Locales {
    private Locales() {}

    /** The value of an environment variable as ASCII or Latin-1; null: not set. */
    static String environment(String name) {
        long at = Libc.getenv(Text.ascii(name));
        return at == 0 ? null : Text.latin1(Memory.bytesAt(at));
    }

    /** The locale's name for "LC_CTYPE" or "LC_MESSAGES": the first of LC_ALL, the category and LANG that says something. */
    private static String named(String category) {
        String value = environment("LC_ALL");
        if (value == null || value.isEmpty()) value = environment(category);
        if (value == null || value.isEmpty()) value = environment("LANG");
        return value == null || value.isEmpty() ? "C" : value;
    }

    @coracle.ffi.Function(value = "LC_ALL_MASK", library = "fact")
    private static native int LC_ALL_MASK();

    /** As the environment asks for; 0 when the system lacks one of the locales, and then everything is "C". */
    private static long open() {
        return Libc.newlocale(LC_ALL_MASK(), new byte[1], 0);
    }

    /** The name that the system says for the character set of text. */
    static String codeset() {
        long locale = open();
        if (locale == 0) return "ANSI_X3.4-1968";
        String name = Text.latin1(Memory.bytesAt(Libc.nl_langinfo_l(Libc.CODESET(), locale)));
        Libc.freelocale(locale);
        if (name.isEmpty()) return "ISO8859-1";
        if (name.equals("646")) return "ISO646-US";
        if (name.equals("EUC-JP")) return "EUC-JP-LINUX";
        return name;
    }

    /** Language, script, country and variant for a category; null where it says nothing. */
    static String[] parts(String category) {
        long locale = open();
        String name = locale == 0 ? "C" : named(category);
        if (locale != 0) Libc.freelocale(locale);
        if (name.equals("C") || name.equals("POSIX")) name = "en_US";
        else if (name.startsWith("C.")) name = "en";
        String variant = null, country = null, script = null;
        int at = name.indexOf('@');
        if (at >= 0) {
            variant = name.substring(at + 1);
            name = name.substring(0, at);
        }
        int dot = name.indexOf('.');
        if (dot >= 0) name = name.substring(0, dot);
        int line = name.indexOf('_');
        if (line >= 0) {
            country = name.substring(line + 1);
            name = name.substring(0, line);
        }
        if (variant != null) {
            if (variant.equals("latin")) script = "Latn";
            else if (variant.equals("cyrillic")) script = "Cyrl";
            else if (variant.equals("arabic")) script = "Arab";
            else if (variant.equals("devanagari")) script = "Deva";
            else if (variant.equals("iqtelif")) script = "Latn";
            if (script != null) variant = null;
            else if (variant.equals("euro") || !isVariant(variant)) variant = variant.equals("euro") ? "EURO" : null;
        }
        if (name.isEmpty()) name = "en";
        return new String[] {name, script, country, variant};
    }

    private static boolean isVariant(String variant) {
        return variant.equals("nynorsk") || variant.equals("bokmal");
    }
}
