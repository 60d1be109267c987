/** Arrays of each kind, several dimensions, bounds, copying. */
public class Arrays {
    static int sum(int... values) {
        int total = 0;
        for (int value : values) {
            total += value;
        }
        return total;
    }

    public static void main(String[] args) {
        byte[] bytes = new byte[10];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 50);
        }
        System.out.println(bytes[3] + bytes[6]);
        boolean[] flags = new boolean[3];
        flags[1] = true;
        System.out.println(flags[0] || flags[1] ? "yes" : "no");
        char[] chars = {'a', 'b', 'c'};
        chars[1] += 5;
        System.out.println(chars[1]);
        short[] shorts = {1, -2, (short) 40000};
        System.out.println(shorts[2]);
        float[] floats = {1.5f, 2.5f};
        System.out.println((int) (floats[0] * floats[1] * 100));
        double[] doubles = new double[4];
        doubles[3] = 9.75;
        System.out.println((int) (doubles[3] * 4 + doubles[0]));
        int[][] triangle = new int[6][];
        for (int i = 0; i < triangle.length; i++) {
            triangle[i] = new int[i + 1];
            triangle[i][0] = triangle[i][i] = 1;
            for (int j = 1; j < i; j++) {
                triangle[i][j] = triangle[i - 1][j - 1] + triangle[i - 1][j];
            }
        }
        System.out.println(triangle[5][2]);
        long[][][] cube = new long[2][3][4];
        cube[1][2][3] = 77;
        System.out.println(cube[1][2][3] + cube[0].length + cube[0][0].length);
        String[][] names = new String[2][];
        System.out.println(names[0] == null ? "null" : "not null");
        System.out.println(sum() + sum(1) + sum(1, 2, 3));
        int[] copy = new int[5];
        System.arraycopy(new int[] {1, 2, 3, 4}, 1, copy, 2, 3);
        System.out.println(copy[2] * 100 + copy[3] * 10 + copy[4]);
        System.arraycopy(copy, 2, copy, 1, 3);
        System.out.println(copy[1] * 100 + copy[2] * 10 + copy[3]);
        int[] same = copy.clone();
        same[1]++;
        System.out.println(same[1] - copy[1]);
        boolean[] sieve = new boolean[1000];
        int primes = 0;
        for (int i = 2; i < sieve.length; i++) {
            if (!sieve[i]) {
                primes++;
                for (int j = i * i; j < sieve.length; j += i) {
                    sieve[j] = true;
                }
            }
        }
        System.out.println(primes);
        Object[] objects = new String[1];
        System.out.println(objects instanceof String[] ? 1 : 0);
        System.out.println((Object) bytes instanceof int[] ? 1 : 0);
        System.out.println((Object) triangle instanceof Object[] ? 1 : 0);
    }
}
