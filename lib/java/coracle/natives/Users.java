package coracle.natives;

import coracle.ffi.Memory;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Name and home folder of the user. Asking the system's libraries takes a tenth of a start, so java.image holds the answer for
 * the user who made it: a start takes it if the files that it came from are the same. It is held only where these files alone
 * decide, and no locale does.
 */
final class Users {
    private static final byte[] USERS = Text.ascii("/etc/passwd"), SOURCES = Text.ascii("/etc/nsswitch.conf");

    private static String[] kept; /* null: none */
    private static int keptUser;
    private static int[] places; /* in struct stat, of what tells one state of a file from all others */
    private static long[] users, sources;

    private Users() {}

    /** Name and folder, each null if not known. */
    static String[] find(int user) {
        if (kept != null && user == keptUser && Arrays.equals(state(USERS), users) && Arrays.equals(state(SOURCES), sources)) return kept;
        return ask(user);
    }

    private static String[] ask(int user) {
        long entry = Accounts.user(user);
        if (entry == 0) return new String[2];
        return new String[] {Text.at(Memory.getLong(entry + Libc.passwdName())), Text.at(Memory.getLong(entry + Libc.passwdFolder()))};
    }

    /** Before java.image is written. */
    static void keep() {
        places = new int[] {Libc.statDevice(), Libc.statInode(), Libc.statSize(), Libc.statModified(), Libc.statModified() + 8,
            Libc.statChanged(), Libc.statChanged() + 8};
        users = state(USERS);
        sources = state(SOURCES);
        keptUser = Libc.getuid();
        String[] found = ask(keptUser);
        if (users != null && sources != null && isAscii(found[0]) && isAscii(found[1]) && filesDecide(keptUser, found)) kept = found;
    }

    /** Null: there is no such file. */
    private static long[] state(byte[] path) {
        int offset = (path.length + 8) & ~7;
        long at = Text.stage(path, Libc.sizeofStat() + 8), stat = at + offset;
        if (Libc.stat(at, stat) != 0) return null;
        long[] state = new long[places.length];
        for (int i = 0; i < state.length; i++) state[i] = Memory.getLong(stat + places[i]);
        return state;
    }

    private static boolean isAscii(String text) {
        if (text == null) return false;
        for (int i = 0; i < text.length(); i++)
            if (text.charAt(i) >= 0x80) return false;
        return true;
    }

    /** Does the user stand in /etc/passwd, and does nsswitch.conf(5) ask that before all else? */
    private static boolean filesDecide(int user, String[] found) {
        String[] all = lines("/etc/nsswitch.conf");
        for (int i = 0; i < all.length; i++) {
            if (!all[i].strip().startsWith("passwd:")) continue;
            String asked = all[i].strip().substring("passwd:".length()).strip();
            return (asked.equals("files") || asked.startsWith("files ")) && stands(Integer.toString(user), found);
        }
        return false;
    }

    private static boolean stands(String user, String[] found) {
        String[] all = lines("/etc/passwd");
        for (int i = 0; i < all.length; i++) {
            String[] parts = all[i].split(":");
            if (parts.length > 5 && parts[2].equals(user)) return parts[0].equals(found[0]) && parts[5].equals(found[1]);
        }
        return false;
    }

    private static String[] lines(String path) {
        try (FileInputStream file = new FileInputStream(path)) {
            return Text.latin1(file.readAllBytes()).split("\n");
        } catch (IOException e) {
            return new String[0];
        }
    }
}
