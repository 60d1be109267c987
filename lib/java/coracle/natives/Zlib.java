package coracle.natives;

import coracle.ffi.Function;
import coracle.ffi.Handle;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;

/**
 * Streams of zlib. The number that Inflater and Deflater keep is the address of a block of native memory:
 *
 *     z_stream | native handle (8) | log (32) | kind (4) | level (4) | strategy (4) |
 *     first level (4) | first strategy (4) | has ended (4)
 *
 * The block survives in images; the state behind it, which is zlib's own, does not: at its first use after a thaw a stream is
 * made anew, and does again what {@link ZlibLog} has of it.
 */
final class Zlib {
    static final int INFLATER = 1, RAW_INFLATER = 2, DEFLATER = 3, RAW_DEFLATER = 4;

    /* zlib's results, the same everywhere */
    static final int OK = 0, STREAM_END = 1, NEED_DICT = 2, STREAM_ERROR = -2, DATA_ERROR = -3, MEM_ERROR = -4, BUF_ERROR = -5;

    /* fields of the block, behind the z_stream */
    private static final int HANDLE = 0, KIND = 40, LEVEL = 44, STRATEGY = 48, FIRST_LEVEL = 52, FIRST_STRATEGY = 56, ENDED = 60, FIELDS = 64;
    static final int LOG = 8;

    private static final int MAX_STAGED = 65536, MAX_INPUT = 65536;

    @Function(value = "inflateInit2_", library = "z") private static native int inflateInit2_(long stream, int bits, byte[] version, int size);
    @Function(value = "inflate", library = "z", mode = Mode.MUST_FINISH) static native int inflate(long stream, int flush);
    @Function(value = "inflateReset", library = "z") private static native int inflateReset(long stream);
    @Function(value = "inflateEnd", library = "z") private static native int inflateEnd(long stream);
    @Function(value = "inflateSetDictionary", library = "z") private static native int inflateSetDictionary(long stream, long bytes, int size);
    @Function(value = "deflateInit2_", library = "z")
    private static native int deflateInit2_(long stream, int level, int method, int bits, int memory, int strategy, byte[] version, int size);
    @Function(value = "deflate", library = "z", mode = Mode.MUST_FINISH) static native int deflate(long stream, int flush);
    @Function(value = "deflateParams", library = "z", mode = Mode.MUST_FINISH) static native int deflateParams(long stream, int level, int strategy);
    @Function(value = "deflateReset", library = "z") private static native int deflateReset(long stream);
    @Function(value = "deflateEnd", library = "z") private static native int deflateEnd(long stream);
    @Function(value = "deflateSetDictionary", library = "z") private static native int deflateSetDictionary(long stream, long bytes, int size);

    @Function(value = "z_stream", library = "fact") private static native int size();
    @Function(value = "z_stream.next_in", library = "fact") private static native int nextIn();
    @Function(value = "z_stream.avail_in", library = "fact") private static native int availableIn();
    @Function(value = "z_stream.next_out", library = "fact") private static native int nextOut();
    @Function(value = "z_stream.avail_out", library = "fact") private static native int availableOut();
    @Function(value = "z_stream.msg", library = "fact") private static native int messageAt();
    @Function(value = "z_stream.adler", library = "fact") private static native int adlerAt();
    @Function(value = "z_stream.total_out", library = "fact") private static native int totalOutAt();

    private Zlib() {}

    /** Where the block's own fields begin. */
    private static long fields(long stream) { return stream + size(); }
    static long log(long stream) { return fields(stream) + LOG; }
    static boolean inflates(long stream) { return Memory.getInt(fields(stream) + KIND) <= RAW_INFLATER; }
    private static boolean hasEnded(long stream) { return Memory.getInt(fields(stream) + ENDED) != 0; }

    static long open(int kind, int level, int strategy) {
        long stream = Memory.allocate(size() + FIELDS), fields = fields(stream);
        Memory.clear(fields, FIELDS);
        Memory.putInt(fields + KIND, kind);
        Memory.putInt(fields + LEVEL, level);
        Memory.putInt(fields + STRATEGY, strategy);
        Memory.putInt(fields + FIRST_LEVEL, level);
        Memory.putInt(fields + FIRST_STRATEGY, strategy);
        begin(stream);
        Memory.putLong(fields + HANDLE, openHandle(stream));
        return stream;
    }

    private static long openHandle(long stream) {
        return Handle.open(inflates(stream) ? "inflater" : "deflater", stream, new byte[1]);
    }

