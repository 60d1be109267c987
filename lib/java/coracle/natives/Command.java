package coracle.natives;

/** What the command line told. */
final class Command {
    private Command() {}

    /** Names and values in turn, for Text.decodeAll; each is that of before at its place, if it is equal. before may be null. */
    static native String[] properties(String[] before);

    /** Those for the machine, not for the program; for Text.decodeAll. */
    private static native String[] arguments();

    /** What the program itself has said of lines about collections: 0 nothing. A frozen program keeps it. */
    private static int wish;
    private static final int QUIET = 1, VERBOSE = 2;

    static void setVerbose(boolean on) {
        wish = on ? VERBOSE : QUIET;
        makeVerbose(on);
    }

    static void restore() {
        if (wish != 0) makeVerbose(wish == VERBOSE);
    }

    static native boolean isVerbose();
    private static native void makeVerbose(boolean on);

    static String[] vmArguments() {
        String[] texts = arguments();
        return java.util.Arrays.copyOf(texts, Text.decodeAll(texts));
    }
}
