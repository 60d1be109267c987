import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Classes initialised by several threads at once: exactly once, the others wait, cycles among classes do not lock up. */
public class InitThreads {
    static final AtomicInteger runs = new AtomicInteger();

    static class Slow {
        static final int VALUE;

        static {
            runs.incrementAndGet();
            int sum = 0;
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                sum = -1;
            }
            for (int i = 0; i < 100000; i++) {
                sum += i % 7;
            }
            VALUE = sum;
        }
    }

    static class Failing {
        static int value;

        static {
            runs.incrementAndGet();
            try {
                Thread.sleep(30);
            } catch (InterruptedException e) {
                value = 1;
            }
            if (value == 0) {
                throw new IllegalStateException("fails for all");
            }
        }
    }

    static class Base {
        static int value = new java.util.Random(5).nextInt(1000);
    }

    static class Left extends Base {
        static int left = Base.value + 1;
    }

    static class Right extends Base {
        static int right = Base.value + 2;
    }

    static class Spawns {
        static int seen = -1;
        static final int own = Integer.parseInt("21");

        static {
            Thread helper = new Thread(() -> seen = 42);
            helper.start();
            try {
                helper.join(20);
            } catch (InterruptedException e) {
                seen = -2;
            }
            seenInside = seen;
        }

        static int seenInside;
    }

    static int[] runAll(int count, java.util.function.IntSupplier body) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        int[] results = new int[count];
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int n = i;
            threads[i] = new Thread(() -> {
                try {
                    start.await();
                    results[n] = body.getAsInt();
                } catch (Throwable t) {
                    results[n] = t instanceof ExceptionInInitializerError ? 1 : t instanceof NoClassDefFoundError ? 2 : 3;
                }
            });
            threads[i].start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return results;
    }

    public static void main(String[] args) throws Exception {
        int[] slow = runAll(6, () -> Slow.VALUE);
        boolean same = true;
        for (int value : slow) {
            same &= value == slow[0];
        }
        System.out.println(slow[0] + " " + same + " " + runs.getAndSet(0));
        int[] failing = runAll(5, () -> Failing.value);
        int errors = 0, later = 0;
        for (int value : failing) {
            errors += value == 1 ? 1 : 0;
            later += value == 2 ? 1 : 0;
        }
        System.out.println(errors + " " + later + " " + runs.get());
        AtomicInteger turn = new AtomicInteger();
        int[] both = runAll(4, () -> turn.getAndIncrement() % 2 == 0 ? Left.left - Base.value : Right.right - Base.value);
        java.util.Arrays.sort(both);
        System.out.println(java.util.Arrays.toString(both));
        // The helper's lambda needs Spawns initialised, which waits for the helper only so long.
        System.out.println(Spawns.own + " " + Spawns.seenInside);
        for (int i = 0; i < 1000 && Spawns.seen != 42; i++) {
            Thread.sleep(1);
        }
        System.out.println(Spawns.seen);
    }
}
