import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;

/** TreeMap, TreeSet, ArrayDeque, PriorityQueue, BitSet, Stack. */
public class TreesAndQueues {
    public static void main(String[] args) {
        TreeMap<Integer, String> map = new TreeMap<>();
        for (int i = 0; i < 1000; i++) {
            map.put(i * 7919 % 1009, "v" + i);
        }
        for (int i = 0; i < 1009; i += 2) {
            map.remove(i);
        }
        System.out.println(map.size() + " " + map.firstKey() + " " + map.lastEntry() + " " + map.floorKey(500) + " " + map.ceilingKey(500) + " "
                + map.higherEntry(501) + " " + map.lowerKey(1) + " " + map.headMap(10) + " " + map.subMap(100, true, 106, true) + " " + map.tailMap(1000, false).size());
        NavigableMap<Integer, String> view = map.subMap(200, true, 300, false).descendingMap();
        view.pollFirstEntry();
        view.clear();
        System.out.println(map.size() + " " + map.descendingKeySet().first() + " " + map.pollFirstEntry().getKey() + " " + map.navigableKeySet().higher(199));
        try {
            view.put(500, "outside");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            new TreeMap<String, Integer>().put(null, 1);
        } catch (NullPointerException e) {
            System.out.println("null key");
        }
        TreeSet<String> set = new TreeSet<>(Comparator.comparing(String::length).thenComparing(Comparator.reverseOrder()));
        Collections.addAll(set, "pear", "fig", "apple", "kiwi", "date", "nut", "fig");
        NavigableSet<String> down = set.descendingSet();
        System.out.println(set + " " + down.first() + " " + set.headSet("kiwi", true) + " " + set.floor("zzz") + " " + set.pollLast() + " " + down.higher("pear"));
        long digest = 0;
        for (Integer key : map.keySet()) {
            digest = digest * 31 + key;
        }
        System.out.println(digest + " " + map.hashCode());

        Deque<Integer> deque = new ArrayDeque<>(2);
        for (int i = 0; i < 100; i++) {
            if (i % 3 == 0) {
                deque.addFirst(i);
            } else {
                deque.offerLast(i);
            }
            if (i % 7 == 6) {
                deque.pollFirst();
                deque.removeLast();
            }
        }
        System.out.println(deque.size() + " " + deque.peekFirst() + " " + deque.peekLast() + " " + deque.contains(50) + " " + deque.removeFirstOccurrence(50) + " " + deque);
        PriorityQueue<int[]> queue = new PriorityQueue<>((a, b) -> a[0] != b[0] ? Integer.compare(a[0], b[0]) : Integer.compare(b[1], a[1]));
        for (int i = 0; i < 200; i++) {
            queue.add(new int[] {i * 31 % 17, i});
        }
        StringBuilder order = new StringBuilder();
        while (queue.size() > 180) {
            int[] top = queue.poll();
            order.append(top[0]).append(':').append(top[1]).append(' ');
        }
        System.out.println(order + "" + queue.peek()[1]);
        int[][] graph = {{0, 7, 9, 0, 0, 14}, {7, 0, 10, 15, 0, 0}, {9, 10, 0, 11, 0, 2}, {0, 15, 11, 0, 6, 0}, {0, 0, 0, 6, 0, 9}, {14, 0, 2, 0, 9, 0}};
        int[] distance = {0, 999, 999, 999, 999, 999};
        PriorityQueue<Integer> frontier = new PriorityQueue<>(Comparator.comparingInt(n -> distance[n]));
        frontier.add(0);
        while (!frontier.isEmpty()) {
            int at = frontier.poll();
            for (int to = 0; to < 6; to++) {
                if (graph[at][to] > 0 && distance[at] + graph[at][to] < distance[to]) {
                    frontier.remove(to);
                    distance[to] = distance[at] + graph[at][to];
                    frontier.add(to);
                }
            }
        }
        System.out.println(java.util.Arrays.toString(distance));
        BitSet bits = new BitSet();
        for (int i = 0; i < 500; i += 3) {
            bits.set(i);
        }
        BitSet other = new BitSet(100);
        other.set(10, 200);
        other.flip(50, 60);
        bits.and(other);
        bits.xor(BitSet.valueOf(new long[] {0xf0f0L, -1L}));
        System.out.println(bits.cardinality() + " " + bits.length() + " " + bits.nextSetBit(70) + " " + bits.nextClearBit(64) + " " + bits.previousSetBit(63) + " " + bits.hashCode()
                + " " + bits.get(0, 20) + " " + bits.intersects(other) + " " + bits.stream().sum() + " " + bits.toLongArray().length);
        Stack<String> stack = new Stack<>();
        for (String token : "3 4 + 2 * 7 /".split(" ")) {
            if (Character.isDigit(token.charAt(0))) {
                stack.push(token);
            } else {
                int b = Integer.parseInt(stack.pop()), a = Integer.parseInt(stack.pop());
                stack.push("" + switch (token) {
                    case "+" -> a + b;
                    case "*" -> a * b;
                    default -> a / b;
                });
            }
        }
        System.out.println(stack + " " + stack.search("2") + " " + stack.empty());
    }
}
