/** 10,000 nested loadClass calls, each begun by the machine to find the super class of a class being defined. */
public class NestedLoads {

    static class Loader extends ClassFile.Loader {
        final int count;
        final boolean fails;
        int depth, deepest;

        Loader(int count, boolean fails) {
            this.count = count;
            this.fails = fails;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.startsWith("Load")) {
                throw new ClassNotFoundException(name);
            }
            int n = Integer.parseInt(name.substring(4));
            if (n == count && fails) {
                throw new ClassNotFoundException("none of " + name);
            }
            depth++;
            deepest = Math.max(deepest, depth);
            ClassFile file = new ClassFile(49, ClassFile.PUBLIC | ClassFile.SUPER, name, n == count ? "java/lang/Object" : "Load" + (n + 1));
            try {
                return define(name, file.toBytes());
            } finally {
                depth--;
            }
        }
    }

    public static void main(String[] args) throws Exception {
        Loader loader = new Loader(10000, false);
        Class<?> type = Class.forName("Load0", true, loader);
        int parents = 0;
        for (; type != null; type = type.getSuperclass()) {
            parents++;
        }
        System.out.println(parents + " " + loader.deepest + " " + loader.depth);
        loader = new Loader(2000, true);
        try {
            Class.forName("Load0", true, loader);
        } catch (NoClassDefFoundError e) {
            System.out.println(e + " " + e.getCause() + " " + loader.deepest + " " + loader.depth);
        }
    }
}
