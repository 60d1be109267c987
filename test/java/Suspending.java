import java.util.concurrent.locks.LockSupport;

/** Threads that are suspended while they wait: what they waited for comes, and they stand all the same, in nobody's way. */
@SuppressWarnings({"deprecation", "removal"})
public class Suspending {
    static final Object lock = new Object();
    static volatile boolean passed, entered;

    static Thread start(Runnable body, Thread.State state) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != state && thread.isAlive()) {
            Thread.yield();
        }
        return thread;
    }

    /** Whether the lock can be had by another thread; where it cannot, the program says so and goes on. */
    static boolean isFree() throws InterruptedException {
        entered = false;
        Thread other = new Thread(() -> {
            synchronized (lock) {
                entered = true;
            }
        });
        other.setDaemon(true);
        other.start();
        other.join(2000);
        return entered;
    }

    static void resume(String what, Thread thread) throws InterruptedException {
        System.out.println(what + (passed ? ": moves" : ": stands") + (isFree() ? "" : ", with the lock"));
        thread.resume();
        thread.join();
        System.out.println(passed);
        passed = false;
    }

    static void sleep() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            System.out.println(e);
        }
        passed = true;
    }

    static void await() {
        synchronized (lock) {
            try {
                lock.wait();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
            passed = true;
        }
    }

    static void enter() {
        synchronized (lock) {
            passed = true;
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Thread thread = start(Suspending::sleep, Thread.State.TIMED_WAITING);
        thread.suspend();
        Thread.sleep(1200);
        resume("sleep", thread);

        thread = start(() -> {
            LockSupport.park();
            passed = true;
        }, Thread.State.WAITING);
        thread.suspend();
        LockSupport.unpark(thread);
        Thread.sleep(50);
        resume("park", thread);

        thread = start(Suspending::await, Thread.State.WAITING);
        thread.suspend();
        synchronized (lock) {
            lock.notify();
        }
        Thread.sleep(50);
        resume("wait", thread);

        Thread second;
        entered = false;
        synchronized (lock) {
            thread = start(Suspending::enter, Thread.State.BLOCKED);
            second = start(() -> {
                synchronized (lock) {
                    entered = true;
                }
            }, Thread.State.BLOCKED);
            thread.suspend();
        }
        second.join(2000);
        System.out.println("the one behind it: " + entered);
        resume("enter", thread);
    }
}
