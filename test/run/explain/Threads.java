/** The same work in several threads at once: nothing is counted twice or lost. */
public class Threads {
    static int spin(int n) {
        int s = 0;
        for (int i = 0; i < n; i++)
            s += i;
        return s;
    }

    static synchronized int locked(int n) {
        return n == 0 ? 0 : 1 + locked(n - 1);
    }

    public static void main(String[] arguments) throws InterruptedException {
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int k = 0; k < 50; k++)
                    if (spin(2000) + locked(20) < 0)
                        throw new AssertionError();
            });
            threads[i].start();
        }
        for (Thread thread : threads)
            thread.join();
    }
}