    /** From now on a freeze refuses: the stream could not be made anew. */
    static void cannotBeSaved(long stream) {
        Handle.close(Memory.getLong(fields(stream) + HANDLE));
        String what = (inflates(stream) ? "an inflater" : "a deflater") + " is in the middle of a stream that is too long to be kept";
        Memory.putLong(fields(stream) + HANDLE, Handle.open("unsaved", stream, Text.encode(what)));
    }

    /** What the stream has done so far is of no use any more. */
    private static void forget(long stream, boolean hasEnded) {
        Memory.putInt(fields(stream) + ENDED, hasEnded ? 1 : 0);
        if (!ZlibLog.clear(log(stream))) return;
        Handle.close(Memory.getLong(fields(stream) + HANDLE));
        Memory.putLong(fields(stream) + HANDLE, openHandle(stream));
    }

    private static void begin(long stream) {
        long fields = fields(stream);
        int kind = Memory.getInt(fields + KIND), bits = kind == INFLATER || kind == DEFLATER ? 15 : -15;
        byte[] version = {'1', 0};
        Memory.clear(stream, size());
        int result = kind <= RAW_INFLATER
            ? inflateInit2_(stream, bits, version, size())
            : deflateInit2_(stream, Memory.getInt(fields + FIRST_LEVEL), 8, bits, 8, Memory.getInt(fields + FIRST_STRATEGY), version, size());
        if (result == OK) return;
        String words = message(stream);
        if (Memory.getLong(fields + HANDLE) == 0) Memory.free(stream);
        if (result == MEM_ERROR) throw new OutOfMemoryError();
        if (result == STREAM_ERROR) throw new IllegalArgumentException();
        throw new InternalError(words != null ? words : "zlib returned " + result);
    }

    /** After a thaw, before the stream is used again. */
    private static boolean isStale(long stream) {
        return Handle.get(Memory.getLong(fields(stream) + HANDLE)) == 0;
    }

    /** Sees to it that zlib knows the stream. */
    private static void use(long stream) {
        if (!isStale(stream)) return;
        ZlibLog.close(stream, log(stream));
        begin(stream);
        Handle.rebuild(Memory.getLong(fields(stream) + HANDLE), stream);
        ZlibLog.repeat(stream);
    }

    static void reset(long stream) {
        long fields = fields(stream);
        Memory.putInt(fields + FIRST_LEVEL, Memory.getInt(fields + LEVEL));
        Memory.putInt(fields + FIRST_STRATEGY, Memory.getInt(fields + STRATEGY));
        if (isStale(stream)) {
            begin(stream);
            Handle.rebuild(Memory.getLong(fields + HANDLE), stream);
        } else if ((inflates(stream) ? inflateReset(stream) : deflateReset(stream)) != OK) {
            throw new InternalError();
        }
        forget(stream, false);
    }

    static void end(long stream) {
        int result = isStale(stream) ? OK : inflates(stream) ? inflateEnd(stream) : deflateEnd(stream);
        if (result == STREAM_ERROR) throw new InternalError();
        Handle.close(Memory.getLong(fields(stream) + HANDLE));
        ZlibLog.free(log(stream));
        Memory.free(stream);
    }

    static long totalOut(long stream) {
        return Memory.getLong(stream + totalOutAt());
    }

    static int adler(long stream) {
        return (int) Memory.getLong(stream + adlerAt());
    }

    static String message(long stream) {
        long at = Memory.getLong(stream + messageAt());
        return at == 0 ? null : Text.latin1(Memory.bytesAt(at));
    }

    static void setDictionary(long stream, long bytes, int size) {
        if (hasEnded(stream) && isStale(stream)) throw new IllegalArgumentException();
        use(stream);
        int result = giveDictionary(stream, bytes, size);
        if (result == OK) ZlibLog.add(stream, ZlibLog.DICTIONARY, 0, bytes, size, 0, size, 0);
        else if (result == STREAM_ERROR || result == DATA_ERROR) throw new IllegalArgumentException(message(stream));
        else throw new InternalError(message(stream));
    }

    static int giveDictionary(long stream, long bytes, int size) {
        return inflates(stream) ? inflateSetDictionary(stream, bytes, size) : deflateSetDictionary(stream, bytes, size);
    }

    static void setDictionary(long stream, byte[] bytes, int offset, int size) {
        long buffer = Memory.allocate(Math.max(size, 1));
        try {
            Memory.copyIn(bytes, offset, size, buffer);
            setDictionary(stream, buffer, size);
        } finally {
            Memory.free(buffer);
        }
    }

