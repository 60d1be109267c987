import java.io.*;
import java.lang.reflect.*;
import java.nio.file.*;
import java.util.*;
import java.util.zip.*;

/** Runs natives of lib/java beside those of the JDK: the same arguments, the same results or exceptions. */
public class NativesTest {
    static native String bind(Class<?> holder, String name, String descriptor, String library, String symbol, String text);

    static int passed, failed;

    static String descriptor(Method m) {
        StringBuilder s = new StringBuilder("(");
        for (Class<?> c : m.getParameterTypes()) s.append(c.descriptorString());
        return s.append(")").append(m.getReturnType().descriptorString()).toString();
    }

    static void bindAll(Path root) throws Exception {
        List<Path> classes = new ArrayList<>();
        try (var walk = Files.walk(root)) {
            walk.filter(p -> p.toString().endsWith(".class") && p.startsWith(root.resolve("coracle")) && !p.endsWith("Image.class")).forEach(classes::add);
        }
        for (Path p : classes) {
            String name = root.relativize(p).toString().replace('/', '.').replaceAll("\\.class$", "");
            Class<?> c = Class.forName(name, false, null);
            for (Method m : c.getDeclaredMethods()) {
                coracle.ffi.Function f = m.getAnnotation(coracle.ffi.Function.class);
                if (f == null) continue;
                String problem = bind(c, m.getName(), descriptor(m), f.library(), f.value(), f.signature());
                check(problem == null, name + "." + m.getName() + ": " + problem);
            }
        }
    }

    static void check(boolean ok, String what) {
        if (ok) passed++;
        else {
            failed++;
            System.out.println("FAILED " + what);
        }
    }

    static Method find(Class<?> c, String name, int count) {
        for (Method m : c.getDeclaredMethods())
            if (m.getName().equals(name) && m.getParameterCount() == count) return m;
        throw new AssertionError("no " + c + "." + name + "/" + count);
    }

    static String shown(Object o) {
        if (o == null) return "null";
        if (o.getClass().isArray()) {
            StringBuilder s = new StringBuilder(o.getClass().getComponentType().getName() + "[");
            for (int i = 0; i < Array.getLength(o); i++) s.append(shown(Array.get(o, i))).append(", ");
            return s.append("]").toString();
        }
        if (o instanceof Double) return Long.toHexString(Double.doubleToLongBits((Double) o));
        return o.toString();
    }

    static String outcome(Method m, Object receiver, Object[] arguments) throws Exception {
        m.setAccessible(true);
        try {
            return shown(m.invoke(receiver, arguments));
        } catch (InvocationTargetException e) {
            Throwable t = e.getCause();
            if (t.getClass().getName().equals("sun.nio.fs.UnixException")) {
                Field f = t.getClass().getDeclaredField("errno");
                f.setAccessible(true);
                return "UnixException " + f.getInt(t);
            }
            return t.toString();
        }
    }

    static Class<?> companion(Class<?> c) throws Exception {
        return Class.forName("coracle.natives." + c.getName().replace('.', '_'), true, null);
    }

    static String theirs(Class<?> c, String name, Object receiver, Object... arguments) throws Exception {
        return outcome(find(c, name, arguments.length), receiver, arguments);
    }

    static String ours(Class<?> c, String name, Object receiver, Object... arguments) throws Exception {
        Method native_ = find(c, name, arguments.length);
        if (!Modifier.isStatic(native_.getModifiers())) {
            Object[] more = new Object[arguments.length + 1];
            more[0] = receiver;
            System.arraycopy(arguments, 0, more, 1, arguments.length);
            arguments = more;
        }
        return outcome(find(companion(c), name, arguments.length), null, arguments);
    }

    /** The same result, twice over. */
    static void same(Class<?> c, String name, Object receiver, Object... arguments) throws Exception {
        if (LATER.contains(c.getName().replace('.', '_') + "." + name)
            && Arrays.stream(c.getDeclaredMethods()).noneMatch(m -> m.getName().equals(name))) return;
        String a = theirs(c, name, receiver, arguments), b = ours(c, name, receiver, arguments);
        check(a.equals(b), c.getSimpleName() + "." + name + Arrays.deepToString(arguments) + ": " + b + ", the JDK: " + a);
    }

    static Class<?> type(String name) throws Exception {
        return Class.forName(name);
    }

    /* ---- */

    /** Types that the companion's package cannot name are Object in it, arrays of such Object[]. */
    static boolean standsFor(Class<?> ours, Class<?> theirs) {
        return theirs == ours || !theirs.isPrimitive() && ours == Object.class || ours == Object[].class && Object[].class.isAssignableFrom(theirs);
    }

