package coracle.natives;

import coracle.ffi.Memory;
import coracle.ffi.Platform;

final class jdk_internal_util_SystemProps$Raw {
    /* Places of SystemProps.Raw, in its order. */
    static final int DISPLAY_COUNTRY = 0, DISPLAY_LANGUAGE = 1, DISPLAY_SCRIPT = 2, DISPLAY_VARIANT = 3,
        FILE_ENCODING = 4, FILE_SEPARATOR = 5, FORMAT_COUNTRY = 6, FORMAT_LANGUAGE = 7, FORMAT_SCRIPT = 8,
        FORMAT_VARIANT = 9, TEMPORARY = 18, LINE_SEPARATOR = 19, ARCHITECTURE = 20, NAME = 21, VERSION = 22,
        PATH_SEPARATOR = 23, DATA_MODEL = 28, ENDIAN = 29, UNICODE_ENCODING = 31, JNU_ENCODING = 32,
        STDERR_ENCODING = 34, STDOUT_ENCODING = 35, USER_DIR = 36, USER_HOME = 37, USER_NAME = 38, COUNT = 39;

    /** Names and values in turn, ended by null. */
    static String[] vmProperties() {
        return Command.properties(null);
    }

    static String[] platformProperties() {
        String[] p = new String[COUNT];
        putLocale(p);
        putSystem(p);
        putUser(p);
        p[FILE_SEPARATOR] = "/";
        p[PATH_SEPARATOR] = ":";
        p[LINE_SEPARATOR] = "\n";
        p[TEMPORARY] = "/tmp";
        p[DATA_MODEL] = "64";
        p[ENDIAN] = "little";
        p[UNICODE_ENCODING] = "UnicodeLittle";
        p[USER_DIR] = currentFolder();
        return p;
    }

    private static void putLocale(String[] p) {
        String encoding = Locales.codeset();
        String[] messages = Locales.parts("LC_MESSAGES"), format = Locales.parts("LC_CTYPE");
        p[DISPLAY_LANGUAGE] = messages[0];
        p[DISPLAY_SCRIPT] = messages[1];
        p[DISPLAY_COUNTRY] = messages[2];
        p[DISPLAY_VARIANT] = messages[3];
        p[FORMAT_LANGUAGE] = format[0];
        p[FORMAT_SCRIPT] = format[1];
        p[FORMAT_COUNTRY] = format[2];
        p[FORMAT_VARIANT] = format[3];
        p[FILE_ENCODING] = encoding;
        p[JNU_ENCODING] = encoding;
        if (Libc.isatty(1) == 1) p[STDOUT_ENCODING] = encoding;
        if (Libc.isatty(2) == 1) p[STDERR_ENCODING] = encoding;
    }

    private static void putSystem(String[] p) {
        long buffer = Memory.stage((int) Platform.fact("struct utsname"));
        Libc.uname(buffer);
        p[NAME] = Text.at(buffer + Platform.fact("utsname.sysname"));
        p[VERSION] = Text.at(buffer + Platform.fact("utsname.release"));
        String machine = Text.at(buffer + Platform.fact("utsname.machine"));
        p[ARCHITECTURE] = machine.equals("x86_64") ? "amd64" : machine;
    }

    private static void putUser(String[] p) {
        String[] found = Users.find(Libc.getuid());
        p[USER_NAME] = found[0] != null ? found[0] : "?";
        p[USER_HOME] = found[1] != null ? found[1] : "?";
    }

    static String currentFolder() {
        int size = Libc.PATH_MAX();
        long buffer = Memory.stage(size);
        if (Libc.getcwd(buffer, size) == 0)
            throw new Error("Properties init: Could not determine current working directory.");
        return Text.at(buffer);
    }
}
