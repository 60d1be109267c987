package coracle;

import coracle.ffi.Function;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The running program as a file. */
public final class Image {
    @Function(value = "freeze_request", library = "coracle")
    private static native boolean request(byte[] path);
    /** 0 pending, 1 written, 2 failed. */
    @Function(value = "freeze_state", library = "coracle")
    private static native int state();
    @Function(value = "freeze_message", library = "coracle")
    private static native void message(byte[] text, int size);
    /** How often the program was thawed since its beginning. */
    @Function(value = "image_generation", library = "coracle")
    private static native int generation();

    private Image() {}

    /**
     * Writes an image of the whole program to a file; {@code coracle FILE} goes on from here.
     *
     * @return true in the program that was thawed from the image, false in the one that wrote it
     * @throws IOException when something that is open cannot be saved, or the file cannot be written
     */
    public static synchronized boolean freeze(String path) throws IOException {
        if (path.isEmpty()) throw new IOException("an empty path");
        if (path.indexOf(0) >= 0) throw new IOException(path + ": a path with a zero character");
        byte[] text = path.getBytes(StandardCharsets.UTF_8), bytes = new byte[text.length + 1];
        System.arraycopy(text, 0, bytes, 0, text.length);
        int before = generation();
        if (!request(bytes)) throw new IOException("the path is too long: " + path);
        while (generation() == before && state() == 0) Thread.onSpinWait(); /* it happens at one of the safepoints here */
        if (generation() != before) return true;
        if (state() == 1) return false;
        byte[] words = new byte[1024];
        message(words, words.length);
        int length = 0;
        while (words[length] != 0) length++;
        String why = new String(words, 0, length, StandardCharsets.UTF_8);
        throw new IOException(why.startsWith(path + ": ") ? why : path + ": " + why);
    }
}
