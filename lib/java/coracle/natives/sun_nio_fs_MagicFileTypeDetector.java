package coracle.natives;

final class sun_nio_fs_MagicFileTypeDetector {
    static boolean initialize0() {
        return false; /* without libmagic, types come from names */
    }
}
