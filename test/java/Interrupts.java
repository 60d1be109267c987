import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Interrupts in each state in which a thread waits, before it waits and while it does: what is thrown, and the flag afterwards. */
public class Interrupts {
    interface Waiting {
        void run() throws Exception;
    }

    static final Object monitor = new Object(), held = new Object();
    static final ReentrantLock lock = new ReentrantLock(), heldLock = new ReentrantLock();
    static final Condition condition = lock.newCondition();
    static final long LONG = 100_000;

    /** Initialized by a thread that waits until it is let go. */
    static class Slow {
        static CountDownLatch started, go;

        static class Held {
            static int value = 1;

            static {
                started.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    value = 2;
                }
            }
        }
    }

    static void attempt(String what, Waiting waiting) throws InterruptedException {
        for (boolean before : new boolean[] {true, false}) {
            String[] result = new String[1];
            boolean[] flag = new boolean[2];
            Thread thread = new Thread(() -> {
                if (before) {
                    Thread.currentThread().interrupt();
                }
                try {
                    waiting.run();
                    result[0] = "returned";
                } catch (Exception e) {
                    result[0] = e.toString();
                }
                flag[0] = Thread.currentThread().isInterrupted();
                flag[1] = Thread.interrupted();
            }, what);
            thread.start();
            if (!before) {
                while (thread.getState() == Thread.State.NEW || thread.getState() == Thread.State.RUNNABLE) {
                    Thread.sleep(1);
                }
                thread.interrupt();
            }
            thread.join();
            System.out.println(what + (before ? ", before: " : ", meanwhile: ") + result[0] + ", flag " + flag[0] + " " + flag[1] + " " + thread.isInterrupted());
        }
    }

    /** An interrupt does not end these: another thread has to. */
    static void attemptStubborn(String what, Waiting waiting, Runnable let) throws InterruptedException {
        boolean[] flag = new boolean[1];
        Thread thread = new Thread(() -> {
            try {
                waiting.run();
            } catch (Exception e) {
                System.out.println(e);
            }
            flag[0] = Thread.interrupted();
        }, what);
        thread.start();
        Thread.sleep(30);
        thread.interrupt();
        thread.join(30);
        boolean alive = thread.isAlive();
        let.run();
        thread.join();
        System.out.println(what + ": waits on " + alive + ", flag " + flag[0]);
    }

    public static void main(String[] args) throws Exception {
        Thread never = new Thread(() -> LockSupport.park());
        never.setDaemon(true);
        never.start();
        heldLock.lock();
        attempt("sleep", () -> Thread.sleep(LONG));
        attempt("sleep with nanoseconds", () -> Thread.sleep(LONG, 5));
        attempt("wait", () -> {
            synchronized (monitor) {
                monitor.wait();
            }
        });
        attempt("wait with a time", () -> {
            synchronized (monitor) {
                synchronized (monitor) {
                    monitor.wait(LONG);
                }
            }
        });
        attempt("join", () -> never.join());
        attempt("join with a time", () -> never.join(LONG));
        attempt("park", () -> {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park(monitor);
            }
        });
        attempt("park with a time", () -> {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(LONG * 1_000_000);
            }
        });
        attempt("lock", () -> heldLock.lockInterruptibly());
        attempt("lock with a time", () -> heldLock.tryLock(LONG, TimeUnit.MILLISECONDS));
        attempt("condition", () -> {
            lock.lock();
            try {
                condition.await();
            } finally {
                lock.unlock();
            }
        });
        attempt("semaphore", () -> new Semaphore(0).acquire());
        attempt("latch", () -> new CountDownLatch(1).await());
        attempt("barrier", () -> new CyclicBarrier(2).await());
        attempt("queue", () -> new LinkedBlockingQueue<>().take());
        attempt("hand-over", () -> new SynchronousQueue<>().put("x"));

        CountDownLatch go = new CountDownLatch(1), holds = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            synchronized (held) {
                holds.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    System.out.println(e);
                }
            }
        });
        holder.start();
        holds.await();
        attemptStubborn("monitor", () -> {
            synchronized (held) {
                System.out.println("entered");
            }
        }, go::countDown);
        attemptStubborn("uninterruptible lock", () -> {
            heldLock.lock();
            heldLock.unlock();
        }, heldLock::unlock);
        Slow.started = new CountDownLatch(1);
        Slow.go = new CountDownLatch(1);
        Thread initializer = new Thread(() -> System.out.println("initialized " + Slow.Held.value));
        initializer.start();
        Slow.started.await();
        attemptStubborn("initialization", () -> {
            if (Slow.Held.value != 1) {
                System.out.println(Slow.Held.value);
            }
        }, () -> {
            Slow.go.countDown();
            try {
                initializer.join();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        });

        // Notified and interrupted at once: the notification goes to one of the two that wait, the interrupt is not lost.
        int wrong = 0;
        for (int round = 0; round < 50; round++) {
            int[] counts = new int[3];
            CountDownLatch waiting = new CountDownLatch(2);
            Thread[] threads = new Thread[2];
            Object lone = new Object();
            for (int i = 0; i < 2; i++) {
                threads[i] = new Thread(() -> {
                    int how = 0;
                    synchronized (lone) {
                        waiting.countDown();
                        try {
                            lone.wait();
                        } catch (InterruptedException e) {
                            how = 1;
                        }
                        counts[how]++;
                        counts[2] += Thread.interrupted() ? 1 : 0;
                    }
                });
                threads[i].start();
            }
            waiting.await();
            synchronized (lone) {
                lone.notify();
                threads[0].interrupt();
            }
            threads[0].join();
            synchronized (lone) {
                lone.notifyAll();
            }
            threads[1].join();
            boolean thrown = counts[0] == 1 && counts[1] == 1 && counts[2] == 0, kept = counts[0] == 2 && counts[1] == 0 && counts[2] == 1;
            wrong += thrown || kept ? 0 : 1;
        }
        System.out.println("wrong: " + wrong);

        // The order of those who wait, and of those who are left when one in the middle is interrupted.
        StringBuffer order = new StringBuffer();
        Thread[] waiters = new Thread[5];
        for (int i = 0; i < waiters.length; i++) {
            String name = "" + i;
            waiters[i] = new Thread(() -> {
                synchronized (monitor) {
                    try {
                        monitor.wait();
                        order.append(name);
                    } catch (InterruptedException e) {
                        order.append("(" + name + ")");
                    }
                }
            });
            waiters[i].start();
            while (waiters[i].getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
        }
        waiters[1].interrupt();
        waiters[1].join();
        for (int i : new int[] {0, 2}) {
            synchronized (monitor) {
                monitor.notify();
            }
            waiters[i].join();
        }
        System.out.println(order);
        synchronized (monitor) {
            monitor.notifyAll();
        }
        waiters[3].join();
        waiters[4].join();
        System.out.println(order.length());
    }
}
