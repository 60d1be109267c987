/** Algorithms on 64-bit and 32-bit words written out: SHA-512, SHA-256, SipHash, xoshiro, CRC-64, modular powers. */
public class Hashing {
    static final long[] K512 = new long[80];
    static final int[] K256 = new int[64];
    static final long[] H512 = new long[8];
    static final int[] H256 = new int[8];

    /** The first 64 bits of the fraction of the root of n, by Newton's steps in integers of 128 bits made of halves. */
    static long rootFraction(int n, boolean cube) {
        long low = 0, high = -1;
        int whole = cube ? (int) Math.floor(Math.cbrt(n)) : (int) Math.floor(Math.sqrt(n));
        while (Long.compareUnsigned(low, high) < 0) {
            long middle = low + (high - low >>> 1) + (high - low & 1);
            if (powerAtMost(whole, middle, n, cube)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Whether (whole + fraction / 2^64) ^ 2 or 3 is at most n. */
    static boolean powerAtMost(int whole, long fraction, int n, boolean cube) {
        int[] x = {(int) fraction, (int) (fraction >>> 32), whole};
        int[] power = multiply(x, x);
        int words = 4;
        if (cube) {
            power = multiply(power, x);
            words = 6;
        }
        for (int i = power.length - 1; i > words; i--) {
            if (power[i] != 0) {
                return false;
            }
        }
        int above = power.length > words ? power[words] : 0;
        if (above != n) {
            return Integer.compareUnsigned(above, n) < 0;
        }
        for (int i = 0; i < words; i++) {
            if (power[i] != 0) {
                return false;
            }
        }
        return true;
    }

    static int[] multiply(int[] a, int[] b) {
        int[] c = new int[a.length + b.length];
        for (int i = 0; i < a.length; i++) {
            long carry = 0;
            for (int j = 0; j < b.length; j++) {
                carry += (a[i] & 0xffffffffL) * (b[j] & 0xffffffffL) + (c[i + j] & 0xffffffffL);
                c[i + j] = (int) carry;
                carry >>>= 32;
            }
            c[i + b.length] = (int) carry;
        }
        return c;
    }

    static {
        int prime = 2;
        for (int i = 0; i < 80; prime++) {
            boolean isPrime = true;
            for (int d = 2; d * d <= prime; d++) {
                isPrime &= prime % d != 0;
            }
            if (isPrime) {
                K512[i] = rootFraction(prime, true);
                if (i < 64) {
                    K256[i] = (int) (K512[i] >>> 32);
                }
                if (i < 8) {
                    H512[i] = rootFraction(prime, false);
                    H256[i] = (int) (H512[i] >>> 32);
                }
                i++;
            }
        }
    }

    static String sha512(byte[] message) {
        byte[] padded = new byte[(message.length + 17 + 127) / 128 * 128];
        System.arraycopy(message, 0, padded, 0, message.length);
        padded[message.length] = (byte) 0x80;
        for (int i = 0; i < 8; i++) {
            padded[padded.length - 1 - i] = (byte) (message.length * 8L >>> 8 * i);
        }
        long[] h = H512.clone(), w = new long[80];
        for (int block = 0; block < padded.length; block += 128) {
            for (int i = 0; i < 16; i++) {
                long word = 0;
                for (int j = 0; j < 8; j++) {
                    word = word << 8 | padded[block + i * 8 + j] & 0xff;
                }
                w[i] = word;
            }
            for (int i = 16; i < 80; i++) {
                long s0 = Long.rotateRight(w[i - 15], 1) ^ Long.rotateRight(w[i - 15], 8) ^ w[i - 15] >>> 7;
                long s1 = Long.rotateRight(w[i - 2], 19) ^ Long.rotateRight(w[i - 2], 61) ^ w[i - 2] >>> 6;
                w[i] = w[i - 16] + s0 + w[i - 7] + s1;
            }
            long a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
            for (int i = 0; i < 80; i++) {
                long t1 = k + (Long.rotateRight(e, 14) ^ Long.rotateRight(e, 18) ^ Long.rotateRight(e, 41)) + (e & f ^ ~e & g) + K512[i] + w[i];
                long t2 = (Long.rotateRight(a, 28) ^ Long.rotateRight(a, 34) ^ Long.rotateRight(a, 39)) + (a & b ^ a & c ^ b & c);
                k = g;
                g = f;
                f = e;
                e = d + t1;
                d = c;
                c = b;
                b = a;
                a = t1 + t2;
            }
            h[0] += a;
            h[1] += b;
            h[2] += c;
            h[3] += d;
            h[4] += e;
            h[5] += f;
            h[6] += g;
            h[7] += k;
        }
        StringBuilder text = new StringBuilder();
        for (long word : h) {
            for (int shift = 60; shift >= 0; shift -= 4) {
                text.append(Character.forDigit((int) (word >>> shift & 15), 16));
            }
        }
        return text.toString();
    }

    static String sha256(byte[] message) {
        byte[] padded = new byte[(message.length + 9 + 63) / 64 * 64];
        System.arraycopy(message, 0, padded, 0, message.length);
        padded[message.length] = (byte) 0x80;
        for (int i = 0; i < 8; i++) {
            padded[padded.length - 1 - i] = (byte) (message.length * 8L >>> 8 * i);
        }
        int[] h = H256.clone(), w = new int[64];
        for (int block = 0; block < padded.length; block += 64) {
            for (int i = 0; i < 64; i++) {
                if (i < 16) {
                    w[i] = padded[block + i * 4] << 24 | (padded[block + i * 4 + 1] & 0xff) << 16 | (padded[block + i * 4 + 2] & 0xff) << 8 | padded[block + i * 4 + 3] & 0xff;
                } else {
                    int s0 = Integer.rotateRight(w[i - 15], 7) ^ Integer.rotateRight(w[i - 15], 18) ^ w[i - 15] >>> 3;
                    int s1 = Integer.rotateRight(w[i - 2], 17) ^ Integer.rotateRight(w[i - 2], 19) ^ w[i - 2] >>> 10;
                    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
                }
            }
            int[] v = h.clone();
            for (int i = 0; i < 64; i++) {
                int t1 = v[7] + (Integer.rotateRight(v[4], 6) ^ Integer.rotateRight(v[4], 11) ^ Integer.rotateRight(v[4], 25)) + (v[4] & v[5] ^ ~v[4] & v[6]) + K256[i] + w[i];
                int t2 = (Integer.rotateRight(v[0], 2) ^ Integer.rotateRight(v[0], 13) ^ Integer.rotateRight(v[0], 22)) + (v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]);
                System.arraycopy(v, 0, v, 1, 7);
                v[4] += t1;
                v[0] = t1 + t2;
            }
            for (int i = 0; i < 8; i++) {
                h[i] += v[i];
            }
        }
        StringBuilder text = new StringBuilder();
        for (int word : h) {
            text.append(Integer.toHexString(word | 0x10000000).length() == 8 && (word >>> 28) != 0 ? Integer.toHexString(word) : "0".repeat(8 - Integer.toHexString(word).length()) + Integer.toHexString(word));
        }
        return text.toString();
    }

    static long sip(long k0, long k1, byte[] data) {
        long v0 = k0 ^ 0x736f6d6570736575L, v1 = k1 ^ 0x646f72616e646f6dL, v2 = k0 ^ 0x6c7967656e657261L, v3 = k1 ^ 0x7465646279746573L;
        long last = (long) data.length << 56;
        for (int i = 0; i <= data.length / 8; i++) {
            long m = i == data.length / 8 ? last : 0;
            for (int j = 0; j < 8 && i * 8 + j < data.length; j++) {
                m |= (data[i * 8 + j] & 0xffL) << 8 * j;
            }
            v3 ^= m;
            for (int round = 0; round < (i == data.length / 8 ? 6 : 2); round++) {
                if (round == 2) {
                    v0 ^= m;
                    v2 ^= 0xff;
                }
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            if (i < data.length / 8) {
                v0 ^= m;
            }
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    public static void main(String[] args) throws Exception {
        byte[] million = new byte[20000];
        java.util.Arrays.fill(million, (byte) 'a');
        for (byte[] message : new byte[][] {{}, "abc".getBytes(), "coracle".repeat(30).getBytes(), million}) {
            String mine512 = sha512(message), mine256 = sha256(message);
            System.out.println(mine512 + " " + mine256);
            System.out.println(java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-512").digest(message)).equals(mine512) + " "
                    + java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(message)).equals(mine256));
        }
        byte[] data = new byte[15];
        for (int i = 0; i < 15; i++) {
            data[i] = (byte) i;
        }
        System.out.println(Long.toHexString(sip(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, data)));
        long[] s = {1, 2, 3, 4};
        long mixed = 0;
        for (int i = 0; i < 10000; i++) {
            mixed ^= Long.rotateLeft(s[1] * 5, 7) * 9;
            long t = s[1] << 17;
            s[2] ^= s[0];
            s[3] ^= s[1];
            s[1] ^= s[2];
            s[0] ^= s[3];
            s[2] ^= t;
            s[3] = Long.rotateLeft(s[3], 45);
        }
        System.out.println(mixed);
        long[] table = new long[256];
        for (int i = 0; i < 256; i++) {
            long c = i;
            for (int k = 0; k < 8; k++) {
                c = (c & 1) != 0 ? c >>> 1 ^ 0xc96c5795d7870f42L : c >>> 1;
            }
            table[i] = c;
        }
        long crc = -1;
        for (byte b : "123456789".getBytes()) {
            crc = table[(int) (crc ^ b) & 0xff] ^ crc >>> 8;
        }
        System.out.println(Long.toHexString(~crc));
    }
}
