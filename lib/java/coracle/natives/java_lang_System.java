package coracle.natives;

import coracle.ffi.Function;

final class java_lang_System {
    @Function(value = "monotonic_ns", library = "coracle")
    static native long nanoTime();

    @Function(value = "wall_ns", library = "coracle")
    private static native long wall();

    static long currentTimeMillis() {
        return wall() / 1000000;
    }

    static String mapLibraryName(String name) {
        if (name == null) throw new NullPointerException();
        if (name.length() > 240) throw new IllegalArgumentException("name too long");
        return "lib" + name + ".so";
    }
}
