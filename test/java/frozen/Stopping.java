import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Thread.stop of other threads wherever they are; suspend and resume. */
@SuppressWarnings({"deprecation", "removal"})
public class Stopping {
    static volatile long counter;
    static volatile boolean goes;

    interface Place {
        void stay() throws Exception;
    }

    static void stopIn(String name, Place place, Thread.State state) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Throwable[] caught = new Throwable[1];
        Thread thread = new Thread(() -> {
            try {
                started.countDown();
                place.stay();
            } catch (Throwable e) {
                caught[0] = e;
            } finally {
                System.out.println(name + ": finally");
            }
        });
        thread.start();
        started.await();
        while (thread.getState() != state) {
            Thread.yield();
        }
        thread.stop();
        thread.join();
        System.out.println(name + ": " + caught[0] + " " + thread.isAlive());
    }

    static long recurse(int n) {
        return n == 0 ? counter : recurse(n - 1) + recurse(n - 1);
    }

    static void uncaught() throws Exception {
        Thread thread = new Thread(() -> {
            while (true) {
                counter++;
            }
        }, "plain");
        thread.start();
        thread.stop();
        thread.join();
        System.out.println("ended without a word");
        thread = new Thread(() -> {
            while (true) {
                counter++;
            }
        }, "handled");
        thread.setUncaughtExceptionHandler((t, e) -> System.out.println(t.getName() + " " + e));
        long before = counter;
        thread.start();
        while (counter == before) {
            Thread.yield();
        }
        thread.stop();
        thread.join();
    }

    static void beforeItsStart() throws Exception {
        Thread thread = new Thread(() -> System.out.println("runs"));
        thread.stop();
        thread.start();
        thread.join();
        System.out.println(thread.getState());
        thread.stop();
    }

    static void ofMonitors() throws Exception {
        Object lock = new Object();
        CountDownLatch held = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            synchronized (lock) {
                held.countDown();
                while (true) {
                    counter++;
                }
            }
        });
        holder.start();
        held.await();
        Thread enters = new Thread(() -> {
            synchronized (lock) {
                System.out.println("entered, as the other let go");
            }
        });
        enters.start();
        while (enters.getState() != Thread.State.BLOCKED) {
            Thread.yield();
        }
        holder.stop();
        holder.join();
        enters.join();
    }

    static void suspended() throws Exception {
        goes = true;
        Thread counts = new Thread(() -> {
            while (goes) {
                counter++;
            }
        });
        counts.start();
        for (int i = 0; i < 20; i++) {
            counts.suspend();
            Thread.sleep(5);
            long before = counter;
            Thread.sleep(5);
            System.out.println(counter == before ? "stands" : "moves");
            counts.resume();
            while (counter == before) {
                Thread.yield();
            }
        }
        goes = false;
        counts.join();

        Thread self = new Thread(() -> {
            counter = 0;
            Thread.currentThread().suspend();
            counter = 7;
        });
        counter = -1;
        self.start();
        while (counter != 0) {
            Thread.yield();
        }
        Thread.sleep(20);
        System.out.println(counter);
        do {
            self.resume();
            Thread.sleep(1);
        } while (self.isAlive());
        System.out.println(counter);

        Thread stopped = new Thread(() -> {
            while (true) {
                counter++;
            }
        });
        stopped.start();
        stopped.suspend();
        stopped.stop();
        stopped.join();
        System.out.println("stopped out of its suspension");
    }

    public static void main(String[] args) throws Exception {
        Object lock = new Object();
        stopIn("loop", () -> {
            while (true) {
                counter++;
            }
        }, Thread.State.RUNNABLE);
        stopIn("calls", () -> {
            while (recurse(20) >= 0) {
            }
        }, Thread.State.RUNNABLE);
        stopIn("allocation", () -> {
            for (String s = ""; ; s = "x" + counter) {
                counter += s.length();
            }
        }, Thread.State.RUNNABLE);
        stopIn("sleep", () -> Thread.sleep(100000), Thread.State.TIMED_WAITING);
        stopIn("wait", () -> {
            synchronized (lock) {
                lock.wait();
            }
        }, Thread.State.WAITING);
        stopIn("timed wait", () -> {
            synchronized (lock) {
                lock.wait(100000);
            }
        }, Thread.State.TIMED_WAITING);
        stopIn("park", () -> {
            while (true) {
                LockSupport.park();
            }
        }, Thread.State.WAITING);
        stopIn("join", Thread.currentThread()::join, Thread.State.WAITING);
        uncaught();
        beforeItsStart();
        ofMonitors();
        suspended();
        try {
            Thread.currentThread().stop();
        } catch (ThreadDeath e) {
            System.out.println("own " + e);
        }
    }
}
