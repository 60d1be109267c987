package coracle.natives;

import java.util.Arrays;

/** What the command line told. */
final class Command {
    private Command() {}

    /** Names and values in turn, ended by null; each is that of before at its place, if it is equal. before may be null. */
    static String[] properties(String[] before) {
        String[] texts = undecodedProperties(before);
        int count = decode(texts);
        return count == texts.length - 1 ? texts : Arrays.copyOf(texts, count + 1);
    }

    /** Those for the machine, not for the program. */
    static String[] vmArguments() {
        String[] texts = undecodedArguments();
        return Arrays.copyOf(texts, decode(texts));
    }

    /* Each byte a character; null behind them and, if they are not all ASCII, one element more. */
    private static native String[] undecodedProperties(String[] before);
    private static native String[] undecodedArguments();

    /** Gives how many texts there are. */
    private static int decode(String[] texts) {
        int count = texts.length - 1;
        if (texts[count] == null) return count;
        Text.decode(texts, count - 1);
        return count - 1;
    }

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
}
