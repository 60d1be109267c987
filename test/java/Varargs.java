import java.util.Arrays;
import java.util.List;

/** Variable arguments, overload resolution, default values, evaluation order, compound assignments, conditional types. */
public class Varargs {
    static String f(Object... values) {
        return "objects" + (values == null ? "null" : values.length);
    }

    static String f(String a, Object... values) {
        return "text+" + values.length;
    }

    static String f(Integer a) {
        return "Integer";
    }

    static String f(long a) {
        return "long";
    }

    static String g(int... values) {
        return "ints" + Arrays.toString(values);
    }

    static String g(double a, double b) {
        return "doubles";
    }

    static String h(char c) {
        return "char";
    }

    static String h(int i) {
        return "int";
    }

    static String h(Object o) {
        return "Object";
    }

    static int calls;

    static int next(int n) {
        calls = calls * 10 + n;
        return n;
    }

    static int[] array(int n) {
        next(n);
        return new int[] {1, 2, 3, 4};
    }

    static int three(int a, int b, int c) {
        return a * 100 + b * 10 + c;
    }

    byte defaultByte;
    char defaultChar;
    boolean defaultBoolean;
    double defaultDouble;
    String defaultString;
    static long defaultStatic;

    public static void main(String[] args) {
        byte b = 1;
        short s = 2;
        char c = 'c';
        System.out.println(f() + f("a", "b") + f(1) + f(1, 2) + f(1L) + f((Integer) 5) + f(b) + f(s) + f(c) + f(1.5f) + f((Object[]) null) + f((Object) null) + f(new Object[] {1, 2}) + f(new int[] {1}));
        System.out.println(g() + g(1) + g(1, 2) + g(1, 2, 3) + g(b, s, c) + g(new int[] {9}));
        System.out.println(h('c') + h(1) + h(b) + h(1L) + h(true) + h((Character) 'x') + h(c + 1) + h(c++) + h(c += 1));
        System.out.println(three(next(1), next(2), next(3)) + " " + calls);
        calls = 0;
        array(1)[next(2)] = next(3) + array(4)[next(1)] * next(5);
        System.out.println(calls);
        calls = 0;
        boolean result = next(1) > next(2) && next(3) > 0 || next(4) == 4 && !(next(5) < 0) | next(6) > 7;
        System.out.println(result + " " + calls);
        calls = 0;
        int x = next(1) == 1 ? next(2) : next(3);
        int[] a = {0, 0, 0};
        int i = 0;
        a[i] = i = 2;
        a[i++] = a[i - 1] + i++;
        System.out.println(x + " " + calls + " " + Arrays.toString(a) + " " + i);
        Object mixed = true ? 1 : 2.0, boxed = true ? (Integer) 1 : (Double) 2.0, same = false ? 'a' : 98, text = args.length == 0 ? "text" : 5;
        Integer none = null;
        System.out.println(mixed + " " + boxed + " " + same + " " + text + " " + (args.length > 5 ? none : Integer.valueOf(7)));
        try {
            int unboxed = args.length > 5 ? 1 : none;
            System.out.println(unboxed);
        } catch (NullPointerException e) {
            System.out.println("null unboxed");
        }
        int k = 5;
        k = k++ + k-- - --k + k;
        int m = 7;
        m ^= m << 3 ^ (m = 1);
        long l = 10;
        l /= 3.5;
        c = 'a';
        c *= 1.01;
        b += 300;
        b >>>= 1;
        s = (short) (s << 15);
        System.out.println(k + " " + m + " " + l + " " + c + " " + b + " " + s);
        Varargs object = new Varargs();
        System.out.println(object.defaultByte + " " + (int) object.defaultChar + " " + object.defaultBoolean + " " + object.defaultDouble + " " + object.defaultString + " " + defaultStatic);
        label:
        {
            if (args.length == 0) {
                break label;
            }
            System.out.println("not printed");
        }
        int sum = 0;
        for (int p = 0, q = 10; p < q; p++, q--) {
            if (p == 2) {
                continue;
            }
            sum += p * q;
        }
        do {
            sum--;
        } while (sum % 7 != 0);
        System.out.println(sum + " " + List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12).size() + " " + String.format("%s%s", "a", 1));
        final int constant = 10;
        byte narrow = constant;
        var inferred = new java.util.ArrayList<List<? super Integer>>();
        inferred.add(List.of(narrow, "x"));
        System.out.println(inferred + " " + (char) (constant + 'A') + (constant > 5 ? "big" : 'c') + (short) 1e10 + (0.1f == 0.1) + ('a' + 'b') + (char) ('a' + 1) + 1 / 2 + 1 / 2.0 + 07 + 0b11);
    }
}
