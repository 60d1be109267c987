/** Allocation of small objects: binary trees made, walked and dropped, beside one that stays. */
public class Trees {
    static final class Node {
        final Node left, right;

        Node(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        int count() {
            return left == null ? 1 : 1 + left.count() + right.count();
        }
    }

    static Node make(int depth) {
        return depth == 0 ? new Node(null, null) : new Node(make(depth - 1), make(depth - 1));
    }

    public static void main(String[] args) {
        Node stays = make(17);
        long total = 0;
        for (int depth = 4; depth <= 16; depth += 4) {
            for (int i = 0; i < 1 << 21 - depth; i++) {
                total += make(depth).count();
            }
        }
        System.out.println(total + " " + stays.count());
    }
}
