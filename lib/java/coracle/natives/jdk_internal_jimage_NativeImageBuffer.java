package coracle.natives;

import java.nio.ByteBuffer;
import jdk.internal.access.SharedSecrets;
import jdk.internal.util.StaticProperty;

final class jdk_internal_jimage_NativeImageBuffer {
    private static native long address();
    private static native long size();

    /** The machine has lib/modules mapped already, and in an image it will lie there again. */
    static ByteBuffer getNativeMap(String path) {
        long size = size();
        if (size == 0 || size > Integer.MAX_VALUE || !path.equals(StaticProperty.javaHome() + "/lib/modules")) return null;
        return SharedSecrets.getJavaNioAccess().newDirectByteBuffer(address(), (int) size, null, null);
    }
}
