import java.util.concurrent.Exchanger;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** java.util.concurrent.locks and the other synchronizers. */
public class Locks {
    static final ReentrantLock lock = new ReentrantLock(true);
    static final Condition notEmpty = lock.newCondition(), notFull = lock.newCondition();
    static final int[] ring = new int[3];
    static int head, size;

    static void put(int n) throws InterruptedException {
        lock.lock();
        try {
            while (size == ring.length) {
                notFull.await();
            }
            ring[(head + size++) % ring.length] = n;
            notEmpty.signal();
        } finally {
            lock.unlock();
        }
    }

    static int take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (size == 0) {
                notEmpty.await(1, TimeUnit.SECONDS);
            }
            int n = ring[head];
            head = (head + 1) % ring.length;
            size--;
            notFull.signal();
            return n;
        } finally {
            lock.unlock();
        }
    }

    interface Body {
        void run() throws Exception;
    }

    static Thread start(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                System.out.println("thread: " + e);
            }
        });
        thread.start();
        return thread;
    }

    public static void main(String[] args) throws Exception {
        long[] sums = new long[2];
        Thread[] threads = new Thread[4];
        for (int i = 0; i < 2; i++) {
            int me = i;
            threads[i] = start(() -> {
                for (int n = 0; n < 300; n++) {
                    put(n);
                }
            });
            threads[i + 2] = start(() -> {
                for (int n = 0; n < 300; n++) {
                    sums[me] += take();
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(sums[0] + sums[1]);
        lock.lock();
        lock.lock();
        System.out.println(lock.getHoldCount() + " " + lock.isHeldByCurrentThread() + " " + lock.isFair());
        Thread contender = start(() -> System.out.println("contender " + lock.tryLock() + " " + lock.tryLock(5, TimeUnit.MILLISECONDS)));
        contender.join();
        lock.unlock();
        lock.unlock();
        try {
            lock.unlock();
        } catch (IllegalMonitorStateException e) {
            System.out.println("not held");
        }
        ReentrantReadWriteLock readWrite = new ReentrantReadWriteLock();
        readWrite.readLock().lock();
        readWrite.readLock().lock();
        start(() -> System.out.println("other reader " + readWrite.readLock().tryLock() + ", writer " + readWrite.writeLock().tryLock())).join();
        System.out.println(readWrite.getReadLockCount() + " " + readWrite.getReadHoldCount());
        StampedLock stamped = new StampedLock();
        long optimistic = stamped.tryOptimisticRead();
        System.out.println(stamped.validate(optimistic));
        long write = stamped.writeLock();
        System.out.println(stamped.validate(optimistic) + " " + (stamped.tryReadLock() == 0) + " " + stamped.isWriteLocked());
        stamped.unlockWrite(write);
        Semaphore semaphore = new Semaphore(2);
        semaphore.acquire();
        System.out.println(semaphore.tryAcquire() + " " + semaphore.tryAcquire() + " " + semaphore.availablePermits());
        Thread waiting = start(() -> {
            semaphore.acquire(2);
            System.out.println("acquired two");
        });
        semaphore.release(2);
        waiting.join();
        Phaser phaser = new Phaser(3);
        StringBuffer phases = new StringBuffer();
        Thread[] parties = new Thread[3];
        for (int i = 0; i < 3; i++) {
            parties[i] = start(() -> {
                for (int p = 0; p < 3; p++) {
                    phases.append(p);
                    phaser.arriveAndAwaitAdvance();
                }
            });
        }
        for (Thread party : parties) {
            party.join();
        }
        System.out.println(phases + " " + phaser.getPhase());
        Exchanger<String> exchanger = new Exchanger<>();
        String[] got = new String[2];
        Thread left = start(() -> got[0] = exchanger.exchange("from left")), right = start(() -> got[1] = exchanger.exchange("from right"));
        left.join();
        right.join();
        System.out.println(got[0] + ", " + got[1]);
        SynchronousQueue<Integer> handOff = new SynchronousQueue<>();
        Thread giver = start(() -> {
            for (int i = 0; i < 50; i++) {
                handOff.put(i);
            }
        });
        int sum = 0;
        for (int i = 0; i < 50; i++) {
            sum += handOff.take();
        }
        giver.join();
        System.out.println(sum + " " + handOff.offer(1));
        Thread interrupted = start(() -> {
            lock.lock();
            try {
                notEmpty.await();
            } finally {
                lock.unlock();
            }
        });
        while (interrupted.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        interrupted.interrupt();
        interrupted.join();
    }
}
