/** Starting and joining a thread, a monitor, wait and notify. */
public class Threads extends Thread {
    static int counter;
    static boolean ready;
    static final Object lock = new Object();

    public void run() {
        for (int i = 0; i < 10000; i++) {
            synchronized (lock) {
                counter++;
            }
        }
        synchronized (lock) {
            ready = true;
            lock.notifyAll();
        }
    }

    static synchronized int twice(int x) {
        return x == 0 ? 0 : twice(x - 1) + 2;
    }

    public static void main(String[] args) throws InterruptedException {
        System.out.println(twice(100));
        Threads other = new Threads();
        other.start();
        for (int i = 0; i < 10000; i++) {
            synchronized (lock) {
                counter++;
            }
        }
        synchronized (lock) {
            while (!ready) {
                lock.wait();
            }
        }
        other.join();
        System.out.println(counter);
        Thread.sleep(5);
        System.out.println(other.isAlive() ? "alive" : "ended");
    }
}
