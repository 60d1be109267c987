package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Handle;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;
import java.io.IOException;

/** Starting processes, by posix_spawn. Descriptors of this process are closed by the exec itself: all have O_CLOEXEC. */
final class java_lang_ProcessImpl {
    @Function(value = "posix_spawnp", mode = Mode.MUST_FINISH)
    private static native int posix_spawnp(long pid, long file, long actions, long attributes, long arguments, long environment);
    @Function("posix_spawn_file_actions_init") private static native int initActions(long actions);
    @Function("posix_spawn_file_actions_destroy") private static native int destroyActions(long actions);
    @Function("posix_spawn_file_actions_adddup2") private static native int addDup2(long actions, int fd, int to);
    @Function("posix_spawn_file_actions_addchdir_np") private static native int addFolder(long actions, long path);
    @Function(value = "posix_spawn_file_actions_t", library = "fact") private static native int sizeofActions();

    static void init() {}

    static int forkAndExec(Object self, int mode, byte[] helper, byte[] program, byte[] arguments, int argumentCount,
                           byte[] environment, int environmentCount, byte[] folder, int[] fds, boolean redirectError)
        throws IOException {
        int[] ends = {-1, -1, -1, -1, -1, -1}; /* of the pipes: the child's and this process's, for each standard stream */
        long block = 0, actions = 0;
        try {
            for (int i = 0; i < 3; i++) {
                if (fds[i] != -1) continue;
                pipe(ends, i * 2, i == 0);
            }
            actions = Memory.allocate(sizeofActions());
            initActions(actions);
            block = vectors(program, arguments, argumentCount, environment, environmentCount, folder);
            plan(actions, ends, fds, redirectError, folder == null ? 0 : Memory.getLong(block + 16));
            int error = posix_spawnp(block + 24, Memory.getLong(block), actions, 0, block + 32, Memory.getLong(block + 8));
            if (error != 0) throw new IOException("error=" + error + ", " + Errno.text(error));
            for (int i = 0; i < 3; i++) {
                boolean given = ends[i * 2] == -1; /* it stays the caller's: there is no stream on it */
                fds[i] = given ? -1 : ends[i * 2 + 1];
                if (given) continue;
                OpenFiles.openedOther(fds[i], "pipe to a process");
                ends[i * 2 + 1] = -1;
            }
            int pid = Memory.getInt(block + 24);
            Handle.open("process", pid, program);
            return pid;
        } finally {
            for (int i = 0; i < 6; i++) if (ends[i] != -1) Libc.close(ends[i]);
            if (actions != 0) destroyActions(actions);
            Memory.free(actions);
            Memory.free(block);
        }
    }

    private static void pipe(int[] ends, int at, boolean childReads) throws IOException {
        long pair = Memory.stage(8);
        if (Libc.pipe2(pair, Libc.O_CLOEXEC()) < 0) {
            int error = Errno.get();
            throw new IOException("error=" + error + ", " + Errno.text(error));
        }
        ends[at + (childReads ? 0 : 1)] = Memory.getInt(pair);
        ends[at + (childReads ? 1 : 0)] = Memory.getInt(pair + 4);
    }

    /** What the child does before it runs the program. A descriptor's own number would keep O_CLOEXEC: then dup2 clears it. */
    private static void plan(long actions, int[] ends, int[] fds, boolean redirectError, long folder) {
        int[] from = new int[3];
        for (int i = 0; i < 3; i++) from[i] = ends[i * 2] != -1 ? ends[i * 2] : fds[i];
        if (redirectError) from[2] = -1;
        /* A given 0, 1 or 2 that an earlier step overwrites is moved out of the way first. */
        for (int i = 0; i < 3; i++) {
            if (from[i] < 0 || from[i] >= i || from[i] > 2) continue;
            addDup2(actions, from[i], 200 + i);
            from[i] = 200 + i;
        }
        for (int i = 0; i < 3; i++) if (from[i] >= 0) addDup2(actions, from[i], i);
        if (redirectError) addDup2(actions, 1, 2);
        if (folder != 0) addFolder(actions, folder);
    }

    /**
     * One block: address of the program's name, of the environment's vector, of the folder, room for the result, then the
     * arguments' vector, the environment's, and the texts.
     */
    private static long vectors(byte[] program, byte[] arguments, int argumentCount, byte[] environment,
                                int environmentCount, byte[] folder) {
        int environmentSize = environment == null ? 0 : environment.length, folderSize = folder == null ? 0 : folder.length;
        long size = 32 + 8L * (argumentCount + 2) + 8L * (environmentCount + 1)
            + program.length + arguments.length + environmentSize + folderSize + 16;
        long block = Memory.allocate(size), vector = block + 32, text;
        Memory.clear(block, size);
        text = vector + 8L * (argumentCount + 2) + 8L * (environmentCount + 1);
        Memory.putLong(block, text);
        Memory.putLong(vector, text);
        Memory.copyIn(program, 0, program.length, text);
        text += program.length + 1;
        split(arguments, argumentCount, text, vector + 8);
        text += arguments.length + 1;
        if (environment != null) {
            long list = vector + 8L * (argumentCount + 2);
            Memory.putLong(block + 8, list);
            split(environment, environmentCount, text, list);
            text += environmentSize + 1;
        } else {
            Memory.putLong(block + 8, Memory.getLong(Libc.symbolAddress(Text.ascii("environ"))));
        }
        if (folder != null) {
            Memory.putLong(block + 16, text);
            Memory.copyIn(folder, 0, folderSize, text);
        }
        return block;
    }

    /** Copies texts that end with 0 each, and puts their addresses in a vector. */
    private static void split(byte[] texts, int count, long to, long vector) {
        int at = 0;
        Memory.copyIn(texts, 0, texts.length, to);
        for (int i = 0; i < count; i++) {
            Memory.putLong(vector + 8L * i, to + at);
            while (at < texts.length && texts[at] != 0) at++;
            at++;
        }
    }
}
