/** Spends its time in static initialisers, so that a freeze at a random point finds it in one. */
public class InClinit {
    static class First {
        static final long VALUE;

        static {
            System.out.println("first begins");
            VALUE = InClinit.work(1) + Second.VALUE;
            System.out.println("first ends");
        }
    }

    static class Second {
        static final long VALUE;

        static {
            System.out.println("second begins");
            long sum = 0;
            for (int i = 0; i < 8; i++) {
                sum += InClinit.work(i);
                System.out.println("second " + i + " " + sum);
            }
            VALUE = sum;
        }
    }

    static long work(int seed) {
        long x = seed;
        for (int i = 0; i < 300000; i++) {
            x = x * 6364136223846793005L + 1442695040888963407L ^ x >>> 7;
        }
        return x;
    }

    public static void main(String[] args) throws Exception {
        Thread other = new Thread(() -> System.out.println("other sees " + Second.VALUE));
        System.out.println(First.VALUE);
        other.start();
        other.join();
    }
}
