import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** HashMap and its relatives: growth, collisions (trees), null, views, order of insertion and access. */
public class HashMaps {
    static final class Key implements Comparable<Key> {
        final int n;

        Key(int n) {
            this.n = n;
        }

        @Override
        public int hashCode() {
            return n % 3;
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Key k && k.n == n;
        }

        @Override
        public int compareTo(Key other) {
            return Integer.compare(n, other.n);
        }
    }

    public static void main(String[] args) {
        Map<String, Integer> counts = new HashMap<>();
        for (String word : "the boat is small and the river is wide and the oar is the thing".split(" ")) {
            counts.merge(word, 1, Integer::sum);
        }
        System.out.println(counts + " " + counts.size() + " " + counts.get("the") + " " + counts.getOrDefault("sea", -1));
        counts.put(null, 7);
        counts.putIfAbsent("sea", 3);
        counts.computeIfPresent("sea", (k, v) -> v + 1);
        counts.computeIfPresent("boat", (k, v) -> null);
        counts.compute("new", (k, v) -> v == null ? 100 : v);
        counts.replaceAll((k, v) -> v * 10);
        System.out.println(counts + " " + counts.containsKey(null) + " " + counts.containsValue(40) + " " + counts.remove("is") + " " + counts.remove("none"));
        Map<Key, Integer> tree = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            tree.put(new Key(i * 37 % 501), i);
        }
        int hits = 0;
        for (int i = 0; i < 501; i++) {
            hits += tree.containsKey(new Key(i)) ? 1 : 0;
        }
        for (int i = 0; i < 400; i++) {
            tree.remove(new Key(i));
        }
        System.out.println(hits + " " + tree.size() + " " + tree.get(new Key(450)));
        Map<Integer, String> large = new HashMap<>();
        for (int i = 0; i < 20000; i++) {
            large.put(i * 0x9e3779b9, "v" + i);
        }
        long sum = 0;
        for (Map.Entry<Integer, String> entry : large.entrySet()) {
            sum = sum * 31 + entry.getKey() + entry.getValue().length();
        }
        System.out.println(large.size() + " " + sum + " " + large.get(5 * 0x9e3779b9));
        Iterator<Integer> keys = large.keySet().iterator();
        while (keys.hasNext()) {
            if (keys.next() % 3 != 0) {
                keys.remove();
            }
        }
        large.values().removeIf(v -> v.length() < 5);
        System.out.println(large.size() + " " + large.hashCode() + " " + large.equals(new HashMap<>(large)));
        try {
            for (Integer key : large.keySet()) {
                large.put(key + 1, "x");
            }
        } catch (ConcurrentModificationException e) {
            System.out.println(e);
        }
        LinkedHashMap<String, Integer> cache = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                return size() > 4;
            }
        };
        for (String s : "a b c d a e b f a".split(" ")) {
            cache.merge(s, 1, Integer::sum);
        }
        System.out.println(cache + " " + cache.keySet().iterator().next());
        Set<String> ordered = new LinkedHashSet<>(List.of("z", "y", "x"));
        ordered.add("y");
        ordered.remove("z");
        ordered.add("z");
        Set<Integer> set = new HashSet<>(List.of(1, 2, 3, 4, 5));
        set.retainAll(List.of(2, 4, 6));
        set.addAll(List.of(10, 20));
        System.out.println(ordered + " " + set + " " + set.containsAll(List.of(2, 20)) + " " + set.hashCode());
        Hashtable<String, Integer> table = new Hashtable<>(Map.of("one", 1));
        table.put("two", 2);
        try {
            table.put("three", null);
        } catch (NullPointerException e) {
            System.out.println(table);
        }
        Map<String, List<Integer>> lists = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            lists.computeIfAbsent("k" + i % 3, k -> new ArrayList<>()).add(i);
        }
        System.out.println(lists + " " + Collections.unmodifiableMap(lists).size());
        Map<String, Integer> self = new HashMap<>();
        try {
            self.entrySet().add(Map.entry("q", 1));
        } catch (UnsupportedOperationException e) {
            System.out.println(e + " " + Map.entry("q", 1) + " " + new java.util.AbstractMap.SimpleEntry<>("a", 2));
        }
    }
}