    static void coverage() throws Exception {
        /* Each companion stands for a native of that name and shape. */
        int natives = 0;
        for (String file : new File(System.getProperty("classes") + "/coracle/natives").list()) {
            String name = file.replaceAll("\\.class$", "");
            if (!name.contains("_") || name.contains("$") && !name.equals("jdk_internal_util_SystemProps$Raw") && !name.equals("java_lang_ProcessHandleImpl$Info")) continue;
            Class<?> ours = Class.forName("coracle.natives." + name, false, null);
            Class<?> theirs = Class.forName(name.replace('_', '.'), false, ClassLoader.getPlatformClassLoader());
            for (Method m : ours.getDeclaredMethods()) {
                if (m.isSynthetic() || Modifier.isPrivate(m.getModifiers())) continue;
                boolean found = false;
                for (Method n : theirs.getDeclaredMethods()) {
                    if (!n.getName().equals(m.getName()) || !Modifier.isNative(n.getModifiers())) continue;
                    int receiver = Modifier.isStatic(n.getModifiers()) ? 0 : 1;
                    if (n.getParameterCount() + receiver != m.getParameterCount()) continue;
                    found = true;
                    for (int i = 0; i < n.getParameterCount(); i++) {
                        Class<?> t = n.getParameterTypes()[i], o = m.getParameterTypes()[i + receiver];
                        if (!standsFor(o, t)) check(false, name + "." + m.getName() + " parameter " + i);
                    }
                    if (!standsFor(m.getReturnType(), n.getReturnType())) check(false, name + "." + m.getName() + " result");
                }
                if (found) natives++;
                else if (!HELPERS.contains(name + "." + m.getName()) && !LATER.contains(name + "." + m.getName())) check(false, "no native for " + name + "." + m.getName());
            }
        }
        System.out.println(natives + " natives have companions");
    }

    /** Natives that came with an update of JDK 17: an earlier one has none of that name. */
    static final Set<String> LATER = Set.of("java_io_Console.ttyStatus", "sun_nio_ch_NativeThread.supportPendingSignals0",
        "sun_nio_ch_Net.shouldShutdownWriteBeforeClose0");

    static final Set<String> HELPERS = Set.of("jdk_internal_util_SystemProps$Raw.currentFolder", "jdk_internal_misc_Signal.restore", "jdk_internal_misc_Signal.watchQuit",
        "sun_nio_ch_IOUtil.configure", "java_io_Console.istty", "java_io_Console.encoding", "java_lang_System.mapLibraryName");

    static void system() throws Exception {
        same(type("jdk.internal.util.SystemProps$Raw"), "platformProperties", null);
        same(type("java.lang.ProcessEnvironment"), "environ", null);
        same(type("java.util.TimeZone"), "getSystemTimeZoneID", null, System.getProperty("java.home"));
        same(type("java.util.TimeZone"), "getSystemGMTOffsetID", null);
        same(type("java.lang.System"), "mapLibraryName", null, "abc");
        same(type("java.io.Console"), "ttyStatus", null);
        same(type("java.io.Console"), "encoding", null);
        same(type("java.lang.Runtime"), "availableProcessors", Runtime.getRuntime());
        same(type("jdk.internal.misc.Signal"), "findSignal0", null, "INT");
        same(type("jdk.internal.misc.Signal"), "findSignal0", null, "NOSUCH");
        same(type("java.lang.ProcessHandleImpl"), "getCurrentPid0", null);
        same(type("sun.net.PortConfig"), "getLower0", null);
        same(type("sun.net.PortConfig"), "getUpper0", null);
        same(type("sun.net.dns.ResolverConfigurationImpl"), "fallbackDomain0", null);
        for (String s : new String[] {"getuid", "geteuid", "getgid", "getegid"}) same(type("jdk.internal.misc.VM"), s, null);
        same(type("jdk.internal.misc.VM"), "getNanoTimeAdjustment", null, 1L << 40);
        long adjustment = Long.parseLong(ours(type("jdk.internal.misc.VM"), "getNanoTimeAdjustment", null, System.currentTimeMillis() / 1000));
        check(adjustment >= 0 && adjustment < 2000000000L, "getNanoTimeAdjustment " + adjustment);
        long now = Long.parseLong(ours(System.class, "currentTimeMillis", null));
        check(Math.abs(now - System.currentTimeMillis()) < 1000, "currentTimeMillis");
        long nanos = Long.parseLong(ours(System.class, "nanoTime", null));
        check(Math.abs(nanos - System.nanoTime()) < 1000000000L, "nanoTime");
        for (double d : new double[] {0, -0.0, 1.5, Double.NaN, Double.MAX_VALUE, -1e-310}) {
            same(Double.class, "doubleToRawLongBits", null, d);
            same(Double.class, "longBitsToDouble", null, Double.doubleToRawLongBits(d));
            same(Float.class, "floatToRawIntBits", null, (float) d);
            same(Float.class, "intBitsToFloat", null, Float.floatToRawIntBits((float) d));
        }
    }

