package coracle.natives;

import coracle.ffi.Function;

final class jdk_internal_misc_VM {
    @Function(value = "wall_ns", library = "coracle")
    private static native long wall();

    /** Nanoseconds since the given second of the epoch; -1 when that is too far away. */
    static long getNanoTimeAdjustment(long second) {
        long now = wall(), seconds = now / 1000000000L;
        long distance = seconds - second;
        if (distance > 0x100000000L || distance < -0x100000000L) return -1;
        return distance * 1000000000L + now % 1000000000L;
    }

    static String[] getRuntimeArguments() { return Command.vmArguments(); }
    static long getuid() { return Libc.getuid() & 0xffffffffL; }
    static long geteuid() { return Libc.geteuid() & 0xffffffffL; }
    static long getgid() { return Libc.getgid() & 0xffffffffL; }
    static long getegid() { return Libc.getegid() & 0xffffffffL; }
}
