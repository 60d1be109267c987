package coracle.natives;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What `kill -QUIT` prints on standard output: each thread of the program, what it does, and where it is, in the lines that tools
 * know from other machines. An object's identity hash stands where they print its address. Which monitors a frame holds is
 * not told.
 */
final class ThreadDump {
    private final StringBuilder out = new StringBuilder();

    private ThreadDump() {}

    static void print() {
        String text = new ThreadDump().all();
        try {
            new FileOutputStream(FileDescriptor.out).write(Text.encode(text));
        } catch (IOException e) {
            /* nobody reads it */
        }
    }

    private String all() {
        line(LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")));
        line("Full thread dump " + System.getProperty("java.vm.name") + " (" + System.getProperty("java.vm.version") + " "
            + System.getProperty("java.vm.info") + "):");
        line("");
        Map<Thread, StackTraceElement[]> stacks = Thread.getAllStackTraces();
        List<Thread> threads = new ArrayList<>(stacks.keySet());
        threads.sort(Comparator.comparingLong(Thread::getId));
        for (int i = 0; i < threads.size(); i++) thread(threads.get(i), stacks.get(threads.get(i)));
        deadlocks();
        Runtime runtime = Runtime.getRuntime();
        line("Heap");
        line(" total " + runtime.totalMemory() / 1024 + "K, used " + (runtime.totalMemory() - runtime.freeMemory()) / 1024 + "K");
        line("");
        return out.toString();
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private void thread(Thread thread, StackTraceElement[] stack) {
        Thread.State state = thread.getState();
        Object monitor = Threads.monitorAwaited(thread), blocker = monitor == null ? LockSupport.getBlocker(thread) : null;
        boolean isParked = monitor == null && stack.length > 0 && stack[0].getMethodName().equals("park");
        boolean isAsleep = state == Thread.State.TIMED_WAITING && monitor == null && !isParked;
        line('"' + thread.getName() + "\" #" + thread.getId() + (thread.isDaemon() ? " daemon" : "") + " prio=" + thread.getPriority() + " "
            + (state == Thread.State.RUNNABLE ? "runnable" : state == Thread.State.BLOCKED ? "waiting for monitor entry"
                : monitor != null ? "in Object.wait()" : "waiting on condition"));
        line("   java.lang.Thread.State: " + state + (state == Thread.State.BLOCKED || monitor != null ? " (on object monitor)"
            : isAsleep ? " (sleeping)" : isParked ? " (parking)" : ""));
        if (thread == Thread.currentThread()) stack = new StackTraceElement[0]; /* it is making this */
        for (int i = 0; i < stack.length; i++) {
            line("\tat " + frame(stack[i]));
            if (i > 0) continue;
            if (monitor != null) line("\t- " + (state == Thread.State.BLOCKED ? "waiting to lock " : "waiting on ") + named(monitor));
            if (blocker != null) line("\t- parking to wait for  " + named(blocker));
        }
        line("");
    }

    /* With the module behind the name, not before it. */
    private static String frame(StackTraceElement element) {
        String module = element.getModuleName(), version = element.getModuleVersion(), file = element.getFileName();
        return element.getClassName() + "." + element.getMethodName() + "(" + (module == null ? "" : module + (version == null ? "" : "@" + version) + "/")
            + (element.isNativeMethod() ? "Native Method" : file == null ? "Unknown Source"
                : element.getLineNumber() < 0 ? file : file + ":" + element.getLineNumber()) + ")";
    }

    private static String named(Object object) {
        String hash = Integer.toHexString(System.identityHashCode(object));
        return "<0x" + "0".repeat(16 - hash.length()) + hash + "> (a "
            + (object instanceof Class<?> type ? "java.lang.Class for " + type.getName() : object.getClass().getName()) + ")";
    }

    private void deadlocks() {
        Thread[] ring = Threads.deadlocked(false);
        if (ring == null) return;
        line("Found a deadlock:");
        line("=================");
        for (int i = 0; i < ring.length; i++) {
            Object lock = Threads.awaited(ring[i], false);
            Thread holder = lock == null ? null : Threads.holder(ring[i], lock);
            if (holder == null) continue; /* it has gone on since */
            line('"' + ring[i].getName() + "\":");
            line("  waiting to lock " + named(lock) + ",");
            line("  which is held by \"" + holder.getName() + '"');
        }
        line("");
    }
}
