package coracle.natives;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.internal.loader.URLClassPath;
import jdk.internal.misc.Unsafe;

/**
 * A training run before java.image is written: programs are loaded and run as the launcher does it, so that the image holds
 * the classes, call sites and register code for it. Afterwards nothing is left of them: they had class loaders of their own,
 * which die, and each static that they changed becomes again what it was.
 *
 * The samples lie in the folder "train" of the machine's library (lib/train): as classes, as a jar, and a file to read.
 */
final class Train {
    private static final Unsafe U = Fields.U;

    /* What stays: method types keep the call sites' code (LambdaForms) alive. */
    private static Object[] kept;

    private Train() {}

    /** A static that is put back. */
    private static final class Saved {
        final Object base;
        final long offset;
        final Object reference;
        final long number;
        final int size; /* bytes; 0: a reference */

        Saved(String type, String name) throws Exception {
            Field field = field(type, name);
            base = U.staticFieldBase(field);
            offset = U.staticFieldOffset(field);
            Class<?> kind = field.getType();
            size = kind == int.class ? 4 : kind == long.class ? 8 : 0;
            if (!kind.isPrimitive() == (size != 0)) throw new Error(name);
            reference = size == 0 ? U.getReference(base, offset) : null;
            number = size == 4 ? U.getInt(base, offset) : size == 8 ? U.getLong(base, offset) : 0;
        }

        void set(Object value) {
            U.putReferenceVolatile(base, offset, value);
        }

        void restore() {
            if (size == 0) U.putReferenceVolatile(base, offset, reference);
            else if (size == 4) U.putIntVolatile(base, offset, (int) number);
            else U.putLongVolatile(base, offset, number);
        }
    }

    /** Trains with what lies in the folder, if there is one. */
    static void run(String folder) throws Exception {
        if (!new File(folder).isDirectory()) return;
        countLambdas();
        untraced(statics -> {
            launch(statics[SYSTEM_LOADER], folder, 1, "Sample", folder);
            launch(statics[SYSTEM_LOADER], folder + "/sample.jar", 2, folder + "/sample.jar", folder);
            launch(statics[SYSTEM_LOADER], "/nowhere:" + folder + "/sample.jar:" + folder, 1, "Sample", folder);
            end(statics);
            printIn("ANSI_X3.4-1968", "ISO-8859-1", "UTF-8");
        });
        keep();
    }

