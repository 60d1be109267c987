import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.util.Set;

/** Loaders that mean different classes by one name: what is linked across them must not use the name (JVMS 5.3.4). */
public class LoadingConstraints {
    /** Defines some classes itself; for the others it asks its parent. */
    static class Own extends ClassLoader {
        private final Set<String> names;

        Own(String name, ClassLoader parent, String... names) {
            super(name, parent);
            this.names = Set.of(names);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null || !names.contains(name)) {
                    return loaded != null ? loaded : super.loadClass(name, resolve);
                }
                try (InputStream in = LoadingConstraints.class.getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        }
    }

    static final ClassLoader APP = LoadingConstraints.class.getClassLoader();

    static void load(ClassLoader loader, String name) {
        try {
            loader.loadClass(name);
        } catch (LinkageError | ReflectiveOperationException e) {
            tell(e);
        }
    }

    static void initialize(String subject, ClassLoader loader, String name) {
        System.out.println(subject);
        for (int i = 0; i < 2; i++) {
            try {
                Class<?> type = Class.forName(name, true, loader);
                Constructor<?> constructor = type.getDeclaredConstructor();
                constructor.setAccessible(true);
                Object made = constructor.newInstance();
                System.out.println("  works: " + made);
            } catch (LinkageError | ReflectiveOperationException e) {
                tell(e);
            }
        }
    }

    static void tell(Throwable e) {
        System.out.println("  " + e.toString().replaceAll("@[0-9a-f]+", "@hash"));
    }

    public static void main(String[] arguments) {
        Own one = new Own("one", APP, "parts.Item", "Base", "Shape", "Plain");
        load(one, "parts.Item");

        Own two = new Own("two", one, "parts.Item", "Derived", "Round");
        load(two, "parts.Item");
        initialize("an overridden method of a superclass", two, "Derived");
        initialize("a method of an interface", two, "Round");

        Own same = new Own("same", one, "Derived", "Round");
        initialize("the same class: overridden", same, "Derived");
        initialize("the same class: interface", same, "Round");

        Own holder = new Own("holder", APP, "parts.Item", "Holder");
        load(holder, "parts.Item");
        Own both = new Own("both", holder, "Shape", "parts.Item", "Heir");
        load(both, "parts.Item");
        initialize("an inherited method for an interface", both, "Heir");

        Own arrays = new Own("arrays", one, "parts.Item", "ManyDerived");
        load(arrays, "parts.Item");
        initialize("in an array, as a result", arrays, "ManyDerived");

        Own hidden = new Own("hidden", one, "parts.Item", "Unrelated");
        load(hidden, "parts.Item");
        initialize("a method that overrides nothing", hidden, "Unrelated");

        Own defaults = new Own("defaults", one, "parts.Item", "Defaults", "Takes");
        load(defaults, "parts.Item");
        initialize("a default method for another interface", defaults, "Takes");

        Own below = new Own("below", two, "Below");
        initialize("below a class that cannot be linked", below, "Below");

        Own own = new Own("own", one, "parts.Item", "Caller", "Reader");
        load(own, "parts.Item");
        initialize("a method that is called", own, "Caller");
        initialize("a field that is read", own, "Reader");

        Own outside = new Own("outside", new Own("inside", APP, "Secret"), "Outcast");
        initialize("a superclass of another package", outside, "Outcast");
    }
}
