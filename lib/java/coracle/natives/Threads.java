package coracle.natives;

import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;

/** What all threads do and wait for, as java.lang.management tells it. How often and how long they waited is not counted. */
final class Threads {
    private static final class Exclusive {
        static final long OWNER = Fields.offset(AbstractOwnableSynchronizer.class, "exclusiveOwnerThread");
    }

    private static final class Status {
        static final long AT = Fields.offset(Thread.class, "threadStatus");
    }

    private Threads() {}

    /** The object whose monitor a thread waits to enter, or at which it waits; null: none. */
    static native Object monitorAwaited(Thread thread);
    private static native Thread holderOfAwaited(Thread thread);

    /** With a ThreadInfo for each, or null where there is no such thread (any more). maxDepth -1: all frames. */
    static void fill(Thread[] threads, StackTraceElement[][] stacks, int maxDepth, Object[] infos) {
        Constructor<?> constructor = constructor(infos.getClass().getComponentType());
        for (int i = 0; i < threads.length; i++) {
            if (threads[i] == null || !threads[i].isAlive()) continue;
            StackTraceElement[] stack = stacks[i] == null ? new StackTraceElement[0] : stacks[i];
            if (maxDepth >= 0 && stack.length > maxDepth) stack = java.util.Arrays.copyOf(stack, maxDepth);
            Object lock = awaited(threads[i], false);
            try {
                infos[i] = constructor.newInstance(threads[i], Fields.U.getInt(threads[i], Status.AT), lock,
                                                   lock == null ? null : holder(threads[i], lock), 0L, -1L, 0L, -1L, stack);
            } catch (ReflectiveOperationException e) {
                throw new InternalError(e);
            }
        }
    }

    private static Constructor<?> constructor(Class<?> type) {
        for (Constructor<?> each : type.getDeclaredConstructors()) {
            if (each.getParameterCount() != 9) continue;
            Fields.open(each);
            return each;
        }
        throw new InternalError();
    }

    static Object awaited(Thread thread, boolean onlyMonitors) {
        Object monitor = monitorAwaited(thread);
        return monitor != null || onlyMonitors ? monitor : LockSupport.getBlocker(thread);
    }

    static Thread holder(Thread thread, Object lock) {
        Object monitor = monitorAwaited(thread);
        if (monitor != null) return thread.getState() == Thread.State.BLOCKED || monitor != lock ? holderOfAwaited(thread) : null;
        return lock instanceof AbstractOwnableSynchronizer ? (Thread) Fields.U.getReference(lock, Exclusive.OWNER) : null;
    }

    /** Those that wait for each other in a ring; null: none. */
    static Thread[] deadlocked(boolean onlyMonitors) {
        Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
        Thread[] found = new Thread[all.size()];
        int count = 0;
        for (Thread thread : all.keySet()) {
            Thread at = thread;
            int steps = 0;
            do {
                Object lock = awaited(at, onlyMonitors);
                at = lock == null ? null : holder(at, lock);
            } while (at != null && at != thread && ++steps <= found.length);
            if (at == thread) found[count++] = thread;
        }
        return count == 0 ? null : java.util.Arrays.copyOf(found, count);
    }
}
