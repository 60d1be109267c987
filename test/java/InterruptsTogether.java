/** A thread is interrupted while it takes an interrupt back: each counts once, and none is lost. */
public class InterruptsTogether {
    static final int ROUNDS = 3000;
    static volatile int asked, done;
    static long random = 1;

    static void spin() {
        random = random * 6364136223846793005L + 1442695040888963407L;
        for (long left = random >>> 57; left > 0; left--) {
            Thread.onSpinWait();
        }
    }

    static void interrupts(Thread target) {
        for (int round = 1; round <= ROUNDS; round++) {
            while (asked != round) {
                Thread.yield();
            }
            target.interrupt();
            if (round % 2 == 0) {
                spin();
                target.interrupt();
            }
            done = round;
        }
    }

    static boolean isInterruptedInSleep() {
        try {
            Thread.sleep(0);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    public static void main(String[] args) throws Exception {
        Thread target = Thread.currentThread(), other = new Thread(() -> interrupts(target));
        int different = 0;
        other.start();
        for (int round = 1; round <= ROUNDS; round++) {
            asked = round;
            while (!Thread.interrupted()) {
                Thread.onSpinWait();
            }
            while (done != round) {
                Thread.yield();
            }
            boolean again = target.isInterrupted(); // the second time, if at all
            if (round % 2 != 0 && again || isInterruptedInSleep() != again) {
                different++;
            }
            Thread.interrupted();
        }
        other.join();
        System.out.println("different: " + different);
    }
}
