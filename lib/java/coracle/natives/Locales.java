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

    /* Whether some variable begins like this. */
    @coracle.ffi.Function(value = "environment_has", library = "coracle")
    private static native int environmentHas(byte[] beginning);

    /** The locale's name for "LC_CTYPE" or "LC_MESSAGES": the first of LC_ALL, the category and LANG that says something. */
    private static String named(String category) {
        String value = null;
        if (hasCategories) value = environment("LC_ALL");
        if (hasCategories && (value == null || value.isEmpty())) value = environment(category);
        if (value == null || value.isEmpty()) value = environment("LANG");
        return value == null || value.isEmpty() ? "C" : value;
    }

    @coracle.ffi.Function(value = "LC_ALL_MASK", library = "fact")
    private static native int LC_ALL_MASK();
    @coracle.ffi.Function(value = "LC_CTYPE_MASK", library = "fact")
    private static native int LC_CTYPE_MASK();

    private static final int UNKNOWN = 0, PLAIN = 1, NAMED = 2;

    /* Of the process: forgotten by a thaw. PLAIN: everything is "C", asked for or because the system lacks a locale. */
    private static int state;
    private static boolean hasCategories;
    private static String codeset;

    static void forget() {
        state = UNKNOWN;
    }

    /** What is asked only where the environment names categories. */
    static void rehearse() {
        boolean had = hasCategories;
        hasCategories = true;
        isUniform();
        named("LC_CTYPE");
        hasCategories = had;
    }

    private static boolean isC(String name) {
        return name.equals("C") || name.equals("POSIX");
    }

    /** Whether no category has a name of its own: then it is enough to look at one. */
    private static boolean isUniform() {
        if (!hasCategories) return true;
        String all = environment("LC_ALL");
        if (all != null && !all.isEmpty()) return true;
        String[] categories = {"LC_CTYPE", "LC_MESSAGES", "LC_NUMERIC", "LC_TIME", "LC_COLLATE", "LC_MONETARY", "LC_PAPER",
            "LC_NAME", "LC_ADDRESS", "LC_TELEPHONE", "LC_MEASUREMENT", "LC_IDENTIFICATION"};
        for (int i = 0; i < categories.length; i++) {
            String value = environment(categories[i]);
            if (value != null && !value.isEmpty()) return false;
        }
        return true;
    }

    private static final String C_UTF8 = "/usr/lib/locale/C.utf8/LC_CTYPE";

    /** Where glibc has it as a file, it need not be read: its name says all. */
    private static boolean isInstalledCUtf8(String name) {
        return (name.equals("C.UTF-8") || name.equals("C.utf8")) && environment("LOCPATH") == null && Libc.access(Text.stage(C_UTF8), 0) == 0;
    }

    private static void find() {
        hasCategories = environmentHas(Text.ascii("LC_")) != 0;
        boolean isUniform = isUniform();
        if (isUniform && isInstalledCUtf8(named("LC_CTYPE"))) {
            codeset = "UTF-8";
            state = NAMED;
            return;
        }
        long locale = isUniform && isC(named("LC_CTYPE")) ? 0 : Libc.newlocale(isUniform ? LC_CTYPE_MASK() : LC_ALL_MASK(), new byte[1], 0);
        codeset = locale == 0 ? "ANSI_X3.4-1968" : charset(locale);
        if (locale != 0) Libc.freelocale(locale);
        state = locale == 0 ? PLAIN : NAMED;
    }

    /** The name that the system says for the character set of text. */
    static String codeset() {
        if (state == UNKNOWN) find();
        return codeset;
    }

    private static String charset(long locale) {
        String name = Text.latin1(Memory.bytesAt(Libc.nl_langinfo_l(Libc.CODESET(), locale)));
        if (name.isEmpty()) return "ISO8859-1";
        if (name.equals("646")) return "ISO646-US";
        if (name.equals("EUC-JP")) return "EUC-JP-LINUX";
        return name;
    }

    /** Language, script, country and variant for a category; null where it says nothing. */
    static String[] parts(String category) {
        if (state == UNKNOWN) find();
        String name = state == PLAIN ? "C" : named(category);
        if (isC(name)) name = "en_US";
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
