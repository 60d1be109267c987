import java.lang.management.ManagementFactory;

/** Collects after here(), and tells whether a line about it was wanted. */
public class Collects {
    static void here() {}

    public static void main(String[] arguments) {
        here();
        System.gc();
        System.out.println(ManagementFactory.getMemoryMXBean().isVerbose());
    }
}
