/** 64-bit arithmetic and conversions. */
public class Longs {
    static long mix(long x) {
        x ^= x >>> 33;
        x *= 0xff51afd7ed558ccdL;
        x ^= x >>> 33;
        x *= 0xc4ceb9fe1a85ec53L;
        return x ^ x >>> 33;
    }

    static long many(long a, int b, long c, int d, long e) {
        return a - b * c + d * e;
    }

    public static void main(String[] args) {
        long big = Long.MAX_VALUE, small = Long.MIN_VALUE;
        System.out.println(big + 1);
        System.out.println(small / -1);
        System.out.println(small % -1);
        System.out.println(-7L / 2);
        System.out.println(-7L % 2);
        System.out.println(1L << 63);
        System.out.println(1L << 64);
        System.out.println(small >> 63);
        System.out.println(small >>> 63);
        System.out.println((int) 0x123456789abcdefL);
        System.out.println((long) Integer.MIN_VALUE);
        System.out.println(0x80000000 & 0xffffffffL);
        System.out.println(many(1, 2, 3, 4, 5));
        long x = 1;
        for (int i = 0; i < 1000; i++) {
            x = mix(x + i);
        }
        System.out.println(x);
        System.out.println(small < big ? "less" : "not less");
        System.out.println(x == mix(x) ? "equal" : "different");
        long[] array = new long[5];
        array[2] += 7;
        array[2] *= array[2]--;
        System.out.println(array[2]);
    }
}
