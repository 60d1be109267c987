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
        return orC(value);
    }

    private static String orC(String name) {
        return name == null || name.isEmpty() ? "C" : name;
    }

    @coracle.ffi.Function(value = "LC_ALL_MASK", library = "fact")
    private static native int LC_ALL_MASK();
    @coracle.ffi.Function(value = "LC_CTYPE_MASK", library = "fact")
    private static native int LC_CTYPE_MASK();

    private static final int UNKNOWN = 0, PLAIN = 1, NAMED = 2;

    /* A frozen program keeps them. PLAIN: everything is "C", asked for or because the system lacks a locale. */
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

    /** What is asked only where the locale is not C.UTF-8. */
    static void rehearseOthers() {
        find("C", true);
        find("de_DE.UTF-8", false);
        forget();
        partsOf(null);
        partsOf("de_DE.UTF-8");
        partsOf("sr_RS.UTF-8@latin");
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
        find(named("LC_CTYPE"), isUniform());
    }

    private static void find(String name, boolean isUniform) {
        if (isUniform && isInstalledCUtf8(name)) {
            codeset = "UTF-8";
            state = NAMED;
            return;
        }
        long locale = isUniform && isC(name) ? 0 : Libc.newlocale(isUniform ? LC_CTYPE_MASK() : LC_ALL_MASK(), new byte[1], 0);
        state = locale == 0 ? PLAIN : NAMED;
        codeset = charset(locale);
        if (locale != 0) Libc.freelocale(locale);
    }

    /** The name that the system says for the character set of text. */
    static String codeset() {
        if (state == UNKNOWN) find();
        return codeset;
    }

    private static String charset(long locale) {
        if (locale == 0) return "ANSI_X3.4-1968";
        String name = Text.latin1(Memory.bytesAt(Libc.nl_langinfo_l(Libc.CODESET(), locale)));
        if (name.isEmpty()) return "ISO8859-1";
        if (name.equals("646")) return "ISO646-US";
        if (name.equals("EUC-JP")) return "EUC-JP-LINUX";
        return name;
    }

    /** Language, script, country and variant for a category; null where it says nothing. */
    static String[] parts(String category) {
        if (state == UNKNOWN) find();
        return partsOf(state == PLAIN ? null : named(category));
    }

    /** As the JDK takes names apart: language_COUNTRY.codeset@modifier, where a modifier may be a script or a variant. */
    private static String[] partsOf(String name) {
        name = orC(name);
        if (isC(name)) name = "en";
        String variant = null, country = null, script = null;
        int at = name.indexOf('@');
        if (at >= 0) {
            String modifier = name.substring(at + 1);
            script = scriptOf(modifier);
            if (modifier.equals("nynorsk")) variant = "NY";
            name = name.substring(0, at);
        }
        int dot = name.indexOf('.');
        if (dot >= 0) name = name.substring(0, dot);
        int line = name.indexOf('_');
        if (line >= 0) {
            country = name.substring(line + 1);
            if (country.equals("YU")) country = "CS";
            name = name.substring(0, line);
        } else {
            country = usualCountry(name);
        }
        return new String[] {javaLanguage(name), script, country, variant};
    }

    private static String scriptOf(String modifier) {
        switch (modifier) {
        case "latin": case "iqtelif": return "Latn";
        case "cyrillic": return "Cyrl";
        case "devanagari": return "Deva";
        default: return null;
        }
    }

    private static final String COUNTRIES = "ar_EG be_BY bg_BG br_FR ca_ES cs_CZ cz_CZ da_DK de_DE el_GR en_US es_ES et_EE eu_ES fi_FI "
        + "fr_FR ga_IE gl_ES he_IL hr_HR hs_US hu_HU id_ID in_ID is_IS it_IT iw_IL ja_JP kl_GL ko_KR lt_LT lv_LV mk_MK nl_NL no_NO "
        + "pl_PL pt_PT ro_RO ru_RU se_NO sk_SK sl_SI sq_AL sr_CS su_FI sv_SE th_TH tr_TR ua_US uk_UA vi_VN wa_BE zh_CN ";

    /** Where a name says none; null if there is none. */
    private static String usualCountry(String language) {
        int at = language.length() == 2 ? COUNTRIES.indexOf(language + '_') : -1;
        return at < 0 ? null : COUNTRIES.substring(at + 3, at + 5);
    }

    /** The name that the JDK has for the one that the system has. */
    private static String javaLanguage(String name) {
        switch (name) {
        case "C": case "POSIX": case "hs": case "ua": return "en";
        case "cz": return "cs";
        case "he": return "iw";
        case "id": return "in";
        case "sh": return "sr";
        case "su": return "fi";
        default: return name;
        }
    }
}
