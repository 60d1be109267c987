import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.prefs.Preferences;

/** Preferences in files, and whether hosts can be reached. */
public class UserPreferences {
    public static void main(String[] args) throws Exception {
        Files.createDirectories(Path.of("preferences/.java/.userPrefs"));
        Preferences node = Preferences.userRoot().node("some/place");
        node.put("name", "value");
        node.putInt("number", 42);
        node.flush();
        node.sync();
        System.out.println(node.get("name", "none") + node.getInt("number", 0) + node.get("other", "none"));
        System.out.println(Preferences.userRoot().nodeExists("some/place") + " " + String.join(",", node.parent().childrenNames()));
        node.removeNode();
        Preferences.userRoot().flush();
        System.out.println(Preferences.userRoot().nodeExists("some/place"));

        InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        System.out.println(here.isReachable(1000) + " " + here.isReachable(null, 9, 1000));
        try {
            here.isReachable(-1);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }
}
