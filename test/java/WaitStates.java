/** The state of a thread that was notified, or whose time is over, and that cannot have the monitor yet. */
public class WaitStates {
    static void check(String name, long timeout, boolean notifies, boolean interrupts) throws Exception {
        Object lock = new Object();
        Thread.State waits = timeout == 0 ? Thread.State.WAITING : Thread.State.TIMED_WAITING;
        Thread thread = new Thread(() -> {
            synchronized (lock) {
                try {
                    lock.wait(timeout);
                } catch (InterruptedException e) {
                    System.out.println(e);
                }
                System.out.println(Thread.currentThread().getState());
            }
        });
        thread.start();
        while (thread.getState() != waits && thread.isAlive()) Thread.sleep(1);
        synchronized (lock) {
            if (notifies) {
                lock.notify();
                System.out.println(name + " " + thread.getState());
            }
            if (interrupts) thread.interrupt();
            Thread.sleep(timeout > 1000 ? 300 : timeout + 300);
            System.out.println(name + " " + thread.getState());
        }
        thread.join();
    }

    public static void main(String[] args) throws Exception {
        check("notify", 0, true, false);
        check("notify before the time is over", 100000, true, false);
        check("time", 1000, false, false);
        check("interrupt", 0, false, true);
    }
}
