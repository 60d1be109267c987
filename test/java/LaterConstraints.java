import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Loading constraints that are imposed before the classes that they are about are loaded, and hold when they are. */
public class LaterConstraints {
    static final int PUBLIC = ClassFile.PUBLIC, STATIC = ClassFile.STATIC;

    /** Defines some classes itself, has others loaded by another loader. */
    static class Loader extends ClassLoader {
        final Map<String, ClassFile> own = new HashMap<>();
        final Map<String, ClassLoader> others = new HashMap<>();

        Loader(String name) {
            super(name, LaterConstraints.class.getClassLoader());
        }

        Loader own(String name, ClassFile file) {
            own.put(name, file);
            return this;
        }

        Loader other(String name, ClassLoader loader) {
            others.put(name, loader);
            return this;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null && own.containsKey(name)) {
                    byte[] bytes = own.get(name).toBytes();
                    loaded = defineClass(name, bytes, 0, bytes.length);
                }
                return loaded != null ? loaded : others.containsKey(name) ? others.get(name).loadClass(name) : super.loadClass(name, resolve);
            }
        }
    }

    interface Action {
        Object run() throws Throwable;
    }

    static void attempt(String what, Action action) {
        String result;
        try {
            result = String.valueOf(action.run());
        } catch (InvocationTargetException e) {
            result = e.getCause().toString();
        } catch (Throwable t) {
            result = t.toString();
        }
        System.out.println(what + ": " + result.replaceAll("@[0-9a-f]+", "@"));
    }

    static ClassFile plain(String name, String parent) {
        return new ClassFile(52, PUBLIC | ClassFile.SUPER, name, parent).constructor(parent);
    }

    /** Takes a Key, static and virtual, and has a field of the type. */
    static ClassFile taker() {
        ClassFile file = plain("Taker", "java/lang/Object").field(PUBLIC | STATIC, "key", "LKey;");
        file.method(PUBLIC | STATIC, "take", "([LKey;)Ljava/lang/String;", 1, 1, new ClassFile.Code().op2(0x13, file.string("taken")).op(0xb0));
        return file.method(PUBLIC, "overridden", "(LKey;)V", 1, 2, new ClassFile.Code().op(0xb1));
    }

    /** Calls it with null, so that nobody needs Key. */
    static ClassFile caller() {
        ClassFile file = plain("Caller", "java/lang/Object");
        file.method(PUBLIC | STATIC, "run", "()Ljava/lang/Object;", 2, 1, new ClassFile.Code().op(1).op2(0xb8, file.methodRef("Taker", "take", "([LKey;)Ljava/lang/String;")).op(0xb0));
        file.method(PUBLIC | STATIC, "read", "()Ljava/lang/Object;", 2, 1, new ClassFile.Code().op2(0xb2, file.fieldRef("Taker", "key", "LKey;")).op(0xb0));
        return file.method(PUBLIC | STATIC, "load", "()Ljava/lang/Object;", 2, 1, new ClassFile.Code().op2(0x13, file.type("Key")).op(0xb0));
    }

    static ClassFile overrider() {
        return plain("Overrider", "Taker").method(PUBLIC, "overridden", "(LKey;)V", 1, 2, new ClassFile.Code().op(0xb1));
    }

    static Loader taking(String name) {
        return new Loader(name).own("Key", plain("Key", "java/lang/Object")).own("Taker", taker());
    }

    static Loader calling(String name, Loader taking) {
        return new Loader(name).own("Key", plain("Key", "java/lang/Object")).own("Caller", caller()).own("Overrider", overrider()).other("Taker", taking);
    }

    static Object call(Loader loader, String method) throws Throwable {
        return loader.loadClass("Caller").getMethod(method).invoke(null);
    }

    static String key(Loader loader) throws Throwable {
        return ((Loader) loader.loadClass("Key").getClassLoader()).getName();
    }

    /** Many loaders that agree with one and die: what they agreed upon goes with them. */
    static int forget(Loader taking, int count) throws Throwable {
        int refused = 0;
        for (int i = 0; i < count; i++) {
            Loader loader = calling("brief", taking);
            call(loader, "run");
            try {
                key(loader);
            } catch (LinkageError e) {
                refused++;
            }
            if (i % 50 == 0) {
                System.gc();
            }
        }
        return refused;
    }

    public static void main(String[] args) throws Throwable {
        String[] ways = {"run", "read", "override"};
        for (int order = 0; order < 4; order++) {
            for (String way : ways) {
                String name = way + order;
                Loader one = taking("one"), two = calling("two", one);
                if ((order & 1) != 0) {
                    attempt(name + " one first", () -> key(one));
                }
                if ((order & 2) != 0) {
                    attempt(name + " two first", () -> key(two));
                }
                for (int i = 0; i < 2; i++) {
                    attempt(name, () -> way.equals("override") ? two.loadClass("Overrider").getConstructor().newInstance().getClass() : call(two, way));
                }
                attempt(name + " one", () -> key(one));
                attempt(name + " two", () -> key(two));
                attempt(name + " by two", () -> call(two, "load"));
                attempt(name + " again", () -> way.equals("override") ? "" : call(two, way));
            }
        }

        // Groups that meet: two and three agree with one, so with each other.
        Loader one = taking("one"), two = calling("two", one), three = calling("three", one), four = calling("four", taking("other"));
        attempt("two", () -> call(two, "run"));
        attempt("three", () -> call(three, "run"));
        attempt("four", () -> call(four, "run"));
        attempt("two", () -> key(two));
        attempt("three", () -> key(three));
        attempt("four", () -> key(four));
        attempt("one", () -> key(one));
        Loader five = calling("five", one);
        attempt("five's own", () -> key(five));
        attempt("five", () -> call(five, "run"));

        // Who asks another loader for the class agrees with what that has loaded.
        Loader first = taking("first"), second = calling("second", first), third = new Loader("third").other("Key", second).own("Caller", caller()).other("Taker", first);
        attempt("third", () -> call(third, "run"));
        attempt("second", () -> key(second));
        attempt("first", () -> key(first));
        attempt("third", () -> call(third, "load"));
        attempt("third", () -> key(third));

        Loader lasting = taking("lasting");
        System.out.println(key(lasting));
        System.out.println(forget(lasting, 200));
        List<Loader> kept = new ArrayList<>();
        Loader base = taking("base");
        for (int i = 0; i < 100; i++) {
            Loader loader = calling("n" + i, base);
            call(loader, "run");
            if (i % 10 == 0) {
                kept.add(loader);
                System.gc();
            }
        }
        attempt("kept 3", () -> key(kept.get(3)));
        attempt("kept 7", () -> key(kept.get(7)));
        attempt("base", () -> key(base));
    }
}
