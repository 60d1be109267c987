package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Handle;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;
import java.io.IOException;

/** Starting processes, by posix_spawn. Descriptors of this process are closed by the exec itself: all have FD_CLOEXEC by then. */
final class java_lang_ProcessImpl {
    @Function(value = "posix_spawnp", mode = Mode.MUST_FINISH)
    private static native int posix_spawnp(long pid, long file, long actions, long attributes, long arguments, long environment);
    @Function("posix_spawn_file_actions_init") private static native int initActions(long actions);
    @Function("posix_spawn_file_actions_destroy") private static native int destroyActions(long actions);
    @Function("posix_spawn_file_actions_adddup2") private static native int addDup2(long actions, int fd, int to);
    @Function("posix_spawn_file_actions_addchdir_np") private static native int addFolder(long actions, long path);
    @Function(value = "posix_spawn_file_actions_t", library = "fact") private static native int sizeofActions();

    /* In the block that vectors gives. */
    private static final int ENVIRONMENT = 8, FOLDER = 16, RESULT = 24, ARGUMENTS = 32;

    static void init() {}

    static int forkAndExec(Object self, int mode, byte[] helper, byte[] program, byte[] arguments, int argumentCount,
                           byte[] environment, int environmentCount, byte[] folder, int[] fds, boolean redirectError)
        throws IOException {
        int[] ends = {-1, -1, -1, -1, -1, -1, -1, -1, -1}; /* for each standard stream a pipe's, the child's and this process's; then copies */
        long block = 0, actions = 0;
        try {
            for (int i = 0; i < 3; i++) {
                if (fds[i] != -1) continue;
                pipe(ends, i * 2, i == 0);
            }
            actions = Memory.allocate(sizeofActions());
            initActions(actions);
            block = vectors(program, arguments, argumentCount, environment, environmentCount, folder);
            plan(actions, ends, fds, redirectError, folder == null ? 0 : Memory.getLong(block + FOLDER));
            closeAllOnExec();
            int error = spawn(block, actions, program, argumentCount);
            if (error != 0) throw failed(error);
            for (int i = 0; i < 3; i++) {
                boolean given = ends[i * 2] == -1; /* it stays the caller's: there is no stream on it */
                fds[i] = given ? -1 : ends[i * 2 + 1];
                if (given) continue;
                OpenFiles.openedOther(fds[i], "pipe to a process");
                ends[i * 2 + 1] = -1;
            }
            int pid = Memory.getInt(block + RESULT);
            Handle.open("process", pid, program);
            return pid;
        } finally {
            for (int i = 0; i < ends.length; i++) if (ends[i] != -1) Libc.close(ends[i]);
            if (actions != 0) destroyActions(actions);
            Memory.free(actions);
            Memory.free(block);
        }
    }

    private static IOException failed(int error) {
        return new IOException("error=" + error + ", " + Errno.text(error));
    }

    /** What this process was started with, and what C libraries have opened, may lack the flag. */
    private static void closeAllOnExec() {
        String[] names = java_io_UnixFileSystem.list(null, new java.io.File("/proc/self/fd"));
        int set = (int) Platform.fact("F_SETFD"), flag = (int) Platform.fact("FD_CLOEXEC");
        for (int i = 0; names != null && i < names.length; i++) {
            int fd = Integer.parseInt(names[i]);
            if (fd > 2) Libc.fcntl(fd, set, flag);
        }
    }

    /** 0 or the error's number. A file that the system knows no way to run is a script for the shell. */
    private static int spawn(long block, long actions, byte[] program, int argumentCount) {
        int unrunnable = (int) Platform.fact("ENOEXEC"), error = run(block, actions, Memory.getLong(block), block + ARGUMENTS);
        if (error != unrunnable) return error;
        String name = Text.latin1(program), path = Locales.environment("PATH");
        String[] folders = name.indexOf('/') >= 0 ? new String[] {null} : (path == null ? "/bin:/usr/bin" : path).split(":", -1);
        for (int i = 0; i < folders.length; i++) { /* which file it was, PATH tells */
            String file = folders[i] == null ? name : folders[i].isEmpty() ? "./" + name : folders[i] + "/" + name;
            long script = script(block, file, argumentCount);
            error = run(block, actions, Memory.getLong(script + 8), block + ARGUMENTS);
            if (error == unrunnable) error = run(block, actions, Memory.getLong(script), script);
            else if (error != 0) error = unrunnable;
            Memory.free(script);
            if (error != unrunnable) break;
        }
        return error;
    }

    private static int run(long block, long actions, long file, long arguments) {
        return posix_spawnp(block + RESULT, file, actions, 0, arguments, Memory.getLong(block + ENVIRONMENT));
    }

    /** A vector "/bin/sh", file, arguments, and those two texts behind it. */
    private static long script(long block, String file, int argumentCount) {
        byte[] shell = Text.ascii("/bin/sh"), path = Text.ascii(file);
        long vector = Memory.allocate(8L * (argumentCount + 3) + shell.length + path.length), text = vector + 8L * (argumentCount + 3);
        Memory.copyIn(shell, 0, shell.length, text);
        Memory.copyIn(path, 0, path.length, text + shell.length);
        Memory.putLong(vector, text);
        Memory.putLong(vector + 8, text + shell.length);
        Memory.copy(block + ARGUMENTS + 8, vector + 16, 8L * (argumentCount + 1));
        return vector;
    }

    private static void pipe(int[] ends, int at, boolean childReads) throws IOException {
        long pair = Memory.stage(8);
        if (Libc.pipe2(pair, Libc.O_CLOEXEC()) < 0) throw failed(Errno.get());
        ends[at + (childReads ? 0 : 1)] = Memory.getInt(pair);
        ends[at + (childReads ? 1 : 0)] = Memory.getInt(pair + 4);
    }

    /** What the child does before it runs the program. A descriptor's own number would keep O_CLOEXEC: then dup2 clears it. */
    private static void plan(long actions, int[] ends, int[] fds, boolean redirectError, long folder) throws IOException {
        int[] from = new int[3];
        for (int i = 0; i < 3; i++) from[i] = ends[i * 2] != -1 ? ends[i * 2] : fds[i];
        if (redirectError) from[2] = -1;
        /* A 0, 1 or 2 that an earlier step overwrites is taken from a copy. */
        for (int i = 0; i < 3; i++) {
            if (from[i] < 0 || from[i] >= i) continue;
            from[i] = Libc.fcntl(from[i], (int) Platform.fact("F_DUPFD_CLOEXEC"), 3);
            if (from[i] < 0) throw failed(Errno.get());
            ends[6 + i] = from[i];
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
        long size = ARGUMENTS + 8L * (argumentCount + 2) + 8L * (environmentCount + 1)
            + program.length + arguments.length + environmentSize + folderSize + 16;
        long block = Memory.allocate(size), vector = block + ARGUMENTS, text;
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
            Memory.putLong(block + ENVIRONMENT, list);
            split(environment, environmentCount, text, list);
            text += environmentSize + 1;
        } else {
            Memory.putLong(block + ENVIRONMENT, Memory.getLong(Libc.symbolAddress(Text.ascii("environ"))));
        }
        if (folder != null) {
            Memory.putLong(block + FOLDER, text);
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
