package coracle.natives;

import java.lang.reflect.AccessibleObject;
import jdk.internal.loader.BootLoader;
import jdk.internal.misc.Unsafe;

/** Private fields of the class library, by name. Offsets stay what they are in an image. */
final class Fields {
    static final Unsafe U = Unsafe.getUnsafe();

    private Fields() {}

    static Class<?> type(String name) {
        Class<?> found = BootLoader.loadClassOrNull(name);
        if (found == null) throw new NoClassDefFoundError(name);
        return found;
    }

    static long offset(Class<?> type, String name) {
        return U.objectFieldOffset(type, name);
    }

    /** Frames of the machine do not show, so setAccessible would find no caller. */
    static void open(AccessibleObject member) {
        U.putBoolean(member, offset(AccessibleObject.class, "override"), true);
    }

    /** Throws what the signature does not say: the class library's native declares it. */
    @SuppressWarnings("unchecked")
    static <T extends Throwable> RuntimeException raise(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