    /* ---- one step, over native memory; arrays go through a buffer ---- */

    static final class Step {
        int result, used, made;
    }

    /** What a step does: deflate's flush, or one of these. */
    static final int INFLATE = -1, PARAMS = 1 << 8;

    static Step step(long stream, long in, int inSize, long out, int outSize, int action, int params) {
        if (hasEnded(stream) && isStale(stream)) return stepAfterEnd(stream, inSize);
        use(stream);
        Step step = take(stream, in, inSize, out, outSize, action, params);
        if (action == PARAMS && step.result == OK) {
            Memory.putInt(fields(stream) + LEVEL, params >> 3);
            Memory.putInt(fields(stream) + STRATEGY, params >> 1 & 3);
        }
        if (step.result == STREAM_END) forget(stream, true);
        else if (action == INFLATE) ZlibLog.addInflate(stream, log(stream), in, step.used, step.made);
        else ZlibLog.add(stream, action, params, in, inSize, outSize, step.used, step.made);
        return step;
    }

    /** What zlib says of a stream whose end it has seen. */
    private static Step stepAfterEnd(long stream, int inSize) {
        Step step = new Step();
        step.result = inflates(stream) || inSize == 0 ? STREAM_END : BUF_ERROR;
        return step;
    }

    static Step take(long stream, long in, int inSize, long out, int outSize, int action, int params) {
        Memory.putLong(stream + nextIn(), in);
        Memory.putInt(stream + availableIn(), inSize);
        Memory.putLong(stream + nextOut(), out);
        Memory.putInt(stream + availableOut(), outSize);
        Step step = new Step();
        if (action == INFLATE) step.result = inflate(stream, 2 /* Z_SYNC_FLUSH: as much as there is room for */);
        else if (action == PARAMS) step.result = deflateParams(stream, params >> 3, params >> 1 & 3);
        else step.result = deflate(stream, action);
        step.used = inSize - Memory.getInt(stream + availableIn());
        step.made = outSize - Memory.getInt(stream + availableOut());
        return step;
    }

    /** What comes of some input does not depend on the parts in which it is given: so of everything but stored blocks. */
    static boolean isTheSameInParts(long stream, int action) {
        return action == INFLATE || (action != PARAMS && Memory.getInt(fields(stream) + LEVEL) != 0);
    }

    /** The same with an array on either side (null: the address counts). A long array is given in parts: it would have to be
        copied as a whole for each few bytes of output. */
    static Step step(long stream, byte[] in, int inOffset, long inAddress, int inSize, byte[] out, int outOffset,
                     long outAddress, int outSize, int action, int params) {
        if (in == null || inSize <= MAX_INPUT || !isTheSameInParts(stream, action))
            return stepWhole(stream, in, inOffset, inAddress, inSize, out, outOffset, outAddress, outSize, action, params);
        Step whole = new Step(), step;
        int size;
        do {
            size = Math.min(inSize - whole.used, MAX_INPUT);
            boolean isLast = size == inSize - whole.used;
            step = stepWhole(stream, in, inOffset + whole.used, 0, size, out, outOffset + whole.made, outAddress + whole.made,
                             outSize - whole.made, isLast || action == INFLATE ? action : 0, params);
            whole.used += step.used;
            whole.made += step.made;
        } while (step.result == OK && step.used == size && whole.used < inSize);
        whole.result = step.result == BUF_ERROR && whole.used + whole.made != 0 ? OK : step.result;
        return whole;
    }

    private static Step stepWhole(long stream, byte[] in, int inOffset, long inAddress, int inSize, byte[] out, int outOffset,
                                  long outAddress, int outSize, int action, int params) {
        int inRoom = in == null ? 0 : inSize, outRoom = out == null ? 0 : outSize;
        boolean isLong = (long) inRoom + outRoom > MAX_STAGED;
        /* zlib wants an address even for no bytes */
        long buffer = isLong ? Memory.allocate((long) inRoom + outRoom) : Memory.stage(Math.max(inRoom + outRoom, 1));
        try {
            long from = in == null ? inAddress : buffer, to = out == null ? outAddress : buffer + inRoom;
            if (inRoom != 0) Memory.copyIn(in, inOffset, inSize, buffer);
            Step step = step(stream, from, inSize, to, outSize, action, params);
            if (outRoom != 0 && step.made != 0) Memory.copyOut(to, out, outOffset, step.made);
            return step;
        } finally {
            if (isLong) Memory.free(buffer);
        }
    }
}
