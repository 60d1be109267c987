package coracle.natives;

import coracle.ffi.Platform;

final class java_lang_Runtime {
    static int availableProcessors(Runtime self) {
        return Platform.processors();
    }
}
