package coracle.natives;

import coracle.ffi.Memory;

final class java_lang_ProcessHandleImpl$Info {
    static void info0(Object self, long pid) {
        Class<?> type = self.getClass();
        Processes p = Processes.of(pid);
        if (p == null) return;
        Fields.U.putLong(self, Fields.offset(type, "totalTime"), p.total);
        Fields.U.putLong(self, Fields.offset(type, "startTime"), p.start);
        put(self, type, "user", user(pid));

        byte[] link = Text.encode("/proc/" + pid + "/exe");
        int size = Libc.PATH_MAX();
        long at = Text.stage(link, size);
        long length = Libc.readlink(at, at + link.length + 1, size);
        String command = length <= 0 ? null : Text.decode(Memory.bytesAt(at + link.length + 1, (int) length));
        if (command != null) put(self, type, "command", command);

        byte[] line = Processes.load("/proc/" + pid + "/cmdline", 1 << 20);
        if (line == null || line.length == 0) return;
        String[] words = words(line);
        String[] arguments = new String[words.length - 1];
        System.arraycopy(words, 1, arguments, 0, arguments.length);
        put(self, type, "arguments", arguments);
        if (command == null) {
            for (int i = 0; i < line.length; i++) if (line[i] == 0) line[i] = ' ';
            put(self, type, "commandLine", Text.decode(line));
        }
    }

    private static void put(Object self, Class<?> type, String field, Object value) {
        Fields.U.putReference(self, Fields.offset(type, field), value);
    }

    private static String user(long pid) {
        byte[] path = Text.encode("/proc/" + pid);
        int offset = (path.length + 8) & ~7;
        long at = Text.stage(path, Libc.sizeofStat() + 8);
        if (Libc.stat(at, at + offset) != 0) return null;
        int number = Memory.getInt(at + offset + Libc.statUser());
        try {
            return Text.decode(sun_nio_fs_UnixNativeDispatcher.getpwuid(number));
        } catch (Exception unknown) {
            return Integer.toString(number);
        }
    }

    /** What 0 bytes part. */
    private static String[] words(byte[] line) {
        int count = 0, end = line.length, start = 0;
        if (line[end - 1] == 0) end--;
        for (int i = 0; i <= end; i++) if (i == end || line[i] == 0) count++;
        String[] words = new String[count];
        count = 0;
        for (int i = 0; i <= end; i++) {
            if (i < end && line[i] != 0) continue;
            byte[] word = new byte[i - start];
            System.arraycopy(line, start, word, 0, word.length);
            words[count++] = Text.decode(word);
            start = i + 1;
        }
        return words;
    }
}
