package coracle.natives;

final class sun_management_ClassLoadingImpl {
    /** There are no lines about classes; what is asked for is remembered. */
    static boolean isVerbose;

    static void setVerboseClass(boolean on) { isVerbose = on; }
}
