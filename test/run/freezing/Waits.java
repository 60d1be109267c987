import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** What threads waited for when the program was frozen, in here(), comes as soon as it is thawed. */
public class Waits {
    static final Object lock = new Object();
    static final AtomicInteger count = new AtomicInteger();
    static volatile boolean entered, goes = true;

    static void here() {}

    static Thread[] start(int number, Runnable body, Thread.State state) {
        Thread[] threads = new Thread[number];
        for (int i = 0; i < number; i++) {
            threads[i] = new Thread(body);
            threads[i].setDaemon(true);
            threads[i].start();
            while (threads[i].getState() != state && threads[i].isAlive()) {
                Thread.yield();
            }
        }
        return threads;
    }

    static void end(Thread[] threads) throws InterruptedException {
        int alive = 0;
        for (Thread thread : threads) {
            thread.join(3000);
            alive += thread.isAlive() ? 1 : 0;
        }
        System.out.println(count + " done, " + alive + " alive");
    }

    /** The permit is there before the thread looks: what it waits for next has a time of its own. */
    static void park() throws InterruptedException {
        Thread[] threads = start(16, () -> {
            LockSupport.park();
            LockSupport.parkNanos(20_000_000);
            count.incrementAndGet();
        }, Thread.State.WAITING);
        here();
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        end(threads);
    }

    /** The monitor is free before the thread looks. */
    static void monitor() throws InterruptedException {
        Thread[] threads;
        synchronized (lock) {
            threads = start(1, () -> {
                synchronized (lock) {
                    entered = true;
                    while (goes) {
                        Thread.onSpinWait();
                    }
                }
                count.incrementAndGet();
            }, Thread.State.BLOCKED);
            here();
        }
        while (!entered) {
            Thread.onSpinWait();
        }
        System.out.println(threads[0].getState());
        goes = false;
        end(threads);
    }

    /** The time of the threads is over, and they wait for the monitor, which is left before they look. */
    static void timed() throws InterruptedException {
        Thread[] threads = start(8, () -> {
            synchronized (lock) {
                try {
                    lock.wait(300);
                } catch (InterruptedException e) {
                    System.out.println(e);
                }
                count.incrementAndGet();
            }
        }, Thread.State.TIMED_WAITING);
        synchronized (lock) {
            for (Thread thread : threads) {
                while (thread.getState() == Thread.State.TIMED_WAITING) {
                    Thread.yield();
                }
            }
            here();
        }
        for (int i = 0; i < 100; i++) {
            Object other = new Object();
            synchronized (other) {
                other.wait(0, 1);
            }
        }
        end(threads);
    }

    /** What each thread has been given before it waits: an interrupt, a permit. */
    static void given() throws InterruptedException {
        Thread[] threads;
        synchronized (lock) {
            threads = start(1, () -> {
                synchronized (lock) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        count.incrementAndGet();
                    }
                }
            }, Thread.State.BLOCKED);
            threads[0].interrupt();
            Thread.currentThread().interrupt();
            LockSupport.unpark(Thread.currentThread());
            here();
            try {
                Thread.sleep(100_000);
            } catch (InterruptedException e) {
                count.incrementAndGet();
            }
            LockSupport.park();
        }
        end(threads);
    }

    /** The thread is about to end, and waits for the monitor of its Thread. */
    static void ending() throws InterruptedException {
        Thread thread = new Thread(count::incrementAndGet);
        synchronized (thread) {
            thread.start();
            while (thread.getState() != Thread.State.BLOCKED) {
                Thread.yield();
            }
            here();
        }
        end(new Thread[] {thread});
    }

    /** So is the main thread. */
    static void mainEnding() {
        Thread caller = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
        new Thread(() -> {
            synchronized (caller) {
                entered = true;
                while (caller.getState() != Thread.State.BLOCKED) {
                    Thread.yield();
                }
                here();
            }
            try {
                end(new Thread[] {caller});
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        }).start();
        while (!entered) {
            Thread.onSpinWait();
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        switch (arguments[0]) {
            case "park" -> park();
            case "monitor" -> monitor();
            case "timed" -> timed();
            case "given" -> given();
            case "ending" -> ending();
            default -> mainEnding();
        }
    }
}
