package coracle.natives;

import coracle.ffi.Function;

final class sun_nio_ch_NativeThread {
    static void init() {}

    static boolean supportPendingSignals0() {
        return true;
    }

    @Function(value = "thread_self", library = "coracle")
    static native long current();

    @Function(value = "thread_interrupt", library = "coracle")
    static native void signal(long thread);
}
