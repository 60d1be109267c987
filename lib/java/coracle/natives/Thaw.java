package coracle.natives;

import java.io.FileDescriptor;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import jdk.internal.loader.ClassLoaders;
import jdk.internal.loader.URLClassPath;
import jdk.internal.misc.Unsafe;
import jdk.internal.misc.VM;
import jdk.internal.util.SystemProps;

/**
 * What in the class library's statics comes from the host, the process or the command line, and what a thaw does to it.
 *
 *     static                                            from                    java.image    a frozen program
 *     Text, Locales                                     locale                  forgotten     kept
 *     Signal's handlers                                 process                 set again     set again
 *     FileDescriptor.in, out, err: append               process                 read again    read again
 *     ThreadLocalRandom.seeder                          time                    new           new
 *     File.fs: caches of canonical paths                file system             emptied       emptied
 *     System.props, VM.savedProps, StaticProperty       all three               new           kept
 *     VM.directMemory, pageAlignDirectMemory            command line            new           kept
 *     nio.Bits.MAX_MEMORY                               command line            new           kept
 *     File.fs: userDir; default Path's folder           process                 new           kept
 *     sun.nio.fs.Util.jnuEncoding                       locale                  new           kept
 *     Charset.defaultCharset, Locale.default...         locale                  new           kept
 *     System.in, out, err                               locale                  new           kept
 *     ClassLoaders.APP_LOADER: ucp                      command line            new           kept
 *     NativeLibraries.LibraryPaths: USER_PATHS          all three               new           kept
 *     ImmutableCollections.SALT32L, REVERSE             time                    kept: tables depend on it
 *     ConcurrentHashMap.NCPU                            processors              kept: a hint only
 *     UnsafeConstants.PAGE_SIZE                         page size               the machine's
 */
final class Thaw {
    private static final Unsafe U = Fields.U;

    private Thaw() {}

    /** A frozen program goes on. */
    static void resume() throws Exception {
        prepare();
        jdk_internal_misc_Signal.restore();
        standardStream(FileDescriptor.in, 0);
        standardStream(FileDescriptor.out, 1);
        standardStream(FileDescriptor.err, 2);
        reseed();
        forgetPaths();
        Command.restore();
    }

    /** The booted class library of java.image serves a new process, as if it had been booted there. */
    static void start() throws Exception {
        Text.forget();
        resume();
        String[] machine = Command.properties(machineBefore), platform = jdk_internal_util_SystemProps$Raw.platformProperties();
        if (differInValuesOnly(machine, platform)) changeProperties(machine, platform);
        else makeProperties();
        setClassPath(System.getProperty("java.class.path"), System.getProperty("jdk.module.main"));
    }

    /** All of it, as the class library does it when it boots. */
    private static void makeProperties() throws Exception {
        Map<String, String> before = VM.getSavedProperties(), now = SystemProps.initProperties();
        keepVersions(before, now);
        properties(before, now);
        staticProperties();
        put(CHARSET, null);
        makeLocale();
        put(PATH_ENCODING, Charset.forName(now.get("sun.jnu.encoding")));
        encode(System.out, now.get("sun.stdout.encoding"));
        encode(System.err, now.get("sun.stderr.encoding"));
    }

    /** From the properties, as Locale does it when it is initialised. */
    private static void makeLocale() throws Exception {
        put(LOCALE, initDefault.invoke(null));
        put(DISPLAY, null); /* made when asked for */
        put(FORMAT, null);
    }

