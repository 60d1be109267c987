/** Threads that wait to enter synchronized methods (of an object, of a class, with a loop at the beginning, without code) while main computes. */
public class Entering {
    private int entered, loops;

    synchronized String ofObject(String word, long number) {
        entered++;
        return word + number;
    }

    static synchronized String ofClass(String word, double number) {
        return word + number;
    }

    synchronized void loop() {
        do {
            loops++;
        } while (loops % 10 != 0);
    }

    synchronized void nothing() { }

    static synchronized long[] allocates(int length) {
        return new long[length];
    }

    static Thread start(Runnable body) throws InterruptedException {
        Thread thread = new Thread(body);
        thread.start();
        while (thread.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        return thread;
    }

    public static void main(String[] args) throws Exception {
        Entering object = new Entering();
        Thread[] threads = new Thread[8];
        String[] results = new String[8];
        long sum = 0;
        synchronized (object) {
            synchronized (Entering.class) {
                threads[0] = start(() -> results[0] = object.ofObject("zero", 1L << 40));
                threads[1] = start(() -> results[1] = ofClass("one", 0.5));
                threads[2] = start(object::loop);
                threads[3] = start(object::nothing);
                threads[4] = start(() -> results[4] = "" + allocates(4).length);
                threads[5] = start(() -> results[5] = object.ofObject("five", -1));
                threads[6] = start(() -> results[6] = ofClass("six", -1));
                threads[7] = start(object::loop);
                for (int round = 0; round < 12; round++) {
                    for (int i = 0; i < 400000; i++) {
                        sum = sum * 31 + (i ^ round);
                    }
                    System.out.println("round " + round + " " + sum);
                }
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(java.util.Arrays.toString(results) + " " + object.entered + " " + object.loops);
        for (Object monitor : new Object[] {object, Entering.class}) { /* which nobody holds any more */
            Thread last = new Thread(() -> {
                synchronized (monitor) {
                    System.out.println("free");
                }
            });
            last.start();
            last.join();
        }
    }
}
