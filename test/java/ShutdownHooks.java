import java.io.File;

/** System.exit in a thread while main waits: hooks run, finally blocks do not, the status is given; files deleted on exit. */
public class ShutdownHooks {
    public static void main(String[] args) throws Exception {
        Thread first = new Thread(() -> System.out.println("first hook"));
        Runtime.getRuntime().addShutdownHook(first);
        System.out.println(Runtime.getRuntime().removeShutdownHook(first) + " " + Runtime.getRuntime().removeShutdownHook(first));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Runtime.getRuntime().addShutdownHook(new Thread());
            } catch (IllegalStateException e) {
                System.out.println("hook: " + e.getMessage());
            }
            System.out.flush();
        }));
        try {
            Runtime.getRuntime().addShutdownHook(Thread.currentThread());
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        File file = new File("deleted-on-exit");
        System.out.println(file.createNewFile());
        file.deleteOnExit();
        new Thread(() -> {
            try {
                Thread.sleep(20);
                System.out.println("exiting");
                System.exit(7);
            } catch (InterruptedException e) {
                System.out.println("interrupted");
            } finally {
                System.out.println("not printed");
            }
        }).start();
        try {
            Thread.sleep(60000);
        } finally {
            System.out.println("not printed either");
        }
    }
}
