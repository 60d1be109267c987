import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/** What java.lang.management tells of threads: states, stacks, what they wait for, who holds it, deadlocks. */
public class ThreadReports {
    static final Object FIRST = new Object(), SECOND = new Object(), THIRD = new Object();
    static final ReentrantLock LOCK = new ReentrantLock();
    static final CountDownLatch HELD = new CountDownLatch(2);

    static class Waiting extends Thread {
        Waiting(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                stay();
            } catch (InterruptedException e) {
                System.out.println(e);
            }
        }

        void stay() throws InterruptedException {
            switch (getName()) {
            case "first":
                both(FIRST, SECOND);
                break;
            case "second":
                both(SECOND, FIRST);
                break;
            case "waits":
                synchronized (THIRD) {
                    THIRD.wait();
                }
                break;
            case "locks":
                LOCK.lock();
                break;
            default:
                sleep(1000000);
            }
        }

        static void both(Object one, Object other) throws InterruptedException {
            synchronized (one) {
                HELD.countDown();
                HELD.await();
                synchronized (other) { System.out.println("both"); } /* one line: HotSpot takes the next instruction's */
            }
        }
    }

    static void show(ThreadInfo info) {
        if (info == null) {
            System.out.println("none");
            return;
        }
        System.out.println(info.getThreadName() + " " + info.getThreadState() + " " + (info.getLockInfo() == null ? "-" : info.getLockInfo().getClassName())
                + " " + info.getLockOwnerName() + " " + info.isSuspended() + " " + info.isInNative() + " " + info.getPriority() + " " + info.isDaemon());
        for (StackTraceElement each : info.getStackTrace()) {
            System.out.println("    " + each);
        }
    }

    public static void main(String[] args) throws Exception {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        LOCK.lock();
        String[] names = {"first", "second", "waits", "locks", "sleeps"};
        Thread[] threads = new Thread[names.length];
        for (int i = 0; i < names.length; i++) {
            threads[i] = new Waiting(names[i]);
            threads[i].start();
        }
        for (Thread thread : threads) {
            boolean isLast = thread.getName().equals("first") || thread.getName().equals("second");
            while (isLast ? thread.getState() != Thread.State.BLOCKED : thread.getState() == Thread.State.RUNNABLE) {
                Thread.sleep(1);
            }
        }
        Thread.sleep(100);
        for (Thread thread : threads) {
            show(bean.getThreadInfo(thread.getId()));
            show(bean.getThreadInfo(thread.getId(), 2));
            show(bean.getThreadInfo(thread.getId(), Integer.MAX_VALUE));
        }
        show(bean.getThreadInfo(99999));
        for (int depth : new int[] {0, 1, Integer.MAX_VALUE}) {
            show(bean.getThreadInfo(Thread.currentThread().getId(), depth));
        }
        for (ThreadInfo info : bean.dumpAllThreads(false, false)) {
            if (info.getThreadName().equals("main")) {
                show(info);
            }
        }
        TreeSet<String> all = new TreeSet<>();
        for (ThreadInfo info : bean.dumpAllThreads(false, false)) {
            all.add(info.getThreadName());
        }
        System.out.println(all.containsAll(java.util.List.of(names)) + " " + all.contains("main"));
        TreeSet<String> dead = new TreeSet<>();
        for (long id : bean.findMonitorDeadlockedThreads()) {
            dead.add(bean.getThreadInfo(id).getThreadName());
        }
        System.out.println(dead);
        for (StackTraceElement each : Thread.getAllStackTraces().get(threads[4])) {
            System.out.println(each);
        }
    }
}
