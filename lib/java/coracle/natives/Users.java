package coracle.natives;

import coracle.ffi.Memory;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Name and home folder of a user. Asking the system's libraries takes a tenth of a start, so java.image holds the answers for
 * the users in /etc/passwd: a start takes one if the files that it came from are the same. They are held only where these
 * files alone decide, and no locale does.
 */
final class Users {
    private static final byte[] USERS = Text.ascii("/etc/passwd"), SOURCES = Text.ascii("/etc/nsswitch.conf");
    private static final int LIMIT = 256; /* in a longer file those behind are asked for */

    private static int[] numbers = new int[0];
    private static String[][] kept = new String[0][]; /* of each number: name and folder */
    private static int[] places; /* in struct stat, of what tells one state of a file from all others */
    private static long[] users, sources;

    private Users() {}

    /** Name and folder, each null if not known. */
    static String[] find(int user) {
        for (int i = 0; i < numbers.length; i++)
            if (numbers[i] == user)
                return Arrays.equals(state(USERS), users) && Arrays.equals(state(SOURCES), sources) ? kept[i] : ask(user);
        return ask(user);
    }

    /** What is done for users that are not kept. */
    static void rehearseOthers() {
        ask(Libc.getuid());
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
        if (users != null && sources != null && filesComeFirst()) keep(lines("/etc/passwd"));
    }

    /** The first line of a number counts, if the system says the same. */
    private static void keep(String[] lines) {
        int[] found = new int[LIMIT];
        String[][] answers = new String[LIMIT][];
        int count = 0;
        for (int i = 0; i < lines.length && count < LIMIT; i++) {
            String[] parts = lines[i].split(":");
            if (parts.length <= 5 || !parts[2].matches("[0-9]{1,9}") || !isAscii(parts[0]) || !isAscii(parts[5])) continue;
            int user = Integer.parseInt(parts[2]);
            if (isIn(found, count, user)) continue;
            String[] answer = ask(user);
            if (!parts[0].equals(answer[0]) || !parts[5].equals(answer[1])) continue;
            found[count] = user;
            answers[count++] = answer;
        }
        numbers = Arrays.copyOf(found, count);
        kept = Arrays.copyOf(answers, count);
    }

    private static boolean isIn(int[] all, int count, int one) {
        for (int i = 0; i < count; i++)
            if (all[i] == one) return true;
        return false;
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
        for (int i = 0; i < text.length(); i++)
            if (text.charAt(i) >= 0x80) return false;
        return true;
    }

    /** Does nsswitch.conf(5) ask /etc/passwd before all else? */
    private static boolean filesComeFirst() {
        String[] all = lines("/etc/nsswitch.conf");
        for (int i = 0; i < all.length; i++) {
            if (!all[i].strip().startsWith("passwd:")) continue;
            String asked = all[i].strip().substring("passwd:".length()).strip();
            return asked.equals("files") || asked.startsWith("files ");
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
