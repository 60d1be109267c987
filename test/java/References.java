import java.lang.ref.Cleaner;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** Weak, soft and phantom references, queues, cleaners, weak maps, with System.gc. */
public class References {
    static int cleaned;

    static class Big {
        final int id;
        final byte[] load = new byte[1000];

        Big(int id) {
            this.id = id;
        }
    }

    static class Tracked extends PhantomReference<Big> {
        final int id;

        Tracked(Big big, ReferenceQueue<Big> queue) {
            super(big, queue);
            id = big.id;
        }
    }

    /** In its own frame, so that no stale register holds an object. */
    static List<Reference<Big>> make(ReferenceQueue<Big> queue, Big[] keep) {
        List<Reference<Big>> made = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Big big = new Big(i);
            made.add(i % 2 == 0 ? new WeakReference<>(big, queue) : new Tracked(big, queue));
            if (i % 5 == 0) {
                keep[i / 5] = big;
            }
        }
        return made;
    }

    static int drain(ReferenceQueue<Big> queue, int expected) throws InterruptedException {
        int count = 0;
        for (int tries = 0; tries < 200 && count < expected; tries++) {
            System.gc();
            while (queue.remove(10) != null) {
                count++;
            }
        }
        return count;
    }

    static void fill(WeakHashMap<Object, String> map, List<Object> keys) {
        for (int i = 0; i < 50; i++) {
            Object key = new Big(i);
            map.put(key, "value " + i);
            if (i % 10 == 0) {
                keys.add(key);
            }
        }
    }

    static void register(Cleaner cleaner, Object[] kept) {
        for (int i = 0; i < 5; i++) {
            Object object = new Big(i);
            Cleaner.Cleanable cleanable = cleaner.register(object, () -> {
                synchronized (References.class) {
                    cleaned++;
                    References.class.notifyAll();
                }
            });
            if (i == 0) {
                cleanable.clean();
                cleanable.clean();
            }
            if (i == 1) {
                kept[0] = object;
            }
        }
    }

    static WeakReference<Object> fleeting() {
        return new WeakReference<>(new Object());
    }

    public static void main(String[] args) throws Exception {
        ReferenceQueue<Big> queue = new ReferenceQueue<>();
        Big[] keep = new Big[4];
        List<Reference<Big>> references = make(queue, keep);
        System.out.println(drain(queue, 16));
        int alive = 0;
        for (Reference<Big> reference : references) {
            if (reference instanceof WeakReference && reference.get() != null) {
                alive += reference.get().id;
            }
        }
        System.out.println(alive + " " + references.get(1).get() + " " + references.get(0).isEnqueued() + " " + references.get(0).refersTo(keep[0]));
        Reference.reachabilityFence(keep);
        WeakReference<Object> fleeting = fleeting();
        for (int i = 0; i < 100 && fleeting.get() != null; i++) {
            System.gc();
        }
        System.out.println(fleeting.get());
        SoftReference<Big> soft = new SoftReference<>(new Big(77));
        System.gc();
        System.out.println(soft.get() != null && soft.get().id == 77);
        WeakReference<String> constant = new WeakReference<>("constant");
        WeakReference<Class<?>> type = new WeakReference<>(References.class);
        System.gc();
        System.out.println(constant.get() + " " + (type.get() == References.class));
        WeakReference<Object> manual = new WeakReference<>(new Object(), null);
        manual.clear();
        System.out.println(manual.get() + " " + manual.enqueue());
        WeakHashMap<Object, String> map = new WeakHashMap<>();
        List<Object> keys = new ArrayList<>();
        fill(map, keys);
        for (int i = 0; i < 100 && map.size() > 5; i++) {
            System.gc();
            Thread.sleep(2);
        }
        int found = 0;
        for (Map.Entry<Object, String> entry : map.entrySet()) {
            found += entry.getValue().length();
        }
        System.out.println(map.size() + " " + found + " " + map.get(keys.get(2)));
        Object[] kept = new Object[1];
        Cleaner cleaner = Cleaner.create();
        register(cleaner, kept);
        synchronized (References.class) {
            for (int i = 0; i < 200 && cleaned < 4; i++) {
                System.gc();
                References.class.wait(10);
            }
            System.out.println(cleaned);
        }
        Reference.reachabilityFence(kept[0]);
    }
}
