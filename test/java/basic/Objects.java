/** Allocation, fields of each kind, linked structures, garbage. */
public class Objects {
    static class Node {
        Node left, right;
        int key;
        byte small;
        double weight;
        boolean flag;
        long stamp;
        char letter;
        short half;
        float single;

        Node(int key) {
            this.key = key;
            small = (byte) key;
            weight = key / 2.0;
            flag = (key & 1) == 1;
            stamp = key * 10000000000L;
            letter = (char) ('a' + key % 26);
            half = (short) (key * 1000);
            single = key * 0.25f;
        }

        long check() {
            return key + small + (long) (weight * 4) + (flag ? 1 : 0) + stamp + letter + half + (long) (single * 4);
        }
    }

    static Node insert(Node node, int key) {
        if (node == null) {
            return new Node(key);
        }
        if (key < node.key) {
            node.left = insert(node.left, key);
        } else if (key > node.key) {
            node.right = insert(node.right, key);
        }
        return node;
    }

    static long total(Node node) {
        return node == null ? 0 : total(node.left) + node.check() + total(node.right);
    }

    static int depth(int levels) {
        if (levels == 0) {
            return 0;
        }
        Node garbage = new Node(levels);
        garbage.left = new Node(levels + 1);
        return depth(levels - 1) + garbage.left.key - garbage.key;
    }

    public static void main(String[] args) {
        Node root = null;
        int x = 1;
        for (int i = 0; i < 2000; i++) {
            x = (x * 75 + 74) % 65537;
            root = insert(root, x);
        }
        System.out.println(total(root));
        int rounds = 0;
        for (int i = 0; i < 200; i++) {
            rounds += depth(500);
        }
        System.out.println(rounds);
        System.out.println(total(root));
        Object[] keep = new Object[100];
        for (int i = 0; i < 100000; i++) {
            keep[i % 100] = new int[i % 50];
        }
        int lengths = 0;
        for (Object o : keep) {
            lengths += ((int[]) o).length;
        }
        System.out.println(lengths);
        Object object = new Object();
        System.out.println(object.equals(object) && object.hashCode() == object.hashCode() ? "ok" : "wrong");
        System.out.println(object.getClass() == Object.class ? "ok" : "wrong");
        System.out.println(new Node(1).getClass().getName());
    }
}
