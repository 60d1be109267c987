import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** park and unpark: permits, blockers, time limits, interrupts; a mutex made of them. */
public class Parking {
    static final AtomicInteger owner = new AtomicInteger();
    static final AtomicReference<Thread> waiting = new AtomicReference<>();
    static volatile boolean go;

    public static void main(String[] args) throws Exception {
        Thread main = Thread.currentThread();
        LockSupport.unpark(main);
        LockSupport.unpark(main);
        LockSupport.park();
        System.out.println("one permit used");
        long start = System.nanoTime();
        LockSupport.parkNanos(20_000_000L);
        System.out.println(System.nanoTime() - start >= 15_000_000L);
        LockSupport.parkUntil(System.currentTimeMillis() + 10);
        LockSupport.parkNanos(-5);
        System.out.println("time limits passed");
        main.interrupt();
        LockSupport.park();
        System.out.println("interrupted: " + Thread.interrupted());

        Object blocker = "blocker";
        Thread parked = new Thread(() -> {
            while (!go) {
                LockSupport.park(blocker);
            }
        });
        parked.start();
        while (parked.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        System.out.println(LockSupport.getBlocker(parked) + " " + parked.getState());
        LockSupport.unpark(parked);
        go = true;
        LockSupport.unpark(parked);
        parked.join();
        System.out.println(LockSupport.getBlocker(parked) + " " + parked.getState());

        int rounds = 2000;
        StringBuilder order = new StringBuilder();
        Thread[] pair = new Thread[2];
        int[] turn = {0};
        for (int i = 0; i < 2; i++) {
            int me = i;
            pair[i] = new Thread(() -> {
                for (int r = 0; r < rounds; ) {
                    boolean mine;
                    synchronized (turn) {
                        mine = turn[0] == me;
                    }
                    if (mine) {
                        if (r % 500 == 0) {
                            order.append(me);
                        }
                        r++;
                        synchronized (turn) {
                            turn[0] = 1 - me;
                        }
                        LockSupport.unpark(pair[1 - me]);
                    } else {
                        LockSupport.park(turn);
                    }
                }
            });
        }
        pair[0].start();
        pair[1].start();
        for (Thread thread : pair) {
            while (thread.isAlive()) {
                LockSupport.unpark(thread);
                thread.join(10);
            }
        }
        System.out.println(order);
        LockSupport.unpark(null);
        LockSupport.unpark(new Thread());
    }
}
