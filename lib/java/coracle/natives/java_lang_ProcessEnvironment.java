package coracle.natives;

import coracle.ffi.Memory;

final class java_lang_ProcessEnvironment {
    /** Names and values in turn. */
    static byte[][] environ() {
        long cell = Libc.symbolAddress(Text.ascii("environ")), list = cell == 0 ? 0 : Memory.getLong(cell);
        int count = 0, size = 0;
        while (list != 0 && Memory.getLong(list + 8L * size) != 0) size++;
        byte[][] result = new byte[size * 2][];
        for (int i = 0; i < size; i++) {
            byte[] entry = Memory.bytesAt(Memory.getLong(list + 8L * i));
            int equals = 1; /* a name may begin with "=" */
            while (equals < entry.length && entry[equals] != '=') equals++;
            if (equals >= entry.length) continue;
            result[count] = java.util.Arrays.copyOf(entry, equals);
            result[count + 1] = java.util.Arrays.copyOfRange(entry, equals + 1, entry.length);
            count += 2;
        }
        return count == result.length ? result : java.util.Arrays.copyOf(result, count);
    }
}
