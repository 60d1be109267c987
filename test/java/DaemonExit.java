/** The program ends when only daemon threads are left, though main returned long before; output is complete. */
public class DaemonExit {
    public static void main(String[] args) {
        Thread daemon = new Thread(() -> {
            while (true) {
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        daemon.setDaemon(true);
        daemon.start();
        Thread spinner = new Thread(() -> {
            for (long i = 0; ; i++) {
                if (i < 0) {
                    System.out.println("never");
                }
            }
        });
        spinner.setDaemon(true);
        spinner.start();
        Thread worker = new Thread(() -> {
            for (int i = 0; i < 3; i++) {
                try {
                    Thread.sleep(10);
                } catch (InterruptedException e) {
                    return;
                }
                System.out.println("worker " + i);
            }
        });
        System.out.println("main returns " + worker.isDaemon() + " " + daemon.isDaemon());
        worker.start();
    }
}
