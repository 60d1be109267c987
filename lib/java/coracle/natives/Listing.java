package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Memory;
import coracle.ffi.Mode;

/**
 * Names of a folder, or lines of a file, read at once into a block of native memory: so that nothing of the C library (a DIR,
 * a FILE) is there when a program is frozen. The number that the class library keeps is the address of
 *
 *     end of the entries (8) | room (8) | where to read on (8) | errno after the last entry (8) | entries: length (4), bytes
 */
final class Listing {
    private static final int END = 0, ROOM = 8, NEXT = 16, ERROR = 24, FIRST = 32, FIRST_ROOM = 1024;

    /* No freeze may come between these: a freeze waits. */
    @Function(value = "readdir", mode = Mode.MUST_FINISH)
    private static native long readdir(long folder);
    @Function(value = "closedir", mode = Mode.MUST_FINISH)
    private static native int closedir(long folder);
    @Function(value = "getline", mode = Mode.MUST_FINISH)
    private static native long getline(long line, long size, long stream);
    @Function(value = "fclose", mode = Mode.MUST_FINISH)
    private static native int fclose(long stream);
    @Function("free")
    private static native void free(long block);
    @Function("strlen")
    private static native long strlen(long text);

    private Listing() {}

    private static long open() {
        long listing = Memory.allocate(FIRST_ROOM);
        Memory.putLong(listing + END, FIRST);
        Memory.putLong(listing + ROOM, FIRST_ROOM);
        Memory.putLong(listing + ERROR, 0);
        rewind(listing);
        return listing;
    }

    /** Gives the listing, which may have another address then. */
    private static long add(long listing, long from, int length) {
        long end = Memory.getLong(listing + END), room = Memory.getLong(listing + ROOM);
        if (end + 4 + length > room) {
            while (room < end + 4 + length) room *= 2;
            long larger = Memory.allocate(room);
            Memory.copy(listing, larger, end);
            Memory.free(listing);
            listing = larger;
            Memory.putLong(listing + ROOM, room);
        }
        Memory.putInt(listing + end, length);
        Memory.copy(from, listing + end + 4, length);
        Memory.putLong(listing + END, end + 4 + length);
        return listing;
    }

    /** All of a folder (a DIR), which is closed. */
    static long ofFolder(long folder) {
        long listing = open();
        for (;;) {
            Errno.set(0);
            long entry = readdir(folder);
            if (entry == 0) break;
            long name = entry + Libc.direntName();
            listing = add(listing, name, (int) strlen(name));
        }
        Memory.putLong(listing + ERROR, Errno.get());
        closedir(folder);
        return listing;
    }

    /** All lines of a stream (a FILE), which is closed. */
    static long ofLines(long stream) {
        long listing = open(), line = Memory.allocate(16), length;
        Memory.clear(line, 16);
        Errno.set(0);
        while ((length = getline(line, line + 8, stream)) != -1) listing = add(listing, Memory.getLong(line), (int) length);
        Memory.putLong(listing + ERROR, Errno.get());
        free(Memory.getLong(line));
        Memory.free(line);
        fclose(stream);
        return listing;
    }

    static void rewind(long listing) {
        Memory.putLong(listing + NEXT, FIRST);
    }

    /** null: there are no more, or errno says what went wrong. */
    static byte[] next(long listing) {
        long next = Memory.getLong(listing + NEXT);
        if (next == Memory.getLong(listing + END)) {
            Errno.set((int) Memory.getLong(listing + ERROR));
            return null;
        }
        int length = Memory.getInt(listing + next);
        Memory.putLong(listing + NEXT, next + 4 + length);
        return Memory.bytesAt(listing + next + 4, length);
    }

    static void close(long listing) {
        Memory.free(listing);
    }
}