    static void strictMath() throws Exception {
        String[] names = {"sin", "cos", "tan", "asin", "acos", "atan", "log", "log10", "sqrt", "sinh", "cosh", "tanh", "expm1", "log1p"};
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            double x = i % 3 == 0 ? Double.longBitsToDouble(random.nextLong()) : (random.nextDouble() - 0.5) * (i % 3 == 1 ? 3 : 1000), y = random.nextGaussian();
            for (String n : names) same(StrictMath.class, n, null, x);
            same(StrictMath.class, "atan2", null, x, y);
            same(StrictMath.class, "IEEEremainder", null, x, y);
        }
    }

    static void checksums() throws Exception {
        byte[] bytes = new byte[20000];
        new Random(2).nextBytes(bytes);
        same(CRC32.class, "update", null, 77, 200);
        same(Adler32.class, "update", null, 1, 200);
        for (int n : new int[] {0, 1, 7, 100, 5552, 5553, 19000}) {
            same(CRC32.class, "updateBytes0", null, 12345, bytes, 3, n);
            same(Adler32.class, "updateBytes", null, 12345, bytes, 3, n);
        }
    }

    static Path work;
    static final String NAME = System.getProperty("sun.jnu.encoding").equals("UTF-8") ? "a file é.txt" : "a file.txt";

    static void files() throws Exception {
        Class<?> fs = type("java.io.UnixFileSystem");
        Constructor<?> constructor = fs.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object unix = constructor.newInstance();
        Path dir = work.resolve("d"), file = dir.resolve(NAME), link = work.resolve("link"), loop = work.resolve("loop");
        Files.createDirectories(dir.resolve("sub/deep"));
        Files.writeString(file, "0123456789");
        Files.createSymbolicLink(link, dir);
        Files.createSymbolicLink(loop, loop);
        String[] paths = {"/", ".", "..", "/tmp", "/tmp/../tmp/./x", file.toString(), link + "/sub/../nothing/../more", link + "/sub/deep/..",
            loop.toString(), "/no/such/../thing", "/etc/passwd", "/etc/passwd/x", "", "/..", "/../..", "//tmp//", work + "/./none/../x/./"};
        for (String p : paths) {
            same(fs, "canonicalize0", unix, p);
            File f = new File(p);
            if (f.getCanonicalPath().equals("/tmp")) continue; /* others change it meanwhile */
            for (String n : new String[] {"getBooleanAttributes0", "getLength", "getLastModifiedTime", "list"}) same(fs, n, unix, f);
            for (int k = 1; k <= 7; k++) same(fs, "checkAccess", unix, f, k);
            same(fs, "getNameMax0", unix, p);
            same(fs, "getSpace", unix, f, 0);
        }
        for (boolean b : new boolean[] {false, true}) {
            String[] texts = new String[2];
            for (int who = 0; who < 2; who++) {
                Path root = work.resolve("ops" + b + who);
                Files.createDirectories(root);
                StringBuilder s = new StringBuilder();
                File f = root.resolve("new").toFile(), g = root.resolve("other").toFile(), d = root.resolve("folder").toFile();
                Object[][] calls = {{"createFileExclusively", f.toString()}, {"createFileExclusively", f.toString()}, {"createFileExclusively", "/no/such/file"},
                    {"createFileExclusively", "/"}, {"createDirectory", d}, {"createDirectory", d}, {"createDirectory", new File(d, "x/y")},
                    {"setLastModifiedTime", f, 1234567890123L}, {"getLastModifiedTime", f}, {"setPermission", f, 2, false, b}, {"setPermission", f, 1, true, b},
                    {"setReadOnly", f}, {"rename0", f, g}, {"rename0", f, g}, {"getBooleanAttributes0", g}, {"delete0", f}, {"delete0", g}, {"delete0", d}, {"delete0", new File("/")},
                    {"setPermission", f, 2, false, b}, {"setReadOnly", f}, {"setLastModifiedTime", f, 1L}};
                for (Object[] c : calls) {
                    Object[] arguments = Arrays.copyOfRange(c, 1, c.length);
                    s.append(c[0]).append("=").append(who == 0 ? theirs(fs, (String) c[0], unix, arguments) : ours(fs, (String) c[0], unix, arguments)).append(" ");
                    if (g.exists()) s.append(Files.getPosixFilePermissions(g.toPath())).append(" ");
                }
                texts[who] = s.toString();
            }
            check(texts[0].equals(texts[1]), "file operations: " + texts[1] + "\n the JDK: " + texts[0]);
        }
    }

    static void streams() throws Exception {
        String[] texts = new String[2];
        for (int who = 0; who < 2; who++) {
            File f = work.resolve("stream" + who).toFile();
            StringBuilder s = new StringBuilder();
            byte[] data = new byte[200000], back = new byte[200000];
            new Random(5).nextBytes(data);
            Class<?> out = FileOutputStream.class, in = FileInputStream.class, both = RandomAccessFile.class;
            Files.write(f.toPath(), new byte[] {1, 2, 3});
            FileOutputStream o = new FileOutputStream(f, true);
            Call w = (c, n, r, a) -> {
                String text = f.getName().endsWith("0") ? theirs(c, n, r, a) : ours(c, n, r, a);
                s.append(n).append("=").append(text).append(" ");
                return text;
            };
            w.call(out, "writeBytes", o, data, 5, 100, false);
            w.call(out, "writeBytes", o, data, 0, 150000, true);
            w.call(out, "writeBytes", o, data, 0, 0, true);
            w.call(out, "writeBytes", o, data, 199999, 2, true);
            w.call(out, "write", o, 300, true);
            o.close();
            w.call(out, "write", o, 300, true);
            w.call(out, "writeBytes", o, data, 5, 100, false);
            FileInputStream i = new FileInputStream(f);
            for (String n : new String[] {"length0", "position0", "available0", "read0"}) w.call(in, n, i);
            w.call(in, "readBytes", i, back, 3, 150100);
            s.append(Arrays.hashCode(back)).append(" ");
            w.call(in, "skip0", i, 2L);
            w.call(in, "skip0", i, -20L);
            w.call(in, "skip0", i, -2000000L);
            w.call(in, "readBytes", i, back, 3, 15);
            w.call(in, "skip0", i, 2000000L);
            w.call(in, "available0", i);
            w.call(in, "readBytes", i, back, 3, 15);
            w.call(in, "readBytes", i, back, 3, 0);
            w.call(in, "readBytes", i, back, -3, 5);
            w.call(in, "readBytes", i, null, 0, 5);
            i.close();
            for (String n : new String[] {"length0", "position0", "available0", "read0"}) w.call(in, n, i);
            w.call(in, "readBytes", i, back, 3, 15);
            FileInputStream folder = new FileInputStream("/dev/null");
            w.call(in, "open0", folder, "/tmp");
            w.call(in, "open0", folder, "/no/such");
            w.call(in, "open0", folder, "/etc/passwd/");
            w.call(in, "open0", folder, f.getPath().replace(f.getName(), NAME));
            w.call(out, "open0", new FileOutputStream("/dev/null"), "/no/such", false);
            w.call(out, "open0", new FileOutputStream("/dev/null"), "/tmp", true);
            RandomAccessFile r = new RandomAccessFile(f, "rw");
            w.call(both, "seek0", r, 100L);
            w.call(both, "write0", r, 65);
            w.call(both, "writeBytes", r, data, 0, 10);
            w.call(both, "getFilePointer", r);
            w.call(both, "setLength", r, 50L);
            w.call(both, "getFilePointer", r);
            w.call(both, "length", r);
            w.call(both, "setLength", r, 5000L);
            w.call(both, "getFilePointer", r);
            w.call(both, "seek0", r, -1L);
            w.call(both, "read0", r);
            w.call(both, "readBytes", r, back, 0, 10);
            r.close();
            w.call(both, "read0", r);
            w.call(both, "setLength", r, 1L);
            s.append(Arrays.hashCode(Files.readAllBytes(f.toPath())));
            texts[who] = s.toString();
        }
        check(texts[0].equals(texts[1]), "streams: " + texts[1] + "\n the JDK: " + texts[0]);
    }

    interface Call {
        String call(Class<?> c, String name, Object receiver, Object... arguments) throws Exception;
    }

    /** A C string that lives until the end of the test. */
    static long text(String s) throws Exception {
        byte[] b = s.getBytes("UTF-8");
        jdk.internal.misc.Unsafe u = jdk.internal.misc.Unsafe.getUnsafe();
        long at = u.allocateMemory(b.length + 1);
        for (int i = 0; i < b.length; i++) u.putByte(at + i, b[i]);
        u.putByte(at + b.length, (byte) 0);
        return at;
    }

    static String fields(Object o) throws Exception {
        StringBuilder s = new StringBuilder();
        for (Field f : o.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(f.getModifiers()) || !f.getName().startsWith("st_") && !f.getName().startsWith("f_") || f.getName().startsWith("st_atime") || f.getName().contains("free") || f.getName().contains("avail")) continue;
            f.setAccessible(true);
            s.append(f.getName()).append("=").append(f.get(o)).append(" ");
        }
        return s.toString();
    }

    static Object make(String name) throws Exception {
        Constructor<?> c = type(name).getDeclaredConstructor();
        c.setAccessible(true);
        return c.newInstance();
    }

    static void nio() throws Exception {
        Class<?> d = type("sun.nio.fs.UnixNativeDispatcher");
        long file = text(work.resolve("d/" + NAME).toString()), none = text("/no/such"), dir = text(work.resolve("d").toString()), link = text(work.resolve("link").toString());
        same(d, "getcwd", null);
        same(d, "init", null);
        /* Not beside the JDK's, which in some builds gives whatever was in its buffer. */
        check(ours(d, "strerror", null, 2).equals(shown("No such file or directory".getBytes())), "strerror");
        for (long p : new long[] {file, none, dir, link, text("/dev/null"), text("/proc/self/maps"), text("/etc/passwd/x")}) {
            for (String n : new String[] {"stat0", "lstat0"}) {
                Object a = make("sun.nio.fs.UnixFileAttributes"), b = make("sun.nio.fs.UnixFileAttributes");
                String x = theirs(d, n, null, p, a), y = ours(d, n, null, p, b);
                check((x + fields(a)).equals(y + fields(b)), n + ": " + y + fields(b) + " the JDK: " + x + fields(a));
            }
            if (p == file) {
                Object a = make("sun.nio.fs.UnixFileAttributes"), b = make("sun.nio.fs.UnixFileAttributes");
                try (RandomAccessFile f = new RandomAccessFile(work.resolve("d/" + NAME).toFile(), "r")) {
                    int fd = jdk.internal.access.SharedSecrets.getJavaIOFileDescriptorAccess().get(f.getFD());
                    String x = theirs(d, "fstat", null, fd, a) + theirs(d, "fstatat0", null, 12345, none, 0, a), y = ours(d, "fstat", null, fd, b) + ours(d, "fstatat0", null, 12345, none, 0, b);
                    check((x + fields(a)).equals(y + fields(b)), "fstat: " + y + fields(b) + " the JDK: " + x + fields(a));
                }
            }
            Object a = make("sun.nio.fs.UnixFileStoreAttributes"), b = make("sun.nio.fs.UnixFileStoreAttributes");
            String x = theirs(d, "statvfs0", null, p, a), y = ours(d, "statvfs0", null, p, b);
            check((x + fields(a)).equals(y + fields(b)), "statvfs0: " + y + fields(b) + " the JDK: " + x + fields(a));
            for (String n : new String[] {"stat1", "realpath0", "readlink0", "exists0"}) same(d, n, null, p);
            same(d, "access0", null, p, 4);
            same(d, "access0", null, p, 1);
            same(d, "mkdir0", null, p, 0777);
            same(d, "open0", null, none, 0, 0);
            same(d, "openat0", null, -1, none, 0, 0);
        }
        same(d, "rmdir0", null, dir);
        same(d, "unlink0", null, none);
        same(d, "rename0", null, none, file);
        same(d, "link0", null, none, file);
        same(d, "symlink0", null, none, file);
        same(d, "opendir0", null, none);
        same(d, "opendir0", null, file);
        same(d, "read", null, -1, file, 3);
        same(d, "write", null, -1, file, 3);
        same(d, "fchmod", null, -1, 0);
        same(d, "futimens", null, -1, 0L, 0L);
        same(d, "utimes0", null, none, 0L, 0L);
        same(d, "dup", null, -1);
        for (int id : new int[] {0, 1, 65534, 54321}) {
            same(d, "getpwuid", null, id);
            same(d, "getgrgid", null, id);
        }
        for (String n : new String[] {"root", "daemon", "nobody", "no such one", ""}) {
            same(d, "getpwnam0", null, text(n));
            same(d, "getgrnam0", null, text(n));
        }
        same(d, "fgetxattr0", null, -1, text("user.a"), 0L, 0);
        same(d, "flistxattr", null, -1, 0L, 0);
        long folder = Long.parseLong(ours(d, "opendir0", null, dir));
        Set<String> names = new TreeSet<>();
        for (String n; !(n = ours(d, "readdir", null, folder)).equals("null");) names.add(n);
        ours(d, "closedir", null, folder);
        folder = Long.parseLong(theirs(d, "opendir0", null, dir));
        for (String n; !(n = theirs(d, "readdir", null, folder)).equals("null");) check(names.remove(n), "readdir lacks " + n);
        theirs(d, "closedir", null, folder);
        check(names.isEmpty(), "readdir has " + names);

        Class<?> linux = type("sun.nio.fs.LinuxNativeDispatcher");
        String[] texts = new String[2];
        for (int who = 0; who < 2; who++) {
            StringBuilder s = new StringBuilder();
            String n = who == 0 ? theirs(linux, "setmntent0", null, text("/proc/self/mounts"), text("r")) : ours(linux, "setmntent0", null, text("/proc/self/mounts"), text("r"));
            long stream = Long.parseLong(n), buffer = text(" ".repeat(4096));
            for (int i = 0; i < 3; i++) {
                s.append(who == 0 ? theirs(d, "getlinelen", null, stream) : ours(d, "getlinelen", null, stream)).append(" ");
            }
            s.append(who == 0 ? theirs(d, "rewind", null, stream) : ours(d, "rewind", null, stream));
            for (int i = 0; i < 5; i++) {
                Object e = make("sun.nio.fs.UnixMountEntry");
                s.append(who == 0 ? theirs(linux, "getmntent0", null, stream, e, buffer, 4096) : ours(linux, "getmntent0", null, stream, e, buffer, 4096)).append(" ");
                for (String f : new String[] {"name", "dir", "fstype", "opts"}) {
                    Field field = e.getClass().getDeclaredField(f);
                    field.setAccessible(true);
                    s.append(shown(field.get(e)));
                }
            }
            if (who == 0) theirs(linux, "endmntent", null, stream);
            else ours(linux, "endmntent", null, stream);
            texts[who] = s.toString();
        }
        check(texts[0].equals(texts[1]), "mounts: " + texts[1] + "\n the JDK: " + texts[0]);
    }

    static void channels() throws Exception {
        Class<?> d = type("sun.nio.ch.FileDispatcherImpl"), util = type("sun.nio.ch.IOUtil");
        String[] texts = new String[2];
        long buffer = text("abcdefghij");
        for (int who = 0; who < 2; who++) {
            StringBuilder s = new StringBuilder();
            int me = who;
            Call w = (c, n, r, a) -> {
                String text = me == 0 ? theirs(c, n, r, a) : ours(c, n, r, a);
                s.append(n).append("=").append(text).append(" ");
                return text;
            };
            RandomAccessFile f = new RandomAccessFile(work.resolve("channel" + who).toFile(), "rw");
            FileDescriptor fd = f.getFD(), closed = new FileDescriptor();
            w.call(d, "write0", null, fd, buffer, 10);
            w.call(d, "pwrite0", null, fd, buffer, 5, 100L);
            w.call(d, "size0", null, fd);
            w.call(d, "seek0", null, fd, -1L);
            w.call(d, "seek0", null, fd, 4L);
            w.call(d, "read0", null, fd, buffer, 3);
            w.call(d, "pread0", null, fd, buffer, 8, 1000L);
            w.call(d, "truncate0", null, fd, 50L);
            w.call(d, "force0", null, fd, true);
            w.call(d, "force0", null, fd, false);
            w.call(d, "lock0", null, fd, false, 0L, Long.MAX_VALUE, false);
            w.call(d, "lock0", null, fd, true, 0L, 10L, true);
            w.call(d, "release0", null, fd, 0L, Long.MAX_VALUE);
            for (String n : new String[] {"size0", "seek0", "truncate0", "read0"}) {
                if (n.equals("size0")) w.call(d, n, null, closed);
                else if (n.equals("read0")) w.call(d, n, null, closed, buffer, 3);
                else w.call(d, n, null, closed, 5L);
            }
            w.call(d, "write0", null, closed, buffer, 3);
            w.call(d, "force0", null, closed, true);
            w.call(d, "lock0", null, closed, true, 0L, 10L, true);
            w.call(util, "iovMax", null);
            w.call(util, "fdLimit", null);
            String pipe = me == 0 ? theirs(util, "makePipe", null, false) : ours(util, "makePipe", null, false);
            int from = (int) (Long.parseLong(pipe) >> 32), to = (int) Long.parseLong(pipe);
            w.call(util, "drain", null, from);
            w.call(util, "drain1", null, from);
            for (int i = 0; i < 200; i++) w.call(util, "write1", null, to, (byte) i);
            w.call(util, "drain1", null, from);
            w.call(util, "drain", null, from);
            w.call(util, "drain", null, from);
            w.call(d, "closeIntFD", null, from);
            w.call(d, "closeIntFD", null, to);
            w.call(d, "closeIntFD", null, 12345);
            w.call(type("sun.nio.ch.FileChannelImpl"), "map0", f.getChannel(), 1, 0L, 50L, false);
            s.setLength(s.lastIndexOf("map0"));
            w.call(type("sun.nio.ch.FileChannelImpl"), "map0", f.getChannel(), 0, 1L, 50L, false);
            w.call(type("sun.nio.ch.FileChannelImpl"), "initIDs", null);
            w.call(type("sun.nio.ch.FileChannelImpl"), "maxDirectTransferSize0", null);
            f.close();
            texts[who] = s.toString();
        }
        check(texts[0].equals(texts[1]), "channels: " + texts[1] + "\n the JDK: " + texts[0]);
    }

    /** A start from java.image in a process where much is otherwise: here, the same one, so afterwards everything is as it was. */
    static void thaw() throws Exception {
        TreeMap<Object, Object> before = new TreeMap<>(System.getProperties());
        String path = new File("x").getAbsolutePath();
        Locale locale = Locale.getDefault(), format = Locale.getDefault(Locale.Category.FORMAT);
        PrintStream out = System.out;
        Class<?> thaw = Class.forName("coracle.natives.Thaw", true, null);
        theirs(thaw, "prepare", null);
        System.setProperty("user.dir", "/bogus");
        System.setProperty("java.io.tmpdir", "/bogus");
        jdk.internal.misc.VM.getSavedProperties();
        Locale.setDefault(Locale.JAPAN);
        for (String step : new String[] {"resume", "makeProperties"}) {
            String outcome = theirs(thaw, step, null);
            check(outcome.equals("null"), "Thaw." + step + ": " + outcome);
        }
        TreeMap<Object, Object> after = new TreeMap<>(System.getProperties());
        after.keySet().retainAll(before.keySet());
        before.remove("sun.java.launcher");
        after.remove("sun.java.launcher");
        for (Object k : before.keySet()) check(before.get(k).equals(after.get(k)), "property " + k + ": " + after.get(k) + ", before: " + before.get(k));
        check(path.equals(new File("x").getAbsolutePath()), "absolute path");
        check(System.out == out, "System.out");
        check(java.nio.charset.Charset.defaultCharset().equals(java.nio.charset.Charset.forName(System.getProperty("file.encoding"))), "default character set");
        check(Class.forName("NativesTest$Late").getName().equals("NativesTest$Late"), "class path");
        check(new File("/tmp/../tmp").getCanonicalPath().equals("/tmp"), "canonical path");
        Locale.setDefault(locale);
    }

    static class Late {}

    static final byte[] HELPER = "unused\0".getBytes();

    static void processes() throws Exception {
        Class<?> h = ProcessHandle.current().getClass(), info = type("java.lang.ProcessHandleImpl$Info");
        long me = ProcessHandle.current().pid(), none = 99999999;
        for (long pid : new long[] {me, ProcessHandle.current().parent().get().pid(), 1, none}) {
            same(h, "isAlive0", null, pid);
            same(h, "parent0", null, pid, 0L);
            same(h, "parent0", null, pid, 5L);
            same(h, "destroy0", null, pid, 5L, true);
            Object a = make("java.lang.ProcessHandleImpl$Info"), b = make("java.lang.ProcessHandleImpl$Info");
            String x = theirs(info, "info0", a, pid), y = ours(info, "info0", b, pid);
            for (String f : new String[] {"command", "commandLine", "arguments", "startTime", "user"}) {
                Field field = info.getDeclaredField(f);
                field.setAccessible(true);
                x += shown(field.get(a)) + " ";
                y += shown(field.get(b)) + " ";
            }
            check(x.equals(y), "info0: " + y + " the JDK: " + x);
        }
        same(h, "destroy0", null, none, 0L, true);
        same(h, "waitForProcessExit0", null, me, true);
        same(h, "waitForProcessExit0", null, none, false);
        Process child = new ProcessBuilder("cat").start();
        long[] a = new long[10], b = new long[10], pa = new long[10], pb = new long[10], sa = new long[10], sb = new long[10];
        String x = theirs(h, "getProcessPids0", null, me, a, pa, sa), y = ours(h, "getProcessPids0", null, me, b, pb, sb);
        check((x + shown(a) + shown(pa) + shown(sa)).equals(y + shown(b) + shown(pb) + shown(sb)), "getProcessPids0 " + x + y);
        child.destroy();
        child.waitFor();

        Class<?> p = type("java.lang.ProcessImpl");
        Object unused = jdk.internal.misc.Unsafe.getUnsafe().allocateInstance(p);
        byte[] dir = (work + "\0").getBytes(), env = "A=1\0B=two words\0".getBytes(), script = "-c\0echo $A $B; pwd; cat; echo err >&2; exit 7\0".getBytes();
        for (boolean redirect : new boolean[] {false, true})
            for (boolean inherit : new boolean[] {false, true}) {
                String[] texts = new String[2];
                for (int who = 0; who < 2; who++) {
                    int[] fds = {-1, -1, -1};
                    Object[] c = {3, HELPER, "sh\0".getBytes(), script, 2, inherit ? null : env, inherit ? 0 : 2, dir, fds, redirect};
                    int pid = Integer.parseInt(who == 0 ? theirs(p, "forkAndExec", unused, c) : ours(p, "forkAndExec", unused, c));
                    check(fds[0] != -1 && fds[1] != -1 && fds[2] != -1, "pipes of " + who + Arrays.toString(fds));
                    FileDescriptor[] d = new FileDescriptor[3];
                    for (int i = 0; i < 3; i++) {
                        d[i] = new FileDescriptor();
                        jdk.internal.access.SharedSecrets.getJavaIOFileDescriptorAccess().set(d[i], fds[i]);
                    }
                    try (OutputStream to = new FileOutputStream(d[0])) {
                        to.write("typed\n".getBytes());
                    }
                    String text;
                    try (InputStream out = new FileInputStream(d[1]); InputStream err = new FileInputStream(d[2])) {
                        text = new String(new BufferedInputStream(out).readAllBytes()) + "|" + new String(new BufferedInputStream(err).readAllBytes());
                    }
                    texts[who] = text + ours(h, "waitForProcessExit0", null, (long) pid, true);
                }
                check(texts[0].equals(texts[1]) && texts[0].contains("typed") && texts[0].endsWith("7"), "forkAndExec: " + texts[1] + " the JDK: " + texts[0]);
            }
        for (String program : new String[] {"nosuch", "/etc/passwd", "/tmp"})
            same(p, "forkAndExec", unused, 3, HELPER, (program + "\0").getBytes(), new byte[0], 0, null, 0, null, new int[] {-1, -1, -1}, false);
        same(p, "forkAndExec", unused, 3, HELPER, "true\0".getBytes(), new byte[0], 0, null, 0, "/nosuch\0".getBytes(), new int[] {-1, -1, -1}, false);
    }

    /** The same work done by zlib streams of either side, step by step. */
    static String squeeze(int who, boolean raw, int level, int strategy, byte[] data, int inStep, int outStep) throws Exception {
        Call w = (c, n, r, a) -> who == 0 ? theirs(c, n, r, a) : ours(c, n, r, a);
        StringBuilder s = new StringBuilder();
        Class<?> dc = Deflater.class, ic = Inflater.class;
        Deflater deflater = new Deflater();
        Inflater inflater = new Inflater();
        long z = Long.parseLong(w.call(dc, "init", null, level, strategy, raw));
        byte[] packed = new byte[data.length * 2 + 100];
        int in = 0, out = 0;
        for (boolean done = false; !done;) {
            int n = Math.min(inStep, data.length - in), m = Math.min(outStep, packed.length - out);
            long r = Long.parseLong(w.call(dc, "deflateBytesBytes", deflater, z, data, in, n, packed, out, m, in + n == data.length ? 4 : 0, 0));
            in += r & 0x7fffffff;
            out += r >>> 31 & 0x7fffffff;
            done = (r >>> 62 & 1) != 0;
            s.append(Long.toHexString(r)).append(" ");
        }
        s.append(w.call(dc, "getAdler", null, z)).append(" ").append(w.call(dc, "reset", null, z));
        s.append(w.call(dc, "deflateBytesBytes", deflater, z, data, 0, 10, packed, out, 0, 0, level << 3 | 1)).append(" ");
        w.call(dc, "end", null, z);
        s.append(Arrays.hashCode(Arrays.copyOf(packed, out))).append(" ");
        z = Long.parseLong(w.call(ic, "init", null, raw));
        byte[] back = new byte[data.length + 10];
        int from = 0, to = 0;
        for (boolean done = false; !done;) {
            int n = Math.min(inStep, out - from), m = Math.min(outStep, back.length - to);
            long r = Long.parseLong(w.call(ic, "inflateBytesBytes", inflater, z, packed, from, n, back, to, m));
            from += r & 0x7fffffff;
            to += r >>> 31 & 0x7fffffff;
            done = (r >>> 62 & 1) != 0;
            s.append(Long.toHexString(r)).append(" ");
        }
        s.append(w.call(ic, "getAdler", null, z)).append(" ").append(w.call(ic, "reset", null, z));
        s.append(w.call(ic, "inflateBytesBytes", inflater, z, data, 0, Math.min(50, data.length), back, 0, 100)).append(" ");
        w.call(ic, "end", null, z);
        check(Arrays.equals(data, Arrays.copyOf(back, to)), "zlib round trip");
        return s.toString();
    }

    static void zlib() throws Exception {
        byte[] data = new byte[150000];
        Random random = new Random(9);
        for (int i = 0; i < data.length; i++) data[i] = (byte) ("the quick brown fox ".charAt(i % 20) + (random.nextInt(10) == 0 ? 1 : 0));
        for (boolean raw : new boolean[] {false, true})
            for (int level : new int[] {-1, 0, 1, 9})
                for (int[] steps : new int[][] {{1000, 700}, {200000, 400000}, {1, 13}}) {
                    byte[] part = steps[0] == 1 ? Arrays.copyOf(data, 300) : data;
                    String a = squeeze(0, raw, level, 0, part, steps[0], steps[1]), b = squeeze(1, raw, level, 0, part, steps[0], steps[1]);
                    check(a.equals(b), "zlib " + raw + " " + level + " " + steps[0] + ": " + b + "\n the JDK: " + a);
                }
        same(Deflater.class, "init", null, 77, 0, false);
    }

    public static void main(String[] a) throws Exception {
        System.load(a[0]);
        work = Files.createTempDirectory("natives");
        bindAll(Path.of(System.getProperty("classes")));
        coverage();
        system();
        strictMath();
        checksums();
        files();
        streams();
        nio();
        channels();
        zlib();
        processes();
        thaw();
        try (var walk = Files.walk(work)) {
            walk.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        }
        System.out.println("natives: " + passed + " checks passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }
}
