/** 32-bit arithmetic, comparison, shifts and narrowing. */
public class Ints {
    static int seed = 12345;

    static int next() {
        seed = seed * 1103515245 + 12345;
        return seed;
    }

    public static void main(String[] args) {
        int big = Integer.MAX_VALUE, small = Integer.MIN_VALUE;
        System.out.println(big + 1);
        System.out.println(small - 1);
        System.out.println(small / -1);
        System.out.println(small % -1);
        System.out.println(-7 / 2);
        System.out.println(-7 % 2);
        System.out.println(7 % -2);
        System.out.println(-small);
        System.out.println(big * 3);
        for (int shift = -1; shift <= 33; shift += 17) {
            System.out.println(1 << shift);
            System.out.println(small >> shift);
            System.out.println(small >>> shift);
        }
        System.out.println((byte) 200);
        System.out.println((short) 70000);
        System.out.println((int) (char) -1);
        System.out.println((byte) -129);
        System.out.println(~5 ^ 3 | 64 & 96);
        int sum = 0, less = 0;
        for (int i = 0; i < 1000; i++) {
            int a = next(), b = next();
            if (a < b) {
                less++;
            }
            sum ^= a + b ^ a - b ^ a * b ^ (b == 0 ? 0 : a / b) ^ (b == 0 ? 0 : a % b) ^ a << b ^ a >> b ^ a >>> b;
        }
        System.out.println(sum);
        System.out.println(less);
        byte b = 127;
        b++;
        System.out.println(b);
        short s = -32768;
        s--;
        System.out.println(s);
        char c = 0;
        c--;
        System.out.println((int) c);
    }
}
