package coracle.natives;

import coracle.ffi.Function;
import coracle.ffi.Mode;
import java.lang.reflect.Method;
import jdk.internal.misc.Signal;

/** The thread that waits for signals of the outside and hands them to the class library. */
final class SignalDispatcher extends Thread {
    /** The number of the next signal; 0: interrupted. */
    @Function(value = "signal_next", library = "coracle", mode = Mode.BLOCKING)
    private static native int next(long timeout);

    private SignalDispatcher(ThreadGroup group) {
        super(group, "Signal Dispatcher");
        setDaemon(true);
        setPriority(9);
        setContextClassLoader(null);
    }

    /** At the end of the boot. */
    static void begin() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) group = group.getParent();
        jdk_internal_misc_Signal.watchQuit();
        new SignalDispatcher(group).start();
    }

    @Override
    public void run() {
        for (;;) {
            int number = next(-1);
            if (number == jdk_internal_misc_Signal.QUIT) ThreadDump.print();
            else if (number != 0) dispatch(number);
        }
    }

    private static void dispatch(int number) {
        try {
            Method method = Signal.class.getDeclaredMethod("dispatch", int.class);
            Fields.open(method);
            method.invoke(null, number);
        } catch (ReflectiveOperationException e) {
            throw new InternalError(e);
        }
    }
}
