import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicStampedReference;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Concurrent collections and atomics, with several threads at them. */
public class ConcurrentCollections {
    volatile int updated;

    static void parallel(int count, java.util.function.IntConsumer body) throws InterruptedException {
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int n = i;
            threads[i] = new Thread(() -> body.accept(n));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    record Later(String name, long at) implements Delayed {
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        public int compareTo(Delayed other) {
            return Long.compare(at, ((Later) other).at);
        }
    }

    public static void main(String[] args) throws Exception {
        ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
        parallel(4, n -> {
            for (int i = 0; i < 2000; i++) {
                map.merge(i % 500, 1, Integer::sum);
                map.computeIfAbsent(1000 + i, k -> k * 2);
                map.compute(-1, (k, v) -> v == null ? 1 : v + 1);
            }
        });
        System.out.println(map.size() + " " + map.get(7) + " " + map.get(-1) + " " + map.reduceValuesToLong(100, Integer::longValue, 0, Long::sum) + " "
                + map.search(1, (k, v) -> v == 5998 ? k : null) + " " + map.putIfAbsent(7, 1) + " " + map.remove(7, 1) + " " + map.replace(7, 16, 17));
        Iterator<Integer> weak = map.keySet().iterator();
        weak.next();
        map.clear();
        System.out.println(map.isEmpty() + " " + map.mappingCount() + " " + ConcurrentHashMap.newKeySet().add(1));
        try {
            map.computeIfAbsent(1, k -> map.computeIfAbsent(1, j -> 2));
            System.out.println("no error");
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        ConcurrentSkipListMap<String, Integer> skip = new ConcurrentSkipListMap<>();
        parallel(3, n -> {
            for (int i = 0; i < 300; i++) {
                skip.put("k" + (i * 7 + n) % 400, i);
            }
        });
        System.out.println(skip.size() + " " + skip.firstKey() + " " + skip.ceilingKey("k2") + " " + skip.headMap("k11").size() + " " + skip.pollLastEntry().getKey());
        CopyOnWriteArrayList<Integer> copy = new CopyOnWriteArrayList<>(List.of(1, 2, 3));
        for (Integer i : copy) {
            copy.add(i * 10);
        }
        System.out.println(copy + " " + copy.addIfAbsent(10));
        ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedDeque<Integer> deque = new ConcurrentLinkedDeque<>();
        LongAdder taken = new LongAdder();
        parallel(4, n -> {
            for (int i = 0; i < 500; i++) {
                if (n % 2 == 0) {
                    queue.add(i);
                    deque.addFirst(i);
                } else {
                    Integer got = queue.poll();
                    taken.add(got == null ? 0 : got);
                    deque.pollLast();
                }
            }
        });
        for (Integer got; (got = queue.poll()) != null; ) {
            taken.add(got);
        }
        System.out.println(taken.sum());
        ArrayBlockingQueue<String> bounded = new ArrayBlockingQueue<>(2);
        System.out.println(bounded.offer("a") + " " + bounded.offer("b") + " " + bounded.offer("c") + " " + bounded.offer("c", 1, TimeUnit.MILLISECONDS) + " "
                + bounded.poll() + " " + bounded.peek() + " " + bounded.remainingCapacity());
        LinkedBlockingQueue<Integer> linked = new LinkedBlockingQueue<>(5);
        AtomicLong sum = new AtomicLong();
        parallel(4, n -> {
            try {
                for (int i = 0; i < 300; i++) {
                    if (n < 2) {
                        linked.put(i);
                    } else {
                        sum.addAndGet(linked.take());
                    }
                }
            } catch (InterruptedException e) {
                sum.set(-1);
            }
        });
        System.out.println(sum);
        PriorityBlockingQueue<String> priority = new PriorityBlockingQueue<>(List.of("pear", "fig", "apple"));
        LinkedBlockingDeque<Integer> blockingDeque = new LinkedBlockingDeque<>();
        blockingDeque.putFirst(1);
        blockingDeque.putLast(2);
        LinkedTransferQueue<Integer> transfer = new LinkedTransferQueue<>();
        System.out.println(priority.take() + priority.take() + " " + blockingDeque.takeLast() + " " + transfer.tryTransfer(1) + " " + priority.poll(1, TimeUnit.MILLISECONDS) + " " + priority.poll(1, TimeUnit.MILLISECONDS));
        DelayQueue<Later> delayed = new DelayQueue<>();
        long now = System.nanoTime();
        delayed.add(new Later("second", now + 20_000_000L));
        delayed.add(new Later("first", now + 5_000_000L));
        System.out.println(delayed.take().name() + " " + delayed.take().name() + " " + delayed.poll());

        AtomicInteger integer = new AtomicInteger();
        AtomicIntegerArray array = new AtomicIntegerArray(4);
        AtomicReference<String> reference = new AtomicReference<>("a");
        AtomicStampedReference<String> stamped = new AtomicStampedReference<>("s", 0);
        AtomicMarkableReference<String> marked = new AtomicMarkableReference<>("m", false);
        DoubleAccumulator largest = new DoubleAccumulator(Math::max, Double.NEGATIVE_INFINITY);
        AtomicIntegerFieldUpdater<ConcurrentCollections> updater = AtomicIntegerFieldUpdater.newUpdater(ConcurrentCollections.class, "updated");
        ConcurrentCollections object = new ConcurrentCollections();
        parallel(4, n -> {
            for (int i = 0; i < 1000; i++) {
                integer.incrementAndGet();
                array.getAndAdd(i % 4, n);
                largest.accumulate(n * 1000 + i);
                updater.incrementAndGet(object);
            }
        });
        System.out.println(integer + " " + array + " " + largest + " " + object.updated + " " + integer.updateAndGet(x -> x / 2) + " " + integer.getAndAccumulate(3, (a, b) -> a * b)
                + " " + integer.compareAndSet(6000, 1) + " " + reference.getAndUpdate(s -> s + "b") + reference + " " + stamped.compareAndSet("s", "t", 0, 1) + " " + stamped.compareAndSet("t", "u", 0, 1)
                + " " + stamped.getStamp() + " " + marked.attemptMark("m", true) + " " + marked.isMarked() + " " + new AtomicBoolean().getAndSet(true));
        Map<String, Integer> words = new TreeMap<>(Map.of("x", 1, "y", 2));
        System.out.println(words.entrySet());
    }
}
