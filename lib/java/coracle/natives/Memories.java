package coracle.natives;

import java.lang.reflect.Array;
import java.lang.reflect.Method;

/** The beans of java.lang.management for what the machine has: one heap, one arena for classes and code, one collector. */
final class Memories {
    private static Object[] pools, managers;

    private Memories() {}

    static synchronized Object[] pools() {
        if (pools == null) {
            Object[] made = array("java.lang.management.MemoryPoolMXBean", 2);
            made[0] = create("createMemoryPool", "Coracle Heap", true, -1L, -1L);
            made[1] = create("createMemoryPool", "Coracle Arena", false, -1L, -1L);
            pools = made;
        }
        return pools.clone();
    }

    static synchronized Object[] managers() {
        if (managers == null) {
            Object[] made = array("java.lang.management.GarbageCollectorMXBean", 1);
            made[0] = create("createGarbageCollector", "Coracle Collector", null);
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

    private static Object[] array(String type, int length) {
        return (Object[]) Array.newInstance(Fields.type(type), length);
    }

    private static Object create(String name, Object... arguments) {
        try {
            for (Method method : Fields.type("sun.management.ManagementFactoryHelper").getDeclaredMethods()) {
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
