/** Frozen before a class is loaded that only the boot loader finds, in what the command line has appended for it. */
public class FrozenBootPath {
    static void ready() {
    }

    public static void main(String[] arguments) throws Exception {
        ready();
        for (String name : new String[] {"boot.InFolder", "boot.InJar", "java.util.Patched"}) {
            Class<?> type = Class.forName(name);
            System.out.println(type.getName() + " " + type.getClassLoader() + " " + type.getModule().getName());
        }
    }
}
