package coracle.natives;

import coracle.ffi.Function;
import coracle.ffi.Handle;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;

/**
 * Streams of zlib. The number that Inflater and Deflater keep is the address of a block of native memory:
 *
 *     z_stream | native handle (8) | kind (4) | level (4) | strategy (4)
 *
 * The block survives in images; the state behind it, which is zlib's own, does not. A stream that had not begun is made
 * anew after a thaw; one in the middle raises.
 */
final class Zlib {
    static final int INFLATER = 1, RAW_INFLATER = 2, DEFLATER = 3, RAW_DEFLATER = 4;

    /* zlib's results, the same everywhere */
    static final int OK = 0, STREAM_END = 1, NEED_DICT = 2, STREAM_ERROR = -2, DATA_ERROR = -3, MEM_ERROR = -4, BUF_ERROR = -5;

    private static final int MAX_STAGED = 65536;

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
    @Function(value = "z_stream.total_in", library = "fact") private static native int totalIn();
    @Function(value = "z_stream.total_out", library = "fact") private static native int totalOut();
    @Function(value = "z_stream.state", library = "fact") private static native int stateAt();

    private Zlib() {}

    static long open(int kind, int level, int strategy) {
        long stream = Memory.allocate(size() + 24);
        Memory.putInt(stream + size() + 8, kind);
        Memory.putInt(stream + size() + 12, level);
        Memory.putInt(stream + size() + 16, strategy);
        Memory.putLong(stream + size(), 0);
        begin(stream);
        byte[] description = new byte[1];
        description[0] = (byte) kind;
        Memory.putLong(stream + size(), Handle.open(kind <= RAW_INFLATER ? "inflater" : "deflater", stream, description));
        return stream;
    }

    private static void begin(long stream) {
        int kind = Memory.getInt(stream + size() + 8), bits = kind == INFLATER || kind == DEFLATER ? 15 : -15;
        byte[] version = {'1', 0};
        Memory.clear(stream, size());
        int result = kind <= RAW_INFLATER
            ? inflateInit2_(stream, bits, version, size())
            : deflateInit2_(stream, Memory.getInt(stream + size() + 12), 8, bits, 8, Memory.getInt(stream + size() + 16), version, size());
        if (result == OK) return;
        String words = message(stream);
        long handle = Memory.getLong(stream + size());
        if (handle == 0) Memory.free(stream);
        if (result == MEM_ERROR) throw new OutOfMemoryError();
        if (result == STREAM_ERROR) throw new IllegalArgumentException();
        throw new InternalError(words != null ? words : "zlib returned " + result);
    }

    /** Sees to it that zlib knows the stream. */
    static void use(long stream) {
        long handle = Memory.getLong(stream + size());
        if (Handle.get(handle) != 0) return;
        if (Memory.getLong(stream + totalIn()) != 0 || Memory.getLong(stream + totalOut()) != 0)
            throw new InternalError("a compressed stream was in its middle when the program was frozen");
        begin(stream);
        Handle.rebuild(handle, stream);
    }

    static void reset(long stream) {
        long handle = Memory.getLong(stream + size());
        if (Handle.get(handle) == 0) {
            begin(stream);
            Handle.rebuild(handle, stream);
            return;
        }
        boolean inflates = Memory.getInt(stream + size() + 8) <= RAW_INFLATER;
        if ((inflates ? inflateReset(stream) : deflateReset(stream)) != OK) throw new InternalError();
    }

    static void end(long stream) {
        long handle = Memory.getLong(stream + size());
        boolean inflates = Memory.getInt(stream + size() + 8) <= RAW_INFLATER, isLive = Handle.get(handle) != 0;
        int result = !isLive ? OK : inflates ? inflateEnd(stream) : deflateEnd(stream);
        if (result == STREAM_ERROR) throw new InternalError();
        Handle.close(handle);
        Memory.free(stream);
    }

    static int adler(long stream) {
        return (int) Memory.getLong(stream + adlerAt());
    }

    static String message(long stream) {
        long at = Memory.getLong(stream + messageAt());
        return at == 0 ? null : Text.latin1(Memory.bytesAt(at));
    }

    static void setDictionary(long stream, long bytes, int size) {
        use(stream);
        boolean inflates = Memory.getInt(stream + size() + 8) <= RAW_INFLATER;
        int result = inflates ? inflateSetDictionary(stream, bytes, size) : deflateSetDictionary(stream, bytes, size);
        if (result == OK) return;
        if (result == STREAM_ERROR || result == DATA_ERROR) throw new IllegalArgumentException(message(stream));
        throw new InternalError(message(stream));
    }

    static void setDictionary(long stream, byte[] bytes, int offset, int size) {
        long buffer = Memory.allocate(size);
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

    /** What a step does: deflate's flush in the low bits, or deflateParams. */
    static final int INFLATE = -1, PARAMS = 1 << 8;

    static Step step(long stream, long in, int inSize, long out, int outSize, int action, int params) {
        use(stream);
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

    /** The same with an array on either side (null: the address counts). */
    static Step step(long stream, byte[] in, int inOffset, long inAddress, int inSize, byte[] out, int outOffset,
                     long outAddress, int outSize, int action, int params) {
        int inRoom = in == null ? 0 : inSize, outRoom = out == null ? 0 : outSize;
        boolean isLong = (long) inRoom + outRoom > MAX_STAGED;
        long buffer = inRoom + (long) outRoom == 0 ? 0 : isLong ? Memory.allocate((long) inRoom + outRoom) : Memory.stage(inRoom + outRoom);
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
