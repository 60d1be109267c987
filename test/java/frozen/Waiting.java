import java.util.concurrent.locks.LockSupport;

/** Threads that stay in each way of waiting (monitor, wait, timed wait, sleep, park, join) while main computes. */
public class Waiting {
    static final Object held = new Object(), signal = new Object();
    static boolean done;
    static final StringBuffer log = new StringBuffer();

    interface Body {
        void run() throws InterruptedException;
    }

    static Thread start(String name, Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
                log.append(name).append(" ended; ");
            } catch (InterruptedException e) {
                log.append(name).append(" interrupted; ");
            }
        }, name);
        thread.start();
        return thread;
    }

    public static void main(String[] args) throws Exception {
        Thread[] threads = new Thread[6];
        long sum = 0;
        synchronized (held) {
            threads[0] = start("monitor", () -> {
                synchronized (held) {
                    held.hashCode();
                }
            });
            threads[1] = start("wait", () -> {
                synchronized (signal) {
                    while (!done) {
                        signal.wait();
                    }
                }
            });
            threads[2] = start("timed wait", () -> {
                synchronized (signal) {
                    while (!done) {
                        signal.wait(3);
                    }
                }
            });
            threads[3] = start("sleep", () -> Thread.sleep(1000000));
            threads[4] = start("park", () -> {
                while (!Thread.currentThread().isInterrupted()) {
                    LockSupport.park(held);
                }
            });
            threads[5] = start("join", () -> threads[1].join());
            for (int round = 0; round < 12; round++) {
                for (int i = 0; i < 400000; i++) {
                    sum = sum * 31 + (i ^ round);
                }
                System.out.println("round " + round + " " + sum);
            }
        }
        threads[0].join();
        System.out.println(log);
        log.setLength(0);
        synchronized (signal) {
            done = true;
            signal.notifyAll();
        }
        threads[1].join();
        threads[2].join();
        threads[5].join();
        System.out.println(log.toString().split("; ").length);
        log.setLength(0);
        threads[3].interrupt();
        threads[3].join();
        threads[4].interrupt();
        threads[4].join();
        System.out.println(log);
    }
}
