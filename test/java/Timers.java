import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;

/** java.util.Timer, Thread.getAllStackTraces, and observers of what other threads do. */
public class Timers {
    static int ticks;

    public static void main(String[] args) throws Exception {
        Timer timer = new Timer("timer", true);
        CountDownLatch latch = new CountDownLatch(3);
        timer.schedule(new TimerTask() {
            @Override
            public void run() {
                ticks++;
                latch.countDown();
                if (ticks == 3) {
                    System.out.println("cancelled " + cancel());
                }
            }
        }, 1, 2);
        latch.await();
        TimerTask once = new TimerTask() {
            @Override
            public void run() {
                System.out.println("once");
                synchronized (Timers.class) {
                    Timers.class.notify();
                }
            }
        };
        synchronized (Timers.class) {
            timer.schedule(once, 3);
            Timers.class.wait();
        }
        timer.cancel();
        try {
            timer.schedule(once, 1);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        Thread parked = new Thread("parked") {
            @Override
            public void run() {
                synchronized (timer) {
                    try {
                        timer.wait();
                    } catch (InterruptedException e) {
                        System.out.println("interrupted");
                    }
                }
            }
        };
        parked.start();
        while (parked.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        StackTraceElement[] trace = parked.getStackTrace();
        for (StackTraceElement element : trace) {
            System.out.println(element);
        }
        Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
        System.out.println(all.containsKey(parked) + " " + all.containsKey(Thread.currentThread()) + " " + all.get(parked).length + " " + (Thread.activeCount() >= 2));
        parked.interrupt();
        parked.join();
        System.out.println(parked.getStackTrace().length);
    }
}
