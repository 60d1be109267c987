package coracle;

/** What the machine calls from the bottom of a thread's stack. */
final class Launcher {
    private Launcher() {}

    /** Initializes a class, as the first use of it would. */
    static native void initialize(Class<?> c);
}
