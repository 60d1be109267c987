package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Handle;
import coracle.ffi.Memory;
import coracle.ffi.Mode;
import coracle.ffi.Platform;

final class java_lang_ProcessHandleImpl {
    private static final int NOT_A_CHILD = -2;

    @Function(value = "waitpid", mode = Mode.BLOCKING)
    private static native int waitpid(int pid, long status, int options);
    @Function(value = "waitid", mode = Mode.BLOCKING)
    private static native int waitid(int kind, int pid, long info, int options);

    static void initNative() {}

    static long getCurrentPid0() {
        return Libc.getpid();
    }

    static int waitForProcessExit0(long pid, boolean reap) {
        return reap ? reap((int) pid) : look((int) pid);
    }

    private static int reap(int pid) {
        long cell = Memory.stage(8);
        while (waitpid(pid, cell, 0) < 0) {
            int error = Errno.get();
            if (error == Errno.EINTR()) continue;
            Handle.forget("process", pid);
            return error == Errno.ECHILD() ? NOT_A_CHILD : -1;
        }
        Handle.forget("process", pid);
        int status = Memory.getInt(cell), signal = status & 0x7f;
        return signal == 0 ? status >> 8 & 0xff : 0x80 + signal;
    }

    /** The status of a child that stays to be reaped by others. */
    private static int look(int pid) {
        long info = Memory.stage((int) Platform.fact("siginfo_t"));
        int options = (int) (Platform.fact("WEXITED") | Platform.fact("WNOWAIT"));
        while (waitid((int) Platform.fact("P_PID"), pid, info, options) < 0) {
            if (Errno.get() == Errno.ECHILD()) return NOT_A_CHILD;
            if (Errno.get() != Errno.EINTR()) return -1;
        }
        int code = Memory.getInt(info + Platform.fact("siginfo_t.si_code")), status = Memory.getInt(info + Platform.fact("siginfo_t.si_status"));
        if (code == Platform.fact("CLD_EXITED")) return status;
        if (code == Platform.fact("CLD_KILLED") || code == Platform.fact("CLD_DUMPED")) return 0x80 + status;
        return status;
    }

    static long isAlive0(long pid) {
        Processes p = Processes.of(pid);
        return p == null ? -1 : p.start;
    }

    static long parent0(long pid, long start) {
        if (pid == Libc.getpid()) return Libc.getppid();
        Processes p = Processes.of(pid);
        return p == null || p.start != start && start != 0 && p.start != 0 ? -1 : p.parent;
    }

    static boolean destroy0(long pid, long start, boolean force) {
        long now = isAlive0(pid);
        if (now != start && now != 0 && start != 0) return false;
        return Libc.kill((int) pid, (int) Platform.fact(force ? "SIGKILL" : "SIGTERM")) >= 0;
    }

    /** Numbers, parents and start times of all processes, or of the children of one; how many there are. */
    static int getProcessPids0(long pid, long[] pids, long[] parents, long[] starts) {
        String[] names = java_io_UnixFileSystem.list(null, new java.io.File("/proc"));
        int count = 0;
        if (names == null) throw new RuntimeException("Unable to open /proc");
        for (int i = 0; i < names.length; i++) {
            char first = names[i].charAt(0);
            if (first < '0' || first > '9') continue;
            long each = Long.parseLong(names[i]);
            Processes p = Processes.of(each);
            if (p == null || pid != 0 && p.parent != pid) continue;
            if (count < pids.length) {
                pids[count] = each;
                if (parents != null) parents[count] = p.parent;
                if (starts != null) starts[count] = p.start;
            }
            count++;
        }
        return count;
    }
}
