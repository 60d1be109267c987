/** Nested loops over an array of booleans. */
public class Sieve {
    static int sieve(boolean[] composite) {
        int count = 0;
        for (int i = 0; i < composite.length; i++) {
            composite[i] = false;
        }
        for (int i = 2; i < composite.length; i++) {
            if (!composite[i]) {
                count++;
                for (int j = i + i; j < composite.length; j += i) {
                    composite[j] = true;
                }
            }
        }
        return count;
    }

    public static void main(String[] args) {
        boolean[] composite = new boolean[100000];
        int total = 0;
        for (int round = 0; round < 450; round++) {
            total += sieve(composite);
        }
        System.out.println(total);
    }
}
