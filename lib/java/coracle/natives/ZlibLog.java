package coracle.natives;

import coracle.ffi.Memory;

/**
 * What a stream of zlib was given since it began, for as long as it has not ended, so that it can be brought to the same point
 * again. Records of native memory, one after the other:
 *
 *     action (4) | parameters (4) | input offered (4) | input used (4) | room for output (8) | output made (8) | the input used
 *
 * An inflater's state follows from the input that it has used and the output that it has made, in whatever steps: its steps are
 * one record, whose numbers are filled in when it is over. A deflater gets the same calls with the same sizes again; calls that
 * only took input are one record. A log that would be too long is given up; then a freeze refuses.
 */
final class ZlibLog {
    /** One that is not in Zlib: a dictionary was set. */
    static final int DICTIONARY = 1 << 9;

    private static final int LIMIT = 4 << 20, FIRST_ROOM = 4096, KEPT_ROOM = 256 << 10, SCRATCH = 65536;
    /* of the log: addresses of the records, behind them, behind their room, and of the last one (0: none) */
    private static final int RECORDS = 0, END = 8, ROOM_END = 16, LAST = 24;
    /* of a record */
    private static final int ACTION = 0, PARAMETERS = 4, OFFERED = 8, USED = 12, OUT_ROOM = 16, MADE = 24, INPUT = 32;
    private static final long GIVEN_UP = -1;

    private ZlibLog() {}

    /** Whether it had been given up. */
    static boolean clear(long log) {
        long records = Memory.getLong(log + RECORDS);
        if (Memory.getLong(log + ROOM_END) - records <= KEPT_ROOM && records != 0) {
            Memory.putLong(log + END, records);
            Memory.putLong(log + LAST, 0);
            return false;
        }
        return free(log);
    }

    static boolean free(long log) {
        boolean wasGivenUp = Memory.getLong(log + ROOM_END) == GIVEN_UP;
        Memory.free(Memory.getLong(log + RECORDS));
        Memory.clear(log, LAST + 8);
        return wasGivenUp;
    }

    static void addInflate(long stream, long log, long in, int used, int made) {
        long end = Memory.getLong(log + END), last = Memory.getLong(log + LAST);
        if (last != 0 && end + used <= Memory.getLong(log + ROOM_END) && Memory.getInt(last + ACTION) == Zlib.INFLATE) {
            Memory.copy(in, end, used);
            Memory.putLong(log + END, end + used);
        } else if (last != 0 && Memory.getInt(last + ACTION) == Zlib.INFLATE) {
            if (makeRoom(stream, log, used)) addInflate(stream, log, in, used, made);
        } else {
            add(stream, Zlib.INFLATE, 0, in, used, 0, used, made - Zlib.totalOut(stream));
        }
    }

    /** The last record, if it is of an inflater, gets its numbers. */
    static void close(long stream, long log) {
        long last = Memory.getLong(log + LAST), end = Memory.getLong(log + END);
        if (last == 0 || Memory.getInt(last + ACTION) != Zlib.INFLATE) return;
        Memory.putInt(last + USED, (int) (end - last - INPUT));
        Memory.putLong(last + MADE, Memory.getLong(last + MADE) + Zlib.totalOut(stream));
        Memory.putLong(log + END, next(last));
    }

    static void add(long stream, int action, int parameters, long in, int offered, int outRoom, int used, long made) {
        long log = Zlib.log(stream);
        if (action != Zlib.INFLATE) close(stream, log);
        if (!makeRoom(stream, log, INPUT + used + 8)) return;
        long last = Memory.getLong(log + LAST);
        if (last != 0 && joins(stream, last, action, offered, used, made)) {
            Memory.copy(in, last + INPUT + Memory.getInt(last + USED), used);
            Memory.putInt(last + USED, Memory.getInt(last + USED) + used);
            Memory.putInt(last + OFFERED, Memory.getInt(last + OFFERED) + offered);
        } else {
            last = Memory.getLong(log + END);
            Memory.putLong(log + LAST, last);
            Memory.putInt(last + ACTION, action);
            Memory.putInt(last + PARAMETERS, parameters);
            Memory.putInt(last + OFFERED, offered);
            Memory.putInt(last + USED, used);
            Memory.putLong(last + MADE, made);
            Memory.copy(in, last + INPUT, used);
        }
        Memory.putLong(last + OUT_ROOM, outRoom);
        Memory.putLong(log + END, action == Zlib.INFLATE ? last + INPUT + used : next(last));
    }

    /** Whether a deflater's call is one with the last one: both only took input, and all of it. */
    private static boolean joins(long stream, long last, int action, int offered, int used, long made) {
        return action == 0 && Memory.getInt(last + ACTION) == 0 && made == 0 && Memory.getLong(last + MADE) == 0 && used == offered
            && Memory.getInt(last + USED) == Memory.getInt(last + OFFERED) && Zlib.isTheSameInParts(stream, action);
    }

    private static long next(long record) {
        return record + (INPUT + Memory.getInt(record + USED) + 7 & ~7);
    }

    /** false: the log is given up. */
    private static boolean makeRoom(long stream, long log, long more) {
        long old = Memory.getLong(log + RECORDS), size = Memory.getLong(log + END) - old, room = Memory.getLong(log + ROOM_END) - old;
        if (Memory.getLong(log + ROOM_END) == GIVEN_UP) return false;
        if (size + more <= room) return true;
        if (size + more > LIMIT) {
            free(log);
            Memory.putLong(log + ROOM_END, GIVEN_UP);
            Zlib.cannotBeSaved(stream);
            return false;
        }
        room = Math.max(room, FIRST_ROOM);
        while (room < size + more) room *= 2;
        long records = Memory.allocate(room), last = Memory.getLong(log + LAST);
        Memory.copy(old, records, size);
        Memory.free(old);
        Memory.putLong(log + RECORDS, records);
        Memory.putLong(log + END, records + size);
        Memory.putLong(log + ROOM_END, records + room);
        if (last != 0) Memory.putLong(log + LAST, records + last - old);
        return true;
    }

    /** Brings a stream that has just begun to where it was. */
    static void repeat(long stream) {
        long log = Zlib.log(stream), from = Memory.getLong(log + RECORDS), to = Memory.getLong(log + END);
        for (long record = from; record < to; record = next(record))
            if (!repeat(stream, record)) throw new InternalError("this zlib does not repeat what the one before the freeze did");
        long last = Memory.getLong(log + LAST);
        if (last == 0 || Memory.getInt(last + ACTION) != Zlib.INFLATE) return;
        Memory.putLong(log + END, last + INPUT + Memory.getInt(last + USED)); /* it goes on */
        Memory.putLong(last + MADE, Memory.getLong(last + MADE) - Zlib.totalOut(stream));
    }

    private static boolean repeat(long stream, long record) {
        int action = Memory.getInt(record + ACTION), used = Memory.getInt(record + USED), room = (int) Memory.getLong(record + OUT_ROOM);
        long made = Memory.getLong(record + MADE);
        if (action == DICTIONARY) return Zlib.giveDictionary(stream, record + INPUT, used) == Zlib.OK;
        int offered = Memory.getInt(record + OFFERED);
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

    private static boolean inflate(long stream, long in, int used, long made) {
        long out = Memory.allocate(SCRATCH);
        try {
            Zlib.Step step;
            do {
                step = Zlib.take(stream, in, used, out, (int) Math.min(made, SCRATCH), Zlib.INFLATE, 0);
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
