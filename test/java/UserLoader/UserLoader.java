import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Class loading by user loaders: own namespaces, delegation, child first, resources, errors, static state for each. */
public class UserLoader {
    static final List<String> asked = new ArrayList<>();

    static class ChildFirst extends ClassLoader {
        final String name;

        ChildFirst(String name, ClassLoader parent) {
            super(name, parent);
            this.name = name;
        }

        @Override
        protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(className)) {
                if (!className.startsWith("Plugin")) {
                    return super.loadClass(className, resolve);
                }
                Class<?> loaded = findLoadedClass(className);
                asked.add(name + ":" + className + (loaded == null ? "" : " again"));
                return loaded != null ? loaded : findClass(className);
            }
        }

        @Override
        protected Class<?> findClass(String className) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(className + ".class")) {
                if (in == null || className.equals("PluginMissing")) {
                    throw new ClassNotFoundException("no bytes of " + className);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(className, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(className, e);
            }
        }
    }

    static void attempt(String what, java.util.concurrent.Callable<?> action) {
        try {
            System.out.println(what + ": " + action.call());
        } catch (Throwable t) {
            Throwable shown = t instanceof java.lang.reflect.InvocationTargetException ? t.getCause() : t;
            System.out.println(what + ": " + shown.toString().replaceAll("@[0-9a-f]+", "@") + " / " + String.valueOf(shown.getCause()).replaceAll("@[0-9a-f]+", "@"));
        }
    }

    @SuppressWarnings("unchecked")
    public static void main(String[] args) throws Exception {
        ClassLoader app = UserLoader.class.getClassLoader();
        ChildFirst one = new ChildFirst("one", app), two = new ChildFirst("two", app);
        Class<?> first = one.loadClass("Plugin"), second = two.loadClass("Plugin");
        System.out.println((first == second) + " " + (first == one.loadClass("Plugin")) + " " + (first == Plugin.class) + " "
                + (first.getClassLoader() == one) + " " + first.getName() + " " + first.getClassLoader().getName());
        Supplier<String> a = (Supplier<String>) first.getDeclaredConstructor().newInstance();
        Supplier<String> b = (Supplier<String>) second.getDeclaredConstructor().newInstance();
        System.out.println(a.get() + " " + a.get() + " " + b.get() + " " + new Plugin().get());
        System.out.println(first.isInstance(a) + " " + second.isInstance(a) + " " + Arrays.asList(first.getInterfaces()));
        System.out.println(asked);
        asked.clear();
        attempt("cast", () -> (Plugin) (Object) a);
        attempt("cast back", () -> second.cast(a));
        attempt("missing", () -> first.getMethod("useMissing").invoke(a));
        attempt("missing again", () -> first.getMethod("useMissing").invoke(a));
        System.out.println(asked);
        attempt("unknown", () -> one.loadClass("Plugins"));
        attempt("java package", () -> new ClassLoader() {
            Class<?> define() {
                return defineClass("java.lang.Own", new byte[10], 0, 10);
            }
        }.define());
        attempt("twice", () -> {
            try (InputStream in = app.getResourceAsStream("Plugin.class")) {
                byte[] bytes = in.readAllBytes();
                return new ClassLoader("three", app) {
                    Object define() {
                        defineClass("Plugin", bytes, 0, bytes.length);
                        return defineClass("Plugin", bytes, 0, bytes.length);
                    }
                }.define();
            }
        });
        attempt("wrong name", () -> {
            try (InputStream in = app.getResourceAsStream("Plugin.class")) {
                byte[] bytes = in.readAllBytes();
                return new ClassLoader(app) {
                    Object define() {
                        return defineClass("Other", bytes, 0, bytes.length);
                    }
                }.define();
            }
        });
        attempt("garbage", () -> new ClassFile.Loader().define("Garbage", "not a class file".getBytes()));
        attempt("truncated", () -> new ClassFile.Loader().define(null, new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0}));
        attempt("version", () -> new ClassFile.Loader().define("Future", new ClassFile(99, 0x21, "Future", "java/lang/Object").toBytes()));
        attempt("no parent class", () -> new ClassFile.Loader().define("Orphan", new ClassFile(50, 0x21, "Orphan", "no/Parent").toBytes()));
        attempt("own parent", () -> new ClassFile.Loader().define("Self", new ClassFile(50, 0x21, "Self", "Self").toBytes()));
        attempt("final parent", () -> new ClassFile.Loader().define("Sub", new ClassFile(50, 0x21, "Sub", "java/lang/String").toBytes()));
        attempt("interface as parent", () -> new ClassFile.Loader().define("Sub", new ClassFile(50, 0x21, "Sub", "java/lang/Runnable").toBytes()));
        attempt("class as interface", () -> new ClassFile.Loader().define("Sub", new ClassFile(50, 0x21, "Sub", "java/lang/Object").implement("java/lang/Object").toBytes()));
        attempt("forName", () -> Class.forName("Plugin", true, two) == second);
        attempt("array", () -> Class.forName("[LPlugin;", false, two).getComponentType() == second);
        URL url = app.getResource("UserLoader.txt");
        System.out.println(url.getProtocol() + " " + new String(url.openStream().readAllBytes(), "UTF-8").trim());
        System.out.println(app.getResource("nothing.txt") + " " + UserLoader.class.getResourceAsStream("/nothing") + " "
                + Collections.list(app.getResources("UserLoader.txt")).size() + " " + app.getName() + " " + app.getParent().getName()
                + " " + app.getParent().getParent() + " " + String.class.getClassLoader() + " " + int[].class.getClassLoader());
        System.out.println(one.getUnnamedModule().isNamed() + " " + first.getModule().equals(one.getUnnamedModule()) + " " + String.class.getModule()
                + " " + (first.getProtectionDomain() != null) + " " + first.getPackage().getName().isEmpty() + " " + (Thread.currentThread().getContextClassLoader() == app));
    }
}
