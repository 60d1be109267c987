/** More monitors at once than their table begins with: each of many threads waits for an object of its own. */
public class ManyMonitors {
    private static final int COUNT = 300;
    private static final Object[] objects = new Object[COUNT];
    private static final int[] rounds = new int[COUNT];
    private static int waiting;

    private static synchronized void count(int change) {
        waiting += change;
        ManyMonitors.class.notifyAll();
    }

    private static void work(int me) {
        try {
            synchronized (objects[me]) {
                for (int round = 0; round < 2; round++) {
                    count(1);
                    while (rounds[me] == round) {
                        objects[me].wait();
                    }
                }
            }
        } catch (InterruptedException e) {
            System.out.println(me + " " + e);
        }
    }

    private static synchronized void untilAllWait() throws InterruptedException {
        while (waiting < COUNT) {
            ManyMonitors.class.wait();
        }
        waiting = 0;
    }

    public static void main(String[] args) throws Exception {
        Thread[] threads = new Thread[COUNT];
        for (int i = 0; i < COUNT; i++) {
            int me = i;
            objects[i] = "object " + i;
            threads[i] = new Thread(() -> work(me));
            threads[i].start();
        }
        for (int round = 1; round <= 2; round++) {
            untilAllWait();
            System.gc();
            int hashes = 0;
            for (int i = COUNT; i-- > 0;) {
                synchronized (objects[i]) {
                    hashes += System.identityHashCode(objects[i]) == System.identityHashCode(objects[i]) ? 1 : 0;
                    rounds[i] = round;
                    objects[i].notify();
                }
            }
            System.out.println("round " + round + ": " + hashes);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        int idle = 0;
        for (Object object : objects) {
            try {
                object.notify();
            } catch (IllegalMonitorStateException e) {
                idle++;
            }
        }
        System.out.println(idle);
    }
}
