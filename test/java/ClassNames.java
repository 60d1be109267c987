/** Names that Class.forName is given, well-formed and not, with several loaders, and what errors call what is not found. */
public class ClassNames {
    static class Inner { }

    /** Answers null, or another class than it was asked for. */
    static class Careless extends ClassLoader {
        final Class<?> answer;

        Careless(Class<?> answer) { super(null); this.answer = answer; }

        @Override
        public Class<?> loadClass(String name) { return answer; }
    }

    static class Gone { }

    /** Arrays of a class that its loader does not find: errors name the array. */
    public static class Uses implements java.util.function.IntFunction<Object> {
        @Override
        public Object apply(int which) {
            Object none = new Object[0];
            switch (which) {
            case 0: return Gone[].class;
            case 1: return (Gone[]) none;
            case 2: return new Gone[1];
            case 3: return new Gone[1][];
            case 4: return new Gone[2][3];
            case 5: return none instanceof Gone[][];
            case 6: return Gone.class;
            case 7: return ((java.util.function.Consumer<Gone[]>) Uses::take);
            default: return Uses.class.getDeclaredMethods();
            }
        }

        static void take(Gone[] array) { }
    }

    static class Refusing extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals("ClassNames$Gone")) throw new ClassNotFoundException("refused: " + name);
            if (!name.equals("ClassNames$Uses")) return super.loadClass(name, resolve);
            try (java.io.InputStream in = ClassNames.class.getResourceAsStream("ClassNames$Uses.class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (java.io.IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @SuppressWarnings("unchecked")
    static void missingElements() throws Exception {
        Class<?> uses = new Refusing().loadClass("ClassNames$Uses");
        var all = (java.util.function.IntFunction<Object>) uses.getDeclaredConstructor().newInstance();
        for (int i = 0; i <= 8; i++)
            for (int again = i == 7 ? 1 : 0; again < 2; again++)
                try {
                    System.out.println(i + " " + all.apply(i));
                } catch (Throwable e) {
                    System.out.println(i + " " + e + " / " + e.getCause());
                }
    }

    static final String[] NAMES = {"", ".", "..", "/", "a/b", "a.b", ".Names", "ClassNames.", "ClassNames;", "LClassNames;", "[LClassNames;",
        "[LClassNames", "[LClassNames+", "[ClassNames;", "[LClassNames;x", "[[I", "[I", "[V", "[", "[[", "I", "int", "[int",
        "[Ljava.lang.String;", "[Ljava/lang/String;", "java.lang.String", "java/lang/String", "java.lang.string", "[Ljava.lang.string;",
        "[[Ljava.lang.Nope;", "java..lang.String", "java.lang.String ", "a\0b", "\u00e9.\u00fc", "ClassNames$Inner", "ClassNames$No", "[L;", "[L",
        "[L.ClassNames;", "a;b", "a[b", "[La[b;", "[Z", "[Q", "void", "java.lang", "java.lang.", "<init>", "a<b>", "a-b", "1", "a b"};

    static String find(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader).toString();
        } catch (Throwable e) {
            return e + (e.getCause() != null ? " / " + e.getCause() : "");
        }
    }

    public static void main(String[] args) throws Exception {
        missingElements();
        ClassLoader[] loaders = {ClassNames.class.getClassLoader(), ClassLoader.getPlatformClassLoader(), null, new ClassLoader() { },
            new Careless(null), new Careless(Inner.class)};
        for (int i = 0; i < loaders.length; i++)
            for (String name : NAMES)
                System.out.println(i + " '" + name + "' " + find(name, loaders[i]));
        for (String name : new String[] {"x".repeat(65535), "x".repeat(65536), "[".repeat(255) + "I", "[".repeat(256) + "I",
                "[".repeat(255) + "LClassNames;", "[".repeat(256) + "LClassNames;", "[".repeat(255) + "LNope;"}) {
            String found = find(name, null);
            System.out.println(name.length() + " " + found.length() + " " + found.substring(0, Math.min(found.length(), 120)));
        }
    }
}
