import java.util.ArrayList;
import java.util.List;

/** Monitors: nesting, many at once, recursion, exceptions, contention, wait with time limits, notify order by turns. */
public class Monitors {
    private int value;
    static int total;

    synchronized int nested(int depth) {
        if (depth == 0) {
            if (!Thread.holdsLock(this)) {
                throw new AssertionError();
            }
            return value++;
        }
        synchronized (this) {
            return nested(depth - 1);
        }
    }

    static synchronized void add(int n) {
        total += n;
        if (n > 0) {
            add(n - 1);
        }
    }

    synchronized void fails() {
        throw new IllegalStateException("inside");
    }

    static void turns(int count, int rounds) throws InterruptedException {
        Object lock = new Object();
        int[] turn = {0};
        StringBuilder order = new StringBuilder();
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int me = i;
            threads[i] = new Thread(() -> {
                for (int r = 0; r < rounds; r++) {
                    synchronized (lock) {
                        while (turn[0] % count != me) {
                            try {
                                lock.wait();
                            } catch (InterruptedException e) {
                                return;
                            }
                        }
                        order.append(me);
                        turn[0]++;
                        lock.notifyAll();
                    }
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(order);
    }

    static class Buffer {
        private final int[] cells = new int[4];
        private int head, size;

        synchronized void put(int n) throws InterruptedException {
            while (size == cells.length) {
                wait();
            }
            cells[(head + size++) % cells.length] = n;
            notifyAll();
        }

        synchronized int take() throws InterruptedException {
            while (size == 0) {
                wait(1000);
            }
            int n = cells[head];
            head = (head + 1) % cells.length;
            size--;
            notifyAll();
            return n;
        }
    }

    public static void main(String[] args) throws Exception {
        Monitors object = new Monitors();
        System.out.println(object.nested(200) + " " + object.nested(0) + " " + Thread.holdsLock(object));
        add(500);
        System.out.println(total + " " + Thread.holdsLock(Monitors.class));
        for (int i = 0; i < 3; i++) {
            try {
                synchronized (object) {
                    object.fails();
                }
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage() + " " + Thread.holdsLock(object));
            }
        }
        Object[] many = new Object[40];
        for (int i = 0; i < many.length; i++) {
            many[i] = new Object();
        }
        System.out.println(lockAll(many, 0));
        boolean free = true;
        for (Object one : many) {
            free &= !Thread.holdsLock(one);
        }
        System.out.println(free);
        turns(3, 6);
        turns(5, 4);

        Buffer buffer = new Buffer();
        long[] sums = new long[3];
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < 3; p++) {
            int me = p;
            threads.add(new Thread(() -> {
                try {
                    for (int i = 0; i < 500; i++) {
                        buffer.put(i * 3 + me);
                    }
                } catch (InterruptedException e) {
                    sums[me] = -1;
                }
            }));
            threads.add(new Thread(() -> {
                try {
                    for (int i = 0; i < 500; i++) {
                        sums[me] += buffer.take();
                    }
                } catch (InterruptedException e) {
                    sums[me] = -1;
                }
            }));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(sums[0] + sums[1] + sums[2]);

        Object lock = new Object();
        synchronized (lock) {
            synchronized (lock) {
                long start = System.nanoTime();
                lock.wait(20);
                lock.wait(0, 999999);
                System.out.println((System.nanoTime() - start >= 19_000_000L) + " " + Thread.holdsLock(lock));
            }
        }
        int hash = lock.hashCode();
        synchronized (lock) {
            System.out.println(hash == lock.hashCode());
            Thread contender = new Thread(() -> {
                synchronized (lock) {
                    total = 5;
                }
            });
            contender.start();
            while (contender.getState() != Thread.State.BLOCKED) {
                Thread.sleep(1);
            }
            System.out.println(hash == lock.hashCode());
            lock.wait(10);
        }
        System.out.println(hash == lock.hashCode());
        Integer[] counters = {0, 0};
        Thread[] racers = new Thread[4];
        Object shared = new int[1];
        for (int i = 0; i < racers.length; i++) {
            racers[i] = new Thread(() -> {
                for (int n = 0; n < 5000; n++) {
                    synchronized (shared) {
                        counters[0]++;
                        synchronized (racers) {
                            counters[1]--;
                        }
                    }
                }
            });
            racers[i].start();
        }
        for (Thread racer : racers) {
            racer.join();
        }
        System.out.println(counters[0] + " " + counters[1]);
        Runnable[] illegal = {lock::notify, lock::notifyAll, () -> {
            try {
                lock.wait(5);
            } catch (InterruptedException e) {
                System.out.println("interrupted");
            }
        }};
        for (Runnable action : illegal) {
            try {
                action.run();
            } catch (IllegalMonitorStateException e) {
                System.out.println(e.getMessage());
            }
        }
        Thread.currentThread().interrupt();
        try {
            synchronized (lock) {
                lock.wait();
            }
        } catch (InterruptedException e) {
            System.out.println("wait: " + e.getMessage() + " " + Thread.currentThread().isInterrupted());
        }
    }

    static int lockAll(Object[] objects, int at) {
        if (at == objects.length) {
            System.gc();
            return at;
        }
        synchronized (objects[at]) {
            return lockAll(objects, at + 1) + (Thread.holdsLock(objects[at]) ? 1 : 1000);
        }
    }
}
