package coracle.natives;

import java.lang.reflect.Array;
import java.util.Map;

final class sun_management_ThreadImpl {
    static Thread[] getThreads() {
        return Thread.getAllStackTraces().keySet().toArray(new Thread[0]);
    }

    static void getThreadInfo1(long[] ids, int maxDepth, Object[] infos) {
        Thread[] threads = new Thread[ids.length];
        StackTraceElement[][] stacks = new StackTraceElement[ids.length][];
        for (Map.Entry<Thread, StackTraceElement[]> each : Thread.getAllStackTraces().entrySet())
            for (int i = 0; i < ids.length; i++) {
                if (ids[i] != each.getKey().getId()) continue;
                threads[i] = each.getKey();
                stacks[i] = threads[i] == Thread.currentThread() ? fromNative(each.getValue()) : each.getValue();
            }
        Threads.fill(threads, stacks, maxDepth, infos);
    }

    /** Without what finds out about the other threads. */
    private static StackTraceElement[] fromNative(StackTraceElement[] stack) {
        int from = 0;
        while (from < stack.length && !stack[from].getClassName().equals("sun.management.ThreadImpl")) from++;
        return java.util.Arrays.copyOfRange(stack, from, stack.length);
    }

    /** ids null: all threads. Which monitors and locks they hold is said not to be known (initOptionalSupportFields). */
    static Object[] dumpThreads0(long[] ids, boolean lockedMonitors, boolean lockedSynchronizers, int maxDepth) {
        if (ids == null) {
            Thread[] all = getThreads();
            ids = new long[all.length];
            for (int i = 0; i < all.length; i++) ids[i] = all[i].getId();
        }
        Object[] infos = (Object[]) Array.newInstance(Fields.type("java.lang.management.ThreadInfo"), ids.length);
        getThreadInfo1(ids, maxDepth, infos);
        return infos;
    }

    static Thread[] findMonitorDeadlockedThreads0() {
        return Threads.deadlocked(true);
    }

    static Thread[] findDeadlockedThreads0() {
        return Threads.deadlocked(false);
    }
}
