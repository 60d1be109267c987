package coracle.natives;

import coracle.ffi.Memory;

/**
 * What a stream of zlib was given since it began, for as long as it has not ended, so that it can be brought to the same point
 * again. Records of native memory, one after the other:
 *
 *     action (4) | parameters (4) | input offered (4) | input used (4) | room for output (4) | output made (4) | the input used
 *
 * An inflater's state follows from the input that it has used and the output that it has made, in whatever steps: its steps are
 * one record. A deflater gets the same calls with the same sizes again; calls that only took input are one record.
 * A log that would be too long is given up; then a freeze refuses.
 */
final class ZlibLog {
    /** One that is not in Zlib: a dictionary was set. */
    static final int DICTIONARY = 1 << 9;

    private static final int LIMIT = 4 << 20, FIRST_ROOM = 4096, SCRATCH = 65536;
    /* of the log */
    private static final int RECORDS = 0, SIZE = 8, ROOM = 16, LAST = 24;
    /* of a record */
    private static final int ACTION = 0, PARAMETERS = 4, OFFERED = 8, USED = 12, OUT_ROOM = 16, MADE = 20, INPUT = 24;
    private static final long GIVEN_UP = -1;

    private ZlibLog() {}

    /** Whether it had been given up. */
    static boolean clear(long log) {
        boolean wasGivenUp = Memory.getLong(log + ROOM) == GIVEN_UP;
        Memory.free(Memory.getLong(log + RECORDS));
        Memory.clear(log, LAST + 8);
        return wasGivenUp;
    }

    static void add(long stream, int action, int parameters, long in, int offered, int outRoom, int used, int made) {
        long log = Zlib.log(stream), size = Memory.getLong(log + SIZE);
        if (Memory.getLong(log + ROOM) == GIVEN_UP) return;
        if (!hasRoom(log, size + INPUT + used + 8)) {
            clear(log);
            Memory.putLong(log + ROOM, GIVEN_UP);
            Zlib.cannotBeSaved(stream);
            return;
        }
        long last = Memory.getLong(log + RECORDS) + Memory.getLong(log + LAST);
        boolean joins = size != 0 && (action == Zlib.INFLATE ? joinsInflate(last, made) : joinsDeflate(stream, last, action, offered, used, made));
        if (joins) {
            Memory.copy(in, last + INPUT + Memory.getInt(last + USED), used);
            Memory.putInt(last + OFFERED, Memory.getInt(last + OFFERED) + offered);
            Memory.putInt(last + OUT_ROOM, outRoom);
        } else {
            last = Memory.getLong(log + RECORDS) + size;
            Memory.putLong(log + LAST, size);
            Memory.clear(last, INPUT);
            Memory.putInt(last + ACTION, action);
            Memory.putInt(last + PARAMETERS, parameters);
            Memory.putInt(last + OFFERED, offered);
            Memory.putInt(last + OUT_ROOM, outRoom);
            Memory.copy(in, last + INPUT, used);
        }
        Memory.putInt(last + USED, Memory.getInt(last + USED) + used);
        Memory.putInt(last + MADE, Memory.getInt(last + MADE) + made);
        Memory.putLong(log + SIZE, next(last) - Memory.getLong(log + RECORDS));
    }

    private static boolean joinsInflate(long last, int made) {
        return Memory.getInt(last + ACTION) == Zlib.INFLATE && Memory.getInt(last + MADE) <= Integer.MAX_VALUE - made;
    }

    private static boolean joinsDeflate(long stream, long last, int action, int offered, int used, int made) {
        return action == 0 && Memory.getInt(last + ACTION) == 0 && made == 0 && Memory.getInt(last + MADE) == 0 && used == offered
            && Memory.getInt(last + USED) == Memory.getInt(last + OFFERED) && Zlib.isTheSameInParts(stream, action);
    }

    private static long next(long record) {
        return record + (INPUT + Memory.getInt(record + USED) + 7 & ~7);
    }

    private static boolean hasRoom(long log, long size) {
        long room = Memory.getLong(log + ROOM);
        if (size <= room) return true;
        if (size > LIMIT) return false;
        room = Math.max(room, FIRST_ROOM);
        while (room < size) room *= 2;
        long records = Memory.allocate(room), old = Memory.getLong(log + RECORDS);
        Memory.copy(old, records, Memory.getLong(log + SIZE));
        Memory.free(old);
        Memory.putLong(log + RECORDS, records);
        Memory.putLong(log + ROOM, room);
        return true;
    }

    /** Brings a stream that has just begun to where it was. */
    static void repeat(long stream) {
        long log = Zlib.log(stream), from = Memory.getLong(log + RECORDS), to = from + Memory.getLong(log + SIZE);
        for (long record = from; record < to; record = next(record))
            if (!repeat(stream, record)) throw new InternalError("this zlib does not repeat what the one before the freeze did");
    }

    private static boolean repeat(long stream, long record) {
        int action = Memory.getInt(record + ACTION), used = Memory.getInt(record + USED), made = Memory.getInt(record + MADE);
        if (action == DICTIONARY) return Zlib.giveDictionary(stream, record + INPUT, used) == Zlib.OK;
        int offered = Memory.getInt(record + OFFERED), room = Memory.getInt(record + OUT_ROOM);
        if (action == Zlib.INFLATE) return inflate(stream, record + INPUT, used, made);
        /* Another zlib might read on: all that was offered is there. */
        long in = Memory.allocate(offered + (long) room + 1);
        try {
            Memory.copy(record + INPUT, in, used);
            Zlib.Step step = Zlib.take(stream, in, offered, in + offered, room, action, Memory.getInt(record + PARAMETERS));
            return step.used == used && step.made == made;
        } finally {
            Memory.free(in);
        }
    }

    private static boolean inflate(long stream, long in, int used, int made) {
        long out = Memory.allocate(SCRATCH);
        try {
            Zlib.Step step;
            do {
                step = Zlib.take(stream, in, used, out, Math.min(made, SCRATCH), Zlib.INFLATE, 0);
                in += step.used;
                used -= step.used;
                made -= step.made;
            } while (step.used + step.made != 0 && used + made != 0);
            return used + made == 0 || step.result == Zlib.DATA_ERROR;
        } finally {
            Memory.free(out);
        }
    }
}
