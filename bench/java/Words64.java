/** 64-bit arithmetic: shifts, rotations, multiplications and remainders. */
public class Words64 {
    static long mix(long x) {
        x ^= x >>> 30;
        x *= 0xbf58476d1ce4e5b9L;
        x ^= x >>> 27;
        x *= 0x94d049bb133111ebL;
        return x ^ x >>> 31;
    }

    static long power(long base, long exponent, long modulus) {
        long result = 1;
        for (; exponent > 0; exponent >>= 1) {
            if ((exponent & 1) == 1) {
                result = result * base % modulus;
            }
            base = base * base % modulus;
        }
        return result;
    }

    public static void main(String[] args) {
        long a = 1, b = 2, c = 3, d = 4, sum = 0;
        for (int i = 0; i < 13000000; i++) {
            long t = b << 17;
            sum += (b * 5 << 7 | b * 5 >>> 57) * 9;
            c ^= a;
            d ^= b;
            b ^= c;
            a ^= d;
            c ^= t;
            d = d << 45 | d >>> 19;
        }
        for (int i = 0; i < 3000000; i++) {
            sum ^= mix(sum + i);
        }
        for (int i = 1; i < 130000; i++) {
            sum += power(i, 1000000005L, 1000000007L);
        }
        System.out.println(sum);
    }
}
