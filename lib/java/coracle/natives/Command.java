package coracle.natives;

/** What the command line told. */
final class Command {
    private Command() {}

    /** Names and values in turn, for Text.decodeAll; each is that of before at its place, if it is equal. before may be null. */
    static native String[] properties(String[] before);

    /** Those for the machine, not for the program; for Text.decodeAll. */
    private static native String[] arguments();

    static String[] vmArguments() {
        String[] texts = arguments();
        return java.util.Arrays.copyOf(texts, Text.decodeAll(texts));
    }
}
