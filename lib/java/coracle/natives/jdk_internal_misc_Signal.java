package coracle.natives;

import coracle.ffi.Function;

final class jdk_internal_misc_Signal {
    @Function(value = "signal_number", library = "coracle")
    private static native int number(byte[] name);
    @Function(value = "signal_watch", library = "coracle")
    private static native int watch(int number);
    @Function(value = "signal_default", library = "coracle")
    private static native int setDefault(int number);
    @Function(value = "signal_ignore", library = "coracle")
    private static native int ignore(int number);

    @Function(value = "signal_is_ignored", library = "coracle")
    private static native int isIgnored(int number);

    /* What handlers stand for: the class library's own numbers. */
    private static final long DEFAULT = 0, IGNORE = 1, DISPATCH = 2, FAILED = -1;

    private static long[] handlers; /* by signal: what was set; a thaw sets them again */
    private static long shutdownSignals; /* a bit for each signal that ends the program in order */

    static final int QUIT = findSignal0("QUIT");

    /** The machine answers it with a thread dump. */
    static void watchQuit() {
        watch(QUIT);
    }

    static int findSignal0(String name) {
        return number(Text.ascii(name));
    }

    /** Gives the handler of before. */
    static synchronized long handle0(int signal, long handler) {
        if (handlers == null) {
            handlers = new long[65];
            shutdownSignals = 1L << findSignal0("HUP") | 1L << findSignal0("INT") | 1L << findSignal0("TERM");
        }
        if (signal <= 0 || signal >= handlers.length || isTaken(signal)) return FAILED;
        if (isForShutdown(signal) && isIgnored(signal) != 0 && handlers[signal] != IGNORE) { /* and stays so in this process */
            handlers[signal] = handler;
            return IGNORE;
        }
        if (set(signal, handler) != 0) return FAILED;
        long before = handlers[signal];
        handlers[signal] = handler;
        return before;
    }

    /** Those that the machine keeps for itself. */
    private static boolean isTaken(int signal) {
        return signal == findSignal0("SEGV") || signal == findSignal0("ILL") || signal == findSignal0("FPE") || signal == QUIT;
    }

    private static boolean isForShutdown(int signal) {
        return (shutdownSignals >>> signal & 1) != 0;
    }

    private static int set(int signal, long handler) {
        if (handler == DEFAULT) return setDefault(signal);
        if (handler == IGNORE) return ignore(signal);
        return handler == DISPATCH ? watch(signal) : -1;
    }

    static void raise0(int signal) {
        Libc.kill(Libc.getpid(), signal);
    }

    /** After a thaw: the process knows nothing of what was asked for. Nothing is called for a signal that is ignored, as nohup and
     * shells in scripts have it, that is not called for others: code that no start before has called is slow. */
    static synchronized void restore() {
        watchQuit();
        if (handlers == null) return;
        for (int i = 1; i < handlers.length; i++) {
            if (handlers[i] == DEFAULT || handlers[i] == DISPATCH && isForShutdown(i) && isIgnored(i) != 0) continue;
            set(i, handlers[i]);
        }
    }
}
