package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Memory;

/**
 * Entries of the system's users and groups, by number and by name (getpwuid_r(3), getgrgid_r(3)). Each method gives the address
 * of a struct passwd or group, with its strings, in the staging buffer; 0: there is none, and errno, 0 or not, tells why.
 */
final class Accounts {
    private static final int USER = 0, GROUP = 1, NAMED_USER = 2, NAMED_GROUP = 3;

    private Accounts() {}

    static long user(int number) { return find(USER, number, null); }
    static long group(int number) { return find(GROUP, number, null); }
    static long user(byte[] name) { return find(NAMED_USER, 0, name); }
    static long group(byte[] name) { return find(NAMED_GROUP, 0, name); }

    private static long find(int kind, int number, byte[] name) {
        for (int size = 16384;; size *= 2) {
            int before = name == null ? 0 : (name.length + 8) & ~7;
            long at = Memory.stage(before + 160 + size);
            if (name != null) {
                Memory.copyIn(name, 0, name.length, at);
                Memory.putByte(at + name.length, (byte) 0);
            }
            long entry = at + before, result = entry + 128, buffer = entry + 160;
            int error;
            do {
                if (kind == USER) error = Libc.getpwuid_r(number, entry, buffer, size, result);
                else if (kind == GROUP) error = Libc.getgrgid_r(number, entry, buffer, size, result);
                else if (kind == NAMED_USER) error = Libc.getpwnam_r(at, entry, buffer, size, result);
                else error = Libc.getgrnam_r(at, entry, buffer, size, result);
            } while (error == Errno.EINTR());
            if (error == Errno.ERANGE() && size < 1 << 24) continue;
            if (error != 0) {
                Errno.set(error);
                return 0;
            }
            Errno.set(0);
            return Memory.getLong(result);
        }
    }
}
