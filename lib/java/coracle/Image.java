package coracle;

import java.io.IOException;

/** The running program as a file. */
public final class Image {
    private Image() {}

    /**
     * Writes an image of the whole program to a file; {@code coracle FILE} goes on from here.
     *
     * @return true in the program that was thawed from the image, false in the one that wrote it
     * @throws IOException when something that is open cannot be saved, or the file cannot be written
     */
    public static native boolean freeze(String path) throws IOException;
}