    /** As if the stream had been made for the encoding, which may be null or none: the default, then. Its buffers are kept. */
    private static void encode(PrintStream stream, String encoding) throws Exception {
        Charset charset = encoding != null && Charset.isSupported(encoding) ? Charset.forName(encoding) : Charset.defaultCharset();
        Object writer = U.getReference(U.getReference(stream, streamWriter), writerEncoder);
        if (U.getReference(writer, encoderCharset) == charset) return;
        U.putReference(writer, encoderCharset, charset);
        U.putReference(writer, encoderEncoder,
            charset.newEncoder().onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE));
    }

    /* ---- for both ---- */

    private static void standardStream(FileDescriptor descriptor, int fd) {
        Io.access().setAppend(descriptor, java_io_FileDescriptor.getAppend(fd));
    }

    private static void reseed() throws Exception {
        AtomicLong seeder = (AtomicLong) get(SEEDER);
        if (seeder == null) return;
        seeder.set(seeder.get() ^ System.nanoTime() * 0x9e3779b97f4a7c15L ^ System.currentTimeMillis());
    }

    private static void forgetPaths() throws Exception {
        Object files = fileSystem();
        String[] names = {"cache", "javaHomePrefixCache"};
        for (int i = 0; i < names.length; i++) {
            Object cache = U.getReference(files, Fields.offset(files.getClass(), names[i]));
            if (cache == null) continue;
            Map<?, ?> map = (Map<?, ?>) U.getReference(cache, Fields.offset(cache.getClass(), "map"));
            map.clear();
        }
    }

    private static Object fileSystem() throws Exception {
        return get(FILES);
    }

    /* ---- for java.image ---- */

    /** What VersionProps added at boot is the class library's own. */
    private static void keepVersions(Map<String, String> before, Map<String, String> now) {
        for (Map.Entry<String, String> entry : before.entrySet()) {
            String name = entry.getKey();
            if (now.containsKey(name)) continue;
            if (name.startsWith("java.version") || name.startsWith("java.vendor") || name.startsWith("java.runtime.")
                || name.startsWith("java.specification.") || name.equals("java.class.version")) now.put(name, entry.getValue());
        }
    }

    private static void properties(Map<String, String> before, Map<String, String> now) throws Exception {
        Properties all = System.getProperties();
        for (Map.Entry<String, String> entry : before.entrySet())
            if (!now.containsKey(entry.getKey())) all.remove(entry.getKey());
        for (Map.Entry<String, String> entry : now.entrySet())
            if (!isHidden(entry.getKey())) all.put(entry.getKey(), entry.getValue());
        put(SAVED, now);
        directMemory(now);
    }

    private static boolean isHidden(String name) {
        return name.equals("sun.nio.MaxDirectMemorySize") || name.equals("sun.nio.PageAlignDirectMemory")
            || name.equals("java.lang.Integer.IntegerCache.high") || name.equals("sun.java.launcher.diag")
            || name.equals("jdk.boot.class.path.append");
    }

    private static void directMemory(Map<String, String> now) {
        String direct = now.get("sun.nio.MaxDirectMemorySize");
        long size = direct == null || direct.isEmpty() || direct.equals("-1") ? Runtime.getRuntime().maxMemory() : Long.parseLong(direct);
        U.putLong(bases[DIRECT], offsets[DIRECT], size);
        U.putLong(bases[RESERVABLE], offsets[RESERVABLE], VM.maxDirectMemory());
        U.putBoolean(bases[ALIGN], offsets[ALIGN], "true".equals(now.get("sun.nio.PageAlignDirectMemory")));
    }

    private static void staticProperties() throws Exception {
        for (int i = 0; i < STATIC_PROPERTIES.length; i++) {
            String value = System.getProperty(STATIC_PROPERTIES[i]);
            if (value == null && STATIC_PROPERTIES[i].endsWith("library.path")) value = "";
            if (get(PROPERTY + i) == value) continue;
            put(PROPERTY + i, value);
            if (STATIC_PROPERTIES[i].equals("java.library.path")) put(LIBRARY_FOLDERS, parsePath.invoke(null, value));
        }
        String folder = System.getProperty("user.dir");
        Object files = fileSystem();
        U.putReference(files, Fields.offset(files.getClass(), "userDir"), folder);
        boolean isOther = !folder.equals(jdk_internal_util_SystemProps$Raw.currentFolder());
        if (isOther) folder = paths.getPath(folder).toString();
        U.putReference(paths, pathsFolder, Text.encode(folder));
        U.putBoolean(paths, pathsResolve, isOther);
    }

    /* ---- the common case: what the properties are made from is as it was, but for values of which is known what depends on them ---- */

    /** What SystemProps.Raw gave when java.image was made. */
    private static String[] machineBefore, platformBefore;

    /** Of a place in SystemProps.Raw that is the default of one property, on which nothing but StaticProperty depends; else null. */
    private static String propertyOf(int place) {
        switch (place) {
        case jdk_internal_util_SystemProps$Raw.TEMPORARY: return "java.io.tmpdir";
        case jdk_internal_util_SystemProps$Raw.VERSION: return "os.version";
        case jdk_internal_util_SystemProps$Raw.STDOUT_ENCODING: return "sun.stdout.encoding";
        case jdk_internal_util_SystemProps$Raw.STDERR_ENCODING: return "sun.stderr.encoding";
        case jdk_internal_util_SystemProps$Raw.USER_DIR: return "user.dir";
        case jdk_internal_util_SystemProps$Raw.USER_HOME: return "user.home";
        case jdk_internal_util_SystemProps$Raw.USER_NAME: return "user.name";
        default: return null;
        }
    }

    /** Places of the two encodings and of the locale, from which several properties are made. */
    private static boolean isOfLocale(int place) {
        return place <= jdk_internal_util_SystemProps$Raw.FORMAT_VARIANT && place != jdk_internal_util_SystemProps$Raw.FILE_SEPARATOR
            || place == jdk_internal_util_SystemProps$Raw.JNU_ENCODING;
    }

    /** Whether what stands for the name came from the system or the machine, which the command line outdoes. */
    private static boolean isDefault(String name) {
        for (int i = 0; i < jdk_internal_util_SystemProps$Raw.COUNT; i++)
            if (name.equals(propertyOf(i))) return true;
        for (int i = 0; machineBefore[i] != null; i += 2)
            if (name.equals(machineBefore[i])) return true;
        return false;
    }

    private static boolean isSame(String a, String b) {
        return a == b || a != null && a.equals(b);
    }

    /** Names that have come must be new or have defaults: what stands for another may have come from elsewhere. */
    private static boolean differInValuesOnly(String[] machine, String[] platform) {
        for (int i = 0; i < platform.length; i++)
            if (!isSame(platform[i], platformBefore[i]) && !isOfLocale(i) && propertyOf(i) == null) return false;
        Map<?, ?> saved = (Map<?, ?>) get(SAVED);
        int k = 0;
        for (int i = 0; machine[i] != null; i += 2)
            if (machine[i].equals(machineBefore[k])) k += 2;
            else if (saved.containsKey(machine[i]) && !isDefault(machine[i])) return false;
        return machineBefore[k] == null;
    }

    @SuppressWarnings("unchecked")
    private static void changeProperties(String[] machine, String[] platform) throws Exception {
        Map<String, String> saved = (Map<String, String>) get(SAVED);
        Properties all = System.getProperties();
        boolean isLocaleOther = false;
        for (int i = 0; i < platform.length; i++) {
            if (isSame(platform[i], platformBefore[i])) continue;
            if (isOfLocale(i)) isLocaleOther = true;
            else change(saved, all, propertyOf(i), platform[i]);
        }
        if (isLocaleOther) changeLocale(saved, all, platform);
        int k = 0;
        for (int i = 0; machine[i] != null; i += 2) {
            boolean isKnown = machine[i].equals(machineBefore[k]);
            if (!isKnown || !machine[i + 1].equals(machineBefore[k + 1])) change(saved, all, machine[i], machine[i + 1]);
            if (isKnown) k += 2;
        }
        directMemory(saved);
        staticProperties();
        boolean isTextOther = isLocaleOther && changeEncoding(platform);
        int out = jdk_internal_util_SystemProps$Raw.STDOUT_ENCODING, err = jdk_internal_util_SystemProps$Raw.STDERR_ENCODING;
        if (isTextOther || !isSame(platform[out], platformBefore[out])) encode(System.out, platform[out]);
        if (isTextOther || !isSame(platform[err], platformBefore[err])) encode(System.err, platform[err]);
    }

    /** As SystemProps.initProperties makes them where the command line gives none of them, which then boots from the classes. */
    private static void changeLocale(Map<String, String> saved, Properties all, String[] platform) throws Exception {
        String jnu = platform[jdk_internal_util_SystemProps$Raw.JNU_ENCODING], file = platform[jdk_internal_util_SystemProps$Raw.FILE_ENCODING];
        change(saved, all, "sun.jnu.encoding", jnu);
        change(saved, all, "native.encoding", file);
        change(saved, all, "file.encoding", file);
        String[] names = LOCALE_PROPERTIES;
        for (int i = 0; i < names.length; i += 2) {
            int place = LOCALE_PLACES[i];
            String display = platform[place], format = platform[LOCALE_PLACES[i + 1]];
            change(saved, all, names[i], display);
            change(saved, all, names[i + 1], isSame(format, display) ? null : format);
        }
        makeLocale();
    }

    private static final String[] LOCALE_PROPERTIES = {"user.language", "user.language.format", "user.script", "user.script.format",
        "user.country", "user.country.format", "user.variant", "user.variant.format"};
    private static final int[] LOCALE_PLACES = {
        jdk_internal_util_SystemProps$Raw.DISPLAY_LANGUAGE, jdk_internal_util_SystemProps$Raw.FORMAT_LANGUAGE,
        jdk_internal_util_SystemProps$Raw.DISPLAY_SCRIPT, jdk_internal_util_SystemProps$Raw.FORMAT_SCRIPT,
        jdk_internal_util_SystemProps$Raw.DISPLAY_COUNTRY, jdk_internal_util_SystemProps$Raw.FORMAT_COUNTRY,
        jdk_internal_util_SystemProps$Raw.DISPLAY_VARIANT, jdk_internal_util_SystemProps$Raw.FORMAT_VARIANT};

    /** Gives whether the system's encoding is another than before. */
    private static boolean changeEncoding(String[] platform) {
        int place = jdk_internal_util_SystemProps$Raw.JNU_ENCODING;
        if (isSame(platform[place], platformBefore[place])) return false;
        put(CHARSET, null); /* made when asked for */
        put(PATH_ENCODING, Charset.forName(platform[place]));
        return true;
    }

    /** What start does, with values as another process has them, and back. */
    static void rehearse() throws Exception {
        Locales.rehearse();
        machineBefore = Command.properties(machineBefore);
        platformBefore = jdk_internal_util_SystemProps$Raw.platformProperties();
        rehearse(platformBefore.clone());
        start();
    }

    /** The same in other locales, on a terminal, for another user. */
    static void rehearseOthers() throws Exception {
        Locales.rehearseOthers();
        Users.rehearseOthers();
        String[][] locales = {{"en", "US", "ANSI_X3.4-1968"}, {"en", "US", "UTF-8"}, {"de", "DE", "UTF-8"}, {"en", null, "ISO-8859-1"}};
        for (int i = 0; i < locales.length; i++) rehearse(inLocale(platformBefore, locales[i][0], locales[i][1], locales[i][2]));
        start();
    }

    private static String[] inLocale(String[] platform, String language, String country, String encoding) {
        String[] then = platform.clone();
        then[jdk_internal_util_SystemProps$Raw.DISPLAY_LANGUAGE] = then[jdk_internal_util_SystemProps$Raw.FORMAT_LANGUAGE] = language;
        then[jdk_internal_util_SystemProps$Raw.DISPLAY_COUNTRY] = then[jdk_internal_util_SystemProps$Raw.FORMAT_COUNTRY] = country;
        then[jdk_internal_util_SystemProps$Raw.FILE_ENCODING] = then[jdk_internal_util_SystemProps$Raw.JNU_ENCODING] = encoding;
        then[jdk_internal_util_SystemProps$Raw.STDOUT_ENCODING] = then[jdk_internal_util_SystemProps$Raw.STDERR_ENCODING] = encoding;
        return then;
    }

    @SuppressWarnings("unchecked")
    private static void rehearse(String[] platformThen) throws Exception {
        String[] machine = machineBefore, platform = platformBefore;
        int end = machine.length - 1;
        String[] machineThen = new String[machine.length + 4];
        for (int i = 0; i < end; i++) machineThen[i] = i != 0 && machine[i - 1].equals("java.class.path") ? "/nowhere" : machine[i];
        machineThen[end] = "sun.java.command";
        machineThen[end + 1] = "Sample";
        machineThen[end + 2] = "java.io.tmpdir";
        machineThen[end + 3] = "/nowhere";
        platformThen[jdk_internal_util_SystemProps$Raw.USER_DIR] = "/nowhere";
        if (!differInValuesOnly(machineThen, platformThen)) throw new Error("nothing but values may differ");
        changeProperties(machineThen, platformThen);
        machineBefore = machineThen;
        platformBefore = platformThen;
        changeProperties(machine, platform);
        Map<String, String> saved = (Map<String, String>) get(SAVED);
        change(saved, System.getProperties(), "sun.java.command", null);
        change(saved, System.getProperties(), "java.io.tmpdir", platform[jdk_internal_util_SystemProps$Raw.TEMPORARY]);
        staticProperties();
        machineBefore = machine;
        platformBefore = platform;
    }

    private static void change(Map<String, String> saved, Properties all, String name, String value) {
        if (value == null) {
            saved.remove(name);
            all.remove(name);
        } else {
            saved.put(name, value);
            if (!isHidden(name)) all.put(name, value);
        }
    }

    /** As ClassLoaders does it when the class library boots. */
    private static void setClassPath(String path, String mainModule) {
        if ((path == null || path.isEmpty()) && mainModule != null) path = null;
        Object loader = ClassLoaders.appClassLoader();
        U.putReference(loader, Fields.offset(Fields.type("jdk.internal.loader.BuiltinClassLoader"), "ucp"),
            path == null ? null : classPath(path));
    }

    static URLClassPath classPath(String path) {
        URLClassPath all = new URLClassPath(new URL[0], null);
        for (int start = 0, end; start <= path.length(); start = end + 1) {
            end = path.indexOf(':', start);
            if (end < 0) end = path.length();
            all.addFile(path.substring(start, end));
        }
        return all;
    }

    /* ---- static fields: found once, before java.image is written ---- */

    private static final int SEEDER = 0, FILES = 1, CHARSET = 2, SAVED = 3, DIRECT = 4, ALIGN = 5, DISPLAY = 6, FORMAT = 7,
        PATH_ENCODING = 8, RESERVABLE = 9, LOCALE = 10, LIBRARY_FOLDERS = 11, PROPERTY = 12;
    private static final int COUNT = PROPERTY + 10;

    private static Object[] bases;
    private static long[] offsets;
    private static FileSystem paths;
    private static long pathsFolder, pathsResolve;
    private static long streamWriter, writerEncoder, encoderCharset, encoderEncoder;
    private static Method initDefault, parsePath;

    private static final String[] STATIC_PROPERTIES = {"java.home", "user.home", "user.dir", "user.name", "java.library.path",
        "sun.boot.library.path", "jdk.serialFilter", "jdk.serialFilterFactory", "java.io.tmpdir", "native.encoding"};

    /** Looks up everything that start needs, so that the image holds it. */
    static void prepare() throws Exception {
        if (bases != null) return;
        Object[] found = new Object[COUNT];
        offsets = new long[COUNT];
        find(found, SEEDER, Fields.type("java.util.concurrent.ThreadLocalRandom"), "seeder");
        find(found, FILES, java.io.File.class, "fs");
        find(found, CHARSET, Fields.type("java.nio.charset.Charset"), "defaultCharset");
        find(found, SAVED, VM.class, "savedProps");
        find(found, DIRECT, VM.class, "directMemory");
        find(found, ALIGN, VM.class, "pageAlignDirectMemory");
        find(found, LOCALE, Locale.class, "defaultLocale");
        find(found, DISPLAY, Locale.class, "defaultDisplayLocale");
        find(found, FORMAT, Locale.class, "defaultFormatLocale");
        find(found, PATH_ENCODING, Fields.type("sun.nio.fs.Util"), "jnuEncoding");
        find(found, RESERVABLE, Fields.type("java.nio.Bits"), "MAX_MEMORY");
        find(found, LIBRARY_FOLDERS, Fields.type("jdk.internal.loader.NativeLibraries$LibraryPaths"), "USER_PATHS");
        paths = FileSystems.getDefault();
        pathsFolder = Fields.offset(Fields.type("sun.nio.fs.UnixFileSystem"), "defaultDirectory");
        pathsResolve = Fields.offset(Fields.type("sun.nio.fs.UnixFileSystem"), "needToResolveAgainstDefaultDirectory");
        Class<?> encoder = Fields.type("sun.nio.cs.StreamEncoder");
        streamWriter = Fields.offset(PrintStream.class, "charOut");
        writerEncoder = Fields.offset(OutputStreamWriter.class, "se");
        encoderCharset = Fields.offset(encoder, "cs");
        encoderEncoder = Fields.offset(encoder, "encoder");
        initDefault = Locale.class.getDeclaredMethod("initDefault");
        Fields.open(initDefault);
        parsePath = Fields.type("jdk.internal.loader.ClassLoaderHelper").getDeclaredMethod("parsePath", String.class);
        Fields.open(parsePath);
        String[] names = {"JAVA_HOME", "USER_HOME", "USER_DIR", "USER_NAME", "JAVA_LIBRARY_PATH", "SUN_BOOT_LIBRARY_PATH",
            "JDK_SERIAL_FILTER", "JDK_SERIAL_FILTER_FACTORY", "JAVA_IO_TMPDIR", "NATIVE_ENCODING"};
        for (int i = 0; i < names.length; i++) find(found, PROPERTY + i, Fields.type("jdk.internal.util.StaticProperty"), names[i]);
        bases = found;
    }

    private static void find(Object[] found, int which, Class<?> type, String name) throws Exception {
        Field field = type.getDeclaredField(name);
        found[which] = U.staticFieldBase(field);
        offsets[which] = U.staticFieldOffset(field);
    }

    private static Object get(int which) {
        return U.getReference(bases[which], offsets[which]);
    }

    private static void put(int which, Object value) {
        U.putReferenceVolatile(bases[which], offsets[which], value);
    }
}
