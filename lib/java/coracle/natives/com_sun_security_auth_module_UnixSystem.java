package coracle.natives;

import coracle.ffi.Errno;
import coracle.ffi.Function;
import coracle.ffi.Memory;

final class com_sun_security_auth_module_UnixSystem {
    @Function("getgroups") private static native int getgroups(int limit, long groups);

    /** The fields stay empty where the system does not know the user. */
    static void getUnixInfo(Object self) {
        long entry = Accounts.user(Libc.getuid());
        if (entry == 0) return;
        Class<?> type = self.getClass();
        while (type.getSuperclass() != Object.class) type = type.getSuperclass();
        String name = Text.at(Memory.getLong(entry + Libc.passwdName()));
        Fields.U.putLong(self, Fields.offset(type, "uid"), Memory.getInt(entry + Libc.passwdUser()) & 0xffffffffL);
        Fields.U.putLong(self, Fields.offset(type, "gid"), Memory.getInt(entry + Libc.passwdGroup()) & 0xffffffffL);
        Fields.U.putReference(self, Fields.offset(type, "username"), name);
        Fields.U.putReference(self, Fields.offset(type, "groups"), groups());
    }

    private static long[] groups() {
        int limit = getgroups(0, 0);
        long at = Memory.stage(Math.max(limit, 1) * 4);
        int count = getgroups(limit, at);
        if (count < 0) throw new RuntimeException("getgroups failed: " + Errno.text(Errno.get()));
        long[] groups = new long[count];
        for (int i = 0; i < count; i++) groups[i] = Memory.getInt(at + i * 4L) & 0xffffffffL;
        return groups;
    }
}
