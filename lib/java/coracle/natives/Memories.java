package coracle.natives;

import java.lang.reflect.Array;
import java.lang.reflect.Method;

/** The beans of java.lang.management for what the machine has: one heap, one arena for classes and code, one collector. */
final class Memories {
    static final String COLLECTOR = "Coracle Collector";
    private static final String FACTORY = "sun.management.ManagementFactoryHelper";
    private static Object[] pools, managers;

    private Memories() {}

    static synchronized Object[] pools() {
        if (pools == null) {
            Object[] made = array("java.lang.management.MemoryPoolMXBean", 2);
            made[0] = create(FACTORY, "createMemoryPool", "Coracle Heap", true, -1L, -1L);
            made[1] = create(FACTORY, "createMemoryPool", "Coracle Arena", false, -1L, -1L);
            pools = made;
        }
        return pools.clone();
    }

    static synchronized Object[] managers() {
        if (managers == null) {
            Object[] made = array("java.lang.management.GarbageCollectorMXBean", 1);
            String factory = Collections.isThere() ? Collections.COLLECTOR : FACTORY;
            made[0] = create(factory, "createGarbageCollector", COLLECTOR, null);
            managers = made;
        }
        return managers.clone();
    }

    static Object[] heap() {
        return java.util.Arrays.copyOf(pools(), 1);
    }

    static Object[] noManagers() {
        return array("java.lang.management.MemoryManagerMXBean", 0);
    }

    /** Number, start, end, bytes before and after, whether full, whether asked for; the number is 0 if there was none, or none asked for. */
    static native void lastCollection(long[] told, boolean requested);

    private static Object[] array(String type, int length) {
        return (Object[]) Array.newInstance(Fields.type(type), length);
    }

    private static Object create(String factory, String name, Object... arguments) {
        try {
            for (Method method : Fields.type(factory).getDeclaredMethods()) {
                if (!method.getName().equals(name) || method.getParameterCount() != arguments.length) continue;
                Fields.open(method);
                return method.invoke(null, arguments);
            }
        } catch (ReflectiveOperationException e) {
            throw new InternalError(e);
        }
        throw new InternalError(name);
    }
}