    /** What is printed where the locale is another than the image's. */
    private static void printIn(String... encodings) throws Exception {
        for (int i = 0; i < encodings.length; i++) {
            PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream("/dev/null"), 128), true, encodings[i]);
            out.println("What a sample prints.");
            out.close();
        }
    }

    /** The little that every program needs. */
    static void rehearse(String folder) throws Exception {
        if (!new File(folder).isDirectory()) return;
        countLambdas();
        untraced(statics -> {
            launch(statics[SYSTEM_LOADER], folder, 1, "Hello", folder);
            end(statics);
        });
        print();
        use(ClassLoader.getSystemClassLoader());
        show(ClassLoader.getSystemClassLoader().getUnnamedModule());
    }

    /** The same from a jar. */
    static void rehearseOthers(String folder) throws Exception {
        if (!new File(folder).isDirectory()) return;
        untraced(statics -> launch(statics[SYSTEM_LOADER], folder + "/hello.jar", 2, folder + "/hello.jar", folder));
    }

    /** The machine makes a record of a loader's unnamed module when it first sees it. */
    private static void show(Module unnamed) throws Exception {
        Method reads = Module.class.getDeclaredMethod("addReads0", Module.class, Module.class);
        Fields.open(reads);
        reads.invoke(null, unnamed, unnamed);
    }

    /** Through the stream that every program has; for once it leads nowhere. */
    private static void print() throws Exception {
        long fd = Fields.offset(FileDescriptor.class, "fd");
        int number = U.getInt(FileDescriptor.out, fd);
        try (FileOutputStream nowhere = new FileOutputStream("/dev/null")) {
            U.putInt(FileDescriptor.out, fd, U.getInt(nowhere.getFD(), fd));
            System.out.println("Hello, world");
            System.out.flush();
        } finally {
            U.putInt(FileDescriptor.out, fd, number);
        }
    }

    /** The maps and locks of the class loader that every program has; nothing stays in them. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void use(Object loader) throws Exception {
        for (Class<?> type = loader.getClass(); type != Object.class; type = type.getSuperclass())
            for (Field field : fields(type)) {
                if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) continue;
                Object value = U.getReference(loader, U.objectFieldOffset(field));
                if (value instanceof ConcurrentHashMap) {
                    ((Map) value).put(Train.class, Train.class);
                    ((Map) value).remove(Train.class);
                } else if (value != null && value.getClass() == Object.class) {
                    synchronized (value) {
                    }
                }
            }
    }

    private static AtomicInteger lambdas; /* numbers their classes */
    private static int lambdaCount;       /* before the training, which has lambdas of its own */

    private static void countLambdas() throws Exception {
        if (lambdas != null) return;
        lambdas = (AtomicInteger) statics("java.lang.invoke.InnerClassLambdaMetafactory", "counter");
        lambdaCount = lambdas.get();
    }

    private static final int OUT = 0, ERR = 1, SYSTEM_LOADER = 2, HOOKS = 3;

    /** Puts all statics back afterwards. */
    private static void untraced(Part part) throws Exception {
        Saved[] statics = {
            new Saved("java.lang.System", "out"),
            new Saved("java.lang.System", "err"),
            new Saved("java.lang.ClassLoader", "scl"),
            new Saved("java.lang.Shutdown", "hooks"),
            new Saved("java.lang.Shutdown", "currentRunningHook"),
            new Saved("java.lang.Thread", "threadInitNumber"),
            new Saved("java.lang.Thread", "threadSeqNumber"),
            new Saved("sun.launcher.LauncherHelper", "ostream"),
            new Saved("sun.launcher.LauncherHelper", "appClass"),
            new Saved("jdk.internal.misc.VM", "initLevel"),
        };
        try {
            inThread(part, statics);
        } finally {
            for (Saved saved : statics) saved.restore();
            lambdas.set(lambdaCount);
        }
    }

    private interface Part {
        void run(Saved[] statics) throws Exception;
    }

    /** In a thread of its own, whose thread locals end with it. */
    private static void inThread(Part part, Saved[] statics) throws Exception {
        Exception[] failure = new Exception[1];
        Thread thread = new Thread(() -> {
            try (PrintStream nowhere = new PrintStream(new BufferedOutputStream(new FileOutputStream("/dev/null"), 128), true)) {
                statics[OUT].set(nowhere);
                statics[ERR].set(nowhere);
                part.run(statics);
            } catch (Exception e) {
                failure[0] = e;
            }
        });
        thread.start();
        thread.join();
        if (failure[0] != null) throw failure[0];
    }

    /** As the launcher does it, but with a class loader that nobody else knows. */
    private static void launch(Saved system, String path, int mode, String what, String argument) throws Exception {
        Class<?> type = Fields.type("jdk.internal.loader.ClassLoaders$AppClassLoader");
        Constructor<?> constructor = type.getDeclaredConstructor(Fields.type("jdk.internal.loader.BuiltinClassLoader"), URLClassPath.class);
        Fields.open(constructor);
        URLClassPath urls = Thaw.classPath(path);
        Object loader = constructor.newInstance(ClassLoader.getPlatformClassLoader(), urls);
        system.set(loader);
        try {
            Method find = Fields.type("sun.launcher.LauncherHelper").getDeclaredMethod("checkAndLoadMain", boolean.class, int.class, String.class);
            Fields.open(find);
            Class<?> main = (Class<?>) find.invoke(null, true, mode, what);
            Method method = main.getMethod("main", String[].class);
            method.invoke(null, (Object) new String[] {argument});
        } catch (InvocationTargetException e) {
            e.getCause().printStackTrace(new PrintStream(new FileOutputStream(FileDescriptor.err)));
            throw e;
        } finally {
            system.restore();
            urls.closeLoaders();
        }
    }

    /** The end of a program, with no hooks, and the thread that runs them. */
    @SuppressWarnings({"deprecation", "removal"})
    private static void end(Saved[] statics) throws Exception {
        ThreadGroup group = new ThreadGroup("train");
        Thread last = new Thread(group, "last");
        last.start();
        last.join();
        new Thread(group, "DestroyJavaVM");
        group.destroy();
        Runnable[] hooks = (Runnable[]) statics[HOOKS].reference; /* read, as a program's end does it */
        statics[HOOKS].set(new Runnable[hooks.length]);
        Method shutdown = Fields.type("java.lang.Shutdown").getDeclaredMethod("shutdown");
        Fields.open(shutdown);
        shutdown.invoke(null);
    }

    /** A static field, also one that reflection does not show. */
    private static Field field(String type, String name) throws Exception {
        Class<?> holder = Fields.type(type);
        U.ensureClassInitialized(holder);
        for (Field field : fields(holder))
            if (field.getName().equals(name)) return field;
        throw new NoSuchFieldException(name);
    }

    private static Field[] fields(Class<?> type) throws Exception {
        Method all = Class.class.getDeclaredMethod("getDeclaredFields0", boolean.class);
        Fields.open(all);
        return (Field[]) all.invoke(type, false);
    }

    private static Object statics(String type, String name) throws Exception {
        Field field = field(type, name);
        return U.getReference(U.staticFieldBase(field), U.staticFieldOffset(field));
    }

    /** The class library holds method types weakly; those of its own classes are kept, and with them their code. */
    private static void keep() throws Exception {
        Object table = statics("java.lang.invoke.MethodType", "internTable");
        Map<?, ?> map = (Map<?, ?>) U.getReference(table, Fields.offset(table.getClass(), "map"));
        ArrayList<Object> found = new ArrayList<>();
        for (Object entry : map.keySet()) {
            Object type = ((Reference<?>) entry).get();
            if (type != null && isOwn((MethodType) type)) found.add(type);
        }
        kept = found.toArray();
    }

    private static boolean isOwn(MethodType type) {
        boolean own = type.returnType().getClassLoader() == null;
        for (int i = 0; i < type.parameterCount(); i++) own &= type.parameterType(i).getClassLoader() == null;
        return own;
    }
}
