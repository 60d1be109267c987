package coracle.natives;

import java.util.zip.Deflater;

final class java_util_zip_Deflater {
    static long init(int level, int strategy, boolean isRaw) {
        return Zlib.open(isRaw ? Zlib.RAW_DEFLATER : Zlib.DEFLATER, level, strategy);
    }

    static void setDictionary(long stream, byte[] bytes, int offset, int size) { Zlib.setDictionary(stream, bytes, offset, size); }
    static void setDictionaryBuffer(long stream, long address, int size) { Zlib.setDictionary(stream, address, size); }
    static int getAdler(long stream) { return Zlib.adler(stream); }
    static void reset(long stream) { Zlib.reset(stream); }
    static void end(long stream) { Zlib.end(stream); }

    static long deflateBytesBytes(Deflater self, long stream, byte[] in, int inOffset, int inSize, byte[] out, int outOffset,
                                  int outSize, int flush, int params) {
        return packed(stream, Zlib.step(stream, in, inOffset, 0, inSize, out, outOffset, 0, outSize, action(flush, params), params), params);
    }

    static long deflateBytesBuffer(Deflater self, long stream, byte[] in, int inOffset, int inSize, long out, int outSize,
                                   int flush, int params) {
        return packed(stream, Zlib.step(stream, in, inOffset, 0, inSize, null, 0, out, outSize, action(flush, params), params), params);
    }

    static long deflateBufferBytes(Deflater self, long stream, long in, int inSize, byte[] out, int outOffset, int outSize,
                                   int flush, int params) {
        return packed(stream, Zlib.step(stream, null, 0, in, inSize, out, outOffset, 0, outSize, action(flush, params), params), params);
    }

    static long deflateBufferBuffer(Deflater self, long stream, long in, int inSize, long out, int outSize, int flush,
                                    int params) {
        return packed(stream, Zlib.step(stream, null, 0, in, inSize, null, 0, out, outSize, action(flush, params), params), params);
    }

    private static int action(int flush, int params) {
        return (params & 1) != 0 ? Zlib.PARAMS : flush;
    }

    /** used | made << 31 | finished << 62 | parameters are still to be set << 63. */
    private static long packed(long stream, Zlib.Step step, int params) {
        long moved = step.used | (long) step.made << 31;
        if ((params & 1) != 0) {
            if (step.result == Zlib.OK) return moved;
            if (step.result == Zlib.BUF_ERROR) return moved | 1L << 63;
        } else {
            if (step.result == Zlib.OK) return moved;
            if (step.result == Zlib.STREAM_END) return moved | 1L << 62;
            if (step.result == Zlib.BUF_ERROR) return 0;
        }
        throw new InternalError(Zlib.message(stream));
    }
}
