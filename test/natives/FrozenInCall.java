import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Freezes itself while another thread is in a call of C that must finish, then in one that may be abandoned (slow.c). */
public class FrozenInCall {
    static Thread start(Runnable body, String native_) throws InterruptedException {
        Thread thread = new Thread(body);
        thread.start();
        while (thread.getStackTrace().length == 0 || !thread.getStackTrace()[0].getMethodName().equals(native_)) Thread.sleep(1);
        Thread.sleep(20); /* and now it is in C */
        return thread;
    }

    static void freeze(String path) throws IOException {
        System.out.println(coracle.Image.freeze(path) ? "thawed" : "going on");
    }

    public static void main(String[] args) throws Exception {
        String folder = args[0];
        Thread making = start(() -> {
            try {
                Files.createDirectory(Path.of(folder, "made"));
            } catch (IOException e) {
                System.out.println(e);
            }
        }, "mkdir0");
        freeze(folder + "/finish.image");
        making.join();
        System.out.println(new File(folder, "made").isDirectory());
        String[] found = new String[1];
        Thread looking = start(() -> {
            try {
                found[0] = InetAddress.getByName("slow.test").toString();
            } catch (UnknownHostException e) {
                found[0] = e.getMessage();
            }
        }, "lookupAllHostAddr");
        freeze(folder + "/abandon.image");
        looking.join();
        System.out.println(found[0]);
    }
}
