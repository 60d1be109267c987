package coracle.natives;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * What module jdk.management tells of the last collection, and the thread that tells its listeners of each. Of those that
 * follow one another before it comes to that, it tells the last one that was asked for, and the last.
 */
final class Collections extends Thread {
    static final String COLLECTOR = "com.sun.management.internal.GarbageCollectorExtImpl";
    private static final int NUMBER = 0, START = 1, END = 2, BEFORE = 3, AFTER = 4, IS_FULL = 5, IS_REQUESTED = 6, COUNT = 7;
    private static final long LONGEST_WAIT = 1000; /* an object that an image holds does not die */

    private static Collections teller;
    private final long[] last = new long[COUNT];
    private long told; /* number of the latest collection that was told, or was there before */
    private Object collector; /* null: nobody listens */

    private Collections(ThreadGroup group) {
        super(group, null, "Notification Thread", 0, false);
        Memories.lastCollection(last, false);
        told = last[NUMBER];
        setDaemon(true);
        setPriority(9);
        setContextClassLoader(null);
    }

    static boolean isThere() {
        return ModuleLayer.boot().findModule("jdk.management").isPresent();
    }

    /** The object of class GcInfo for its maker; null if there was no collection. */
    static Object info(Object builder, Object before, Object after, Object[] more) throws ReflectiveOperationException {
        long[] last = new long[COUNT];
        if (Thread.currentThread() instanceof Collections) last = ((Collections) Thread.currentThread()).last;
        else Memories.lastCollection(last, false);
        if (last[NUMBER] == 0) return null;
        Object[] pools = Memories.pools();
        Method usageOf = Fields.type("java.lang.management.MemoryPoolMXBean").getMethod("getUsage");
        for (int i = 0; i < pools.length; i++) {
            Object now = usageOf.invoke(pools[i]);
            Array.set(before, i, i == 0 ? with(now, last[BEFORE]) : now);
            Array.set(after, i, i == 0 ? with(now, last[AFTER]) : now);
        }
        more[0] = 1;
        Constructor<?> make = Fields.type("com.sun.management.GcInfo").getDeclaredConstructor(builder.getClass(), long.class,
            long.class, long.class, before.getClass(), after.getClass(), Object[].class);
        Fields.open(make);
        return make.newInstance(builder, last[NUMBER], last[START], last[END], before, after, more);
    }

    private static Object with(Object usage, long used) throws ReflectiveOperationException {
        Class<?> type = usage.getClass();
        long committed = (long) type.getMethod("getCommitted").invoke(usage), most = (long) type.getMethod("getMax").invoke(usage);
        return type.getConstructor(long.class, long.class, long.class, long.class).newInstance(-1L, used, Math.max(used, committed), most);
    }

    static synchronized void tell(Object collector, boolean on) {
        if (teller == null) {
            ThreadGroup group = Thread.currentThread().getThreadGroup();
            while (group.getParent() != null) group = group.getParent();
            teller = new Collections(group);
            teller.start();
        }
        teller.collector = on ? collector : null;
    }

    private static synchronized Object listened() {
        return teller.collector;
    }

    /** An object that nobody holds dies with the next collection. */
    @Override
    public void run() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        for (;;) {
            WeakReference<Object> dying = new WeakReference<>(new Object(), queue);
            Memories.lastCollection(last, false);
            if (last[NUMBER] == told) await(queue);
            dying.clear();
            Memories.lastCollection(last, false);
            if (last[NUMBER] < told) told = 0; /* in a thawed process they are counted anew */
            tellNew(true);
            tellNew(false);
        }
    }

    private void tellNew(boolean requested) {
        Memories.lastCollection(last, requested);
        if (last[NUMBER] <= told) return;
        told = last[NUMBER];
        Object to = listened();
        if (to != null) notify(to);
    }

    private static void await(ReferenceQueue<Object> queue) {
        try {
            queue.remove(LONGEST_WAIT);
        } catch (InterruptedException e) {
            /* it is nobody's business */
        }
    }

    private void notify(Object collector) {
        try {
            Class<?> type = Fields.type(COLLECTOR), info = Fields.type("com.sun.management.GcInfo");
            Method create = type.getDeclaredMethod("createGCNotification", long.class, String.class, String.class, String.class, info);
            Fields.open(create);
            Method lastInfo = Fields.type("com.sun.management.GarbageCollectorMXBean").getMethod("getLastGcInfo");
            create.invoke(collector, System.currentTimeMillis(), Memories.COLLECTOR,
                last[IS_FULL] != 0 ? "end of major GC" : "end of minor GC",
                last[IS_REQUESTED] != 0 ? "System.gc()" : "Allocation Failure", lastInfo.invoke(collector));
        } catch (InvocationTargetException e) {
            /* a listener's exceptions are its own */
        } catch (ReflectiveOperationException e) {
            throw new InternalError(e);
        }
    }
}
