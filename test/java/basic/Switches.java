/** Dense and sparse switches, nested loops with labels. */
public class Switches {
    static int dense(int x) {
        switch (x) {
            case -1: return 10;
            case 0: return 20;
            case 1: return 30;
            case 2:
            case 3: return 40;
            case 5: return 50;
            default: return -1;
        }
    }

    static int sparse(int x) {
        switch (x) {
            case Integer.MIN_VALUE: return 1;
            case -1000: return 2;
            case 0: return 3;
            case 77777: return 4;
            case Integer.MAX_VALUE: return 5;
            default: return 6;
        }
    }

    static int modern(char c) {
        return switch (c) {
            case 'a', 'e', 'i', 'o', 'u' -> 1;
            case 'y' -> {
                int half = c / 2;
                yield half;
            }
            default -> 0;
        };
    }

    public static void main(String[] args) {
        for (int i = -3; i < 8; i++) {
            System.out.println(dense(i));
        }
        System.out.println(dense(Integer.MAX_VALUE));
        System.out.println(dense(Integer.MIN_VALUE));
        int[] probes = {Integer.MIN_VALUE, Integer.MIN_VALUE + 1, -1000, -999, 0, 1, 77777, 77778, Integer.MAX_VALUE};
        for (int probe : probes) {
            System.out.println(sparse(probe));
        }
        System.out.println(modern('e') + modern('y') + modern('z'));
        int count = 0;
        outer:
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 10; j++) {
                if (j == 7) {
                    continue outer;
                }
                if (i == 8) {
                    break outer;
                }
                count++;
            }
        }
        System.out.println(count);
        int n = 27, steps = 0;
        do {
            n = (n & 1) == 0 ? n / 2 : 3 * n + 1;
            steps++;
        } while (n != 1);
        System.out.println(steps);
    }
}
