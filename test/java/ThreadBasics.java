import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Thread: start, join, states, names, groups, priorities, interrupts, sleep, yield, holdsLock. */
public class ThreadBasics {
    static final List<String> log = Collections.synchronizedList(new ArrayList<>());
    static final Object gate = new Object();
    static boolean open;

    static void waitFor(Thread thread, Thread.State state) throws InterruptedException {
        for (int i = 0; i < 5000 && thread.getState() != state; i++) {
            Thread.sleep(1);
        }
        System.out.println(thread.getName() + " is " + thread.getState());
    }

    static void attempt(String what, Runnable action) {
        try {
            action.run();
            System.out.println(what + ": done");
        } catch (RuntimeException e) {
            System.out.println(what + ": " + e);
        }
    }

    public static void main(String[] args) throws Exception {
        Thread main = Thread.currentThread();
        System.out.println(main + " " + main.getName() + " " + main.getPriority() + " " + main.isDaemon() + " " + main.isAlive() + " " + main.getState()
                + " " + main.getThreadGroup().getName() + " " + main.getThreadGroup().getParent().getName() + " " + main.getId());
        Thread first = new Thread(() -> log.add("first ran in " + Thread.currentThread().getName()), "first");
        System.out.println(first.getState() + " " + first.isAlive());
        first.start();
        first.join();
        System.out.println(first.getState() + " " + first.isAlive() + " " + log + " " + first.getThreadGroup());
        attempt("start twice", first::start);

        Thread waiter = new Thread(() -> {
            synchronized (gate) {
                while (!open) {
                    try {
                        gate.wait();
                    } catch (InterruptedException e) {
                        log.add("wait interrupted " + Thread.currentThread().isInterrupted());
                    }
                }
            }
        }, "waiter");
        waiter.start();
        waitFor(waiter, Thread.State.WAITING);
        waiter.interrupt();
        Thread blocked;
        synchronized (gate) {
            blocked = new Thread(() -> {
                synchronized (gate) {
                    open = true;
                    gate.notifyAll();
                }
            }, "blocked");
            blocked.start();
            waitFor(blocked, Thread.State.BLOCKED);
        }
        waiter.join();
        blocked.join();
        System.out.println(log.get(log.size() - 1));

        Thread sleeper = new Thread(() -> {
            try {
                Thread.sleep(100000);
                log.add("slept");
            } catch (InterruptedException e) {
                log.add(e.getMessage() + " " + Thread.interrupted());
            }
        }, "sleeper");
        sleeper.start();
        waitFor(sleeper, Thread.State.TIMED_WAITING);
        sleeper.interrupt();
        sleeper.join();
        Thread.currentThread().interrupt();
        System.out.println(main.isInterrupted() + " " + Thread.interrupted() + " " + Thread.interrupted());
        main.interrupt();
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            System.out.println("main: " + e.getMessage());
        }
        main.interrupt();
        try {
            new Thread(() -> { }).join();
            sleeper.join();
            System.out.println("a join of an ended thread does not look at interrupts: " + Thread.interrupted());
        } catch (InterruptedException e) {
            System.out.println("join interrupted");
        }
        System.out.println(log);

        Thread slow = new Thread(() -> {
            try {
                Thread.sleep(60000);
            } catch (InterruptedException e) {
                return;
            }
        }, "slow");
        slow.setDaemon(true);
        slow.start();
        slow.join(20);
        System.out.println(slow.isAlive() + " " + slow.isDaemon());
        attempt("daemon later", () -> slow.setDaemon(false));
        slow.interrupt();
        slow.join(0, 500000);
        slow.join();

        ThreadGroup group = new ThreadGroup("group");
        int[] counter = {0};
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            int n = i;
            threads[i] = new Thread(group, () -> {
                for (int k = 0; k < 1000; k++) {
                    synchronized (counter) {
                        counter[0] += n;
                    }
                    if (k % 100 == 0) {
                        Thread.yield();
                    }
                }
            });
            threads[i].setPriority(i + 1);
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(counter[0] + " " + group.activeCount() + " " + group.getMaxPriority() + " " + threads[3].getPriority());
        attempt("priority", () -> main.setPriority(11));
        attempt("name", () -> main.setName(null));
        System.out.println(Thread.holdsLock(gate));
        synchronized (gate) {
            System.out.println(Thread.holdsLock(gate));
        }
        Thread unnamed = new Thread();
        System.out.println(unnamed.getName().startsWith("Thread-") + " " + new Thread("named") { }.getName());
        main.setName("renamed");
        System.out.println(main + " " + Thread.currentThread().getName());
        long start = System.nanoTime();
        Thread.sleep(30);
        System.out.println(System.nanoTime() - start >= 29_000_000L);
    }
}
