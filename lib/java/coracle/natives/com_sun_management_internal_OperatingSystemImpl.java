package coracle.natives;

import coracle.ffi.Platform;

/** What /proc says of the host and of this process. */
final class com_sun_management_internal_OperatingSystemImpl {
    private static final int FILE_LIMIT = 1 << 20;

    /** Processor time up to a moment, in ticks of the clock: of whoever is asked about, and all that there was. */
    private static final class Ticks {
        long used, all;

        /** Of the host (processor -1), or of one of its processors; null: it is not known. */
        static Ticks ofHost(int processor) {
            String line = line("/proc/stat", processor < 0 ? "cpu " : "cpu" + processor + " ");
            if (line == null) return null;
            Ticks ticks = new Ticks();
            long[] each = numbers(line, 8); /* user, nice, system, idle, waiting, interrupts of two kinds, stolen */
            for (int i = 0; i < each.length; i++) ticks.all += each[i];
            ticks.used = ticks.all - each[3] - each[4] - each[7];
            return ticks;
        }

        static Ticks ofProcess() {
            Ticks ticks = ofHost(-1);
            Processes self = Processes.of(ProcessHandle.current().pid());
            if (ticks == null || self == null) return null;
            ticks.used = self.total / (1000000000L / Libc.sysconf((int) Platform.fact("_SC_CLK_TCK")));
            return ticks;
        }

        /** Between 0 and 1; -1: it is not known. */
        static double load(Ticks before, Ticks now) {
            if (now == null) return -1;
            long used = before == null ? now.used : now.used - before.used, all = before == null ? now.all : now.all - before.all;
            return all <= 0 || used <= 0 ? 0 : Math.min(1, (double) used / all);
        }
    }

    private static Ticks host, process;
    private static Ticks[] processors = {};

    private com_sun_management_internal_OperatingSystemImpl() {}

    static synchronized void initialize0() {
        host = Ticks.ofHost(-1);
        process = Ticks.ofProcess();
    }

    static synchronized double getCpuLoad0(Object self) {
        Ticks before = host;
        host = Ticks.ofHost(-1);
        return Ticks.load(before, host);
    }

    static synchronized double getProcessCpuLoad0(Object self) {
        Ticks before = process;
        process = Ticks.ofProcess();
        return Ticks.load(before, process);
    }

    static synchronized double getSingleCpuLoad0(Object self, int processor) {
        if (processor < 0 || processor >= getHostConfiguredCpuCount0(self)) return -1;
        if (processor >= processors.length) processors = java.util.Arrays.copyOf(processors, processor + 1);
        Ticks before = processors[processor];
        processors[processor] = Ticks.ofHost(processor);
        return Ticks.load(before, processors[processor]);
    }

    static long getHostTotalCpuTicks0(Object self) {
        Ticks now = Ticks.ofHost(-1);
        return now == null ? -1 : now.all;
    }

    static int getHostConfiguredCpuCount0(Object self) {
        return (int) Libc.sysconf((int) Platform.fact("_SC_NPROCESSORS_CONF"));
    }

    static int getHostOnlineCpuCount0(Object self) {
        return (int) Libc.sysconf((int) Platform.fact("_SC_NPROCESSORS_ONLN"));
    }

    static long getFreeMemorySize0(Object self) { return 1024 * first("/proc/meminfo", "MemFree:"); }
    static long getTotalSwapSpaceSize0(Object self) { return 1024 * first("/proc/meminfo", "SwapTotal:"); }
    static long getFreeSwapSpaceSize0(Object self) { return 1024 * first("/proc/meminfo", "SwapFree:"); }

    /** What may be written or executed: addresses that are only reserved are no memory. */
    static long getCommittedVirtualMemorySize0(Object self) {
        long kilobytes = 0;
        String[] names = {"VmData:", "VmStk:", "VmExe:", "VmLib:"};
        for (int i = 0; i < names.length; i++) kilobytes += first("/proc/self/status", names[i]);
        return kilobytes * 1024;
    }

    static long getMaxFileDescriptorCount0(Object self) {
        String line = line("/proc/self/limits", "Max open files");
        if (line == null) return -1;
        return line.trim().startsWith("unlimited") ? Long.MAX_VALUE : numbers(line, 1)[0];
    }

    /** Without the folder itself, which is open while it is listed. */
    static long getOpenFileDescriptorCount0(Object self) {
        String[] names = java_io_UnixFileSystem.list(null, new java.io.File("/proc/self/fd"));
        return names == null ? -1 : names.length - 1;
    }

    /* ---- texts of /proc ---- */

    /** What stands behind the name at the beginning of a line; null: there is none. */
    private static String line(String path, String name) {
        byte[] bytes = Processes.load(path, FILE_LIMIT);
        if (bytes == null) return null;
        String text = "\n" + Text.latin1(bytes) + "\n";
        int at = text.indexOf("\n" + name);
        return at < 0 ? null : text.substring(at + 1 + name.length(), text.indexOf('\n', at + 1));
    }

    /** The first numbers of a text; 0 for those that are not there. */
    private static long[] numbers(String text, int count) {
        long[] found = new long[count];
        int at = 0;
        for (int i = 0; i < count; i++) {
            while (at < text.length() && (text.charAt(at) < '0' || text.charAt(at) > '9')) at++;
            for (; at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++)
                found[i] = found[i] * 10 + text.charAt(at) - '0';
        }
        return found;
    }

    private static long first(String path, String name) {
        String line = line(path, name);
        return line == null ? 0 : numbers(line, 1)[0];
    }
}
