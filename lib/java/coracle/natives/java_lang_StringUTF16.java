package coracle.natives;

final class java_lang_StringUTF16 {
    static boolean isBigEndian() {
        return false;
    }
}
