package coracle.natives;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

final class java_util_zip_Inflater {
    private static final class Consumed {
        static final long INPUT = Fields.offset(Inflater.class, "inputConsumed"), OUTPUT = Fields.offset(Inflater.class, "outputConsumed");
    }

    static long init(boolean isRaw) {
        return Zlib.open(isRaw ? Zlib.RAW_INFLATER : Zlib.INFLATER, 0, 0);
    }

    static void setDictionary(long stream, byte[] bytes, int offset, int size) { Zlib.setDictionary(stream, bytes, offset, size); }
    static void setDictionaryBuffer(long stream, long address, int size) { Zlib.setDictionary(stream, address, size); }
    static int getAdler(long stream) { return Zlib.adler(stream); }
    static void reset(long stream) { Zlib.reset(stream); }
    static void end(long stream) { Zlib.end(stream); }

    static long inflateBytesBytes(Inflater self, long stream, byte[] in, int inOffset, int inSize, byte[] out, int outOffset,
                                  int outSize) throws DataFormatException {
        return packed(self, stream, Zlib.step(stream, in, inOffset, 0, inSize, out, outOffset, 0, outSize, Zlib.INFLATE, 0));
    }

    static long inflateBytesBuffer(Inflater self, long stream, byte[] in, int inOffset, int inSize, long out, int outSize)
        throws DataFormatException {
        return packed(self, stream, Zlib.step(stream, in, inOffset, 0, inSize, null, 0, out, outSize, Zlib.INFLATE, 0));
    }

    static long inflateBufferBytes(Inflater self, long stream, long in, int inSize, byte[] out, int outOffset, int outSize)
        throws DataFormatException {
        return packed(self, stream, Zlib.step(stream, null, 0, in, inSize, out, outOffset, 0, outSize, Zlib.INFLATE, 0));
    }

    static long inflateBufferBuffer(Inflater self, long stream, long in, int inSize, long out, int outSize)
        throws DataFormatException {
        return packed(self, stream, Zlib.step(stream, null, 0, in, inSize, null, 0, out, outSize, Zlib.INFLATE, 0));
    }

    /** used | made << 31 | finished << 62 | needs a dictionary << 63. */
    private static long packed(Inflater self, long stream, Zlib.Step step) throws DataFormatException {
        switch (step.result) {
        case Zlib.BUF_ERROR:
            return 0;
        case Zlib.OK:
            return step.used | (long) step.made << 31;
        case Zlib.STREAM_END:
            return step.used | (long) step.made << 31 | 1L << 62;
        case Zlib.NEED_DICT:
            return step.used | (long) step.made << 31 | 1L << 63;
        case Zlib.DATA_ERROR:
            Fields.U.putInt(self, Consumed.INPUT, step.used);
            Fields.U.putInt(self, Consumed.OUTPUT, step.made);
            throw new DataFormatException(Zlib.message(stream));
        case Zlib.MEM_ERROR:
            throw new OutOfMemoryError();
        default:
            throw new InternalError(Zlib.message(stream));
        }
    }
}
