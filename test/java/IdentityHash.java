import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Identity hashes: stable over collections and moves, for objects, arrays, classes, locked objects. */
public class IdentityHash {
    static class Same {
        @Override
        public boolean equals(Object other) {
            return other instanceof Same;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    static void churn() {
        List<Object> garbage = new ArrayList<>();
        for (int i = 0; i < 20000; i++) {
            garbage.add(new int[20]);
            if (i % 1000 == 0) {
                garbage.clear();
            }
        }
        System.gc();
    }

    public static void main(String[] args) throws Exception {
        int count = 2000;
        Object[] objects = new Object[count];
        int[] hashes = new int[count];
        for (int i = 0; i < count; i++) {
            objects[i] = switch (i % 5) {
                case 0 -> new Object();
                case 1 -> new int[i % 7];
                case 2 -> new String("text");
                case 3 -> new Same();
                default -> new Object[] {i};
            };
            hashes[i] = System.identityHashCode(objects[i]);
        }
        for (int round = 0; round < 3; round++) {
            churn();
            int same = 0;
            for (int i = 0; i < count; i++) {
                same += hashes[i] == System.identityHashCode(objects[i]) ? 1 : 0;
            }
            System.out.println(same);
        }
        Set<Integer> distinct = new HashSet<>();
        boolean negative = false;
        for (int hash : hashes) {
            distinct.add(hash);
            negative |= hash < 0;
        }
        System.out.println((distinct.size() > count * 9 / 10) + " " + negative + " " + System.identityHashCode(null));
        IdentityHashMap<Object, Integer> map = new IdentityHashMap<>();
        for (int i = 0; i < count; i++) {
            map.put(objects[i], i);
        }
        churn();
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += map.get(objects[i]) == i ? 1 : 0;
        }
        System.out.println(map.size() + " " + sum + " " + map.containsKey(new Same()) + " " + map.get(new String("text")));
        Object object = new Object();
        int hash;
        synchronized (object) {
            hash = object.hashCode();
            churn();
            System.out.println(hash == object.hashCode());
        }
        System.out.println(hash == object.hashCode() && hash == System.identityHashCode(object));
        Object[] copy = objects.clone();
        System.out.println(System.identityHashCode(copy) != System.identityHashCode(objects));
        System.out.println(object.toString().equals("java.lang.Object@" + Integer.toHexString(hash)) + " " + new int[0].toString().startsWith("[I@") + " "
                + (IdentityHash.class.hashCode() == System.identityHashCode(IdentityHash.class)) + " " + new Same().hashCode());
        Set<Object> set = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            set.add(new Object());
        }
        System.out.println(set.size() + " " + set.contains(new Object()) + " " + set.contains(set.iterator().next()));
    }
}
