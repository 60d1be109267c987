/** The + of strings, compiled to invokedynamic: every type, constants between, many operands, order of evaluation. */
public class StringConcat {
    static int calls;

    static String next(String what) {
        calls++;
        return what + calls;
    }

    static class Loud {
        public String toString() {
            calls++;
            return "loud" + calls;
        }
    }

    static class Silent {
        public String toString() {
            return null;
        }
    }

    public static void main(String[] args) {
        byte b = -1;
        short s = 300;
        char c = '\u20ac';
        int i = Integer.MIN_VALUE;
        long l = Long.MIN_VALUE;
        float f = 1.1f;
        double d = 1e100;
        boolean z = true;
        Object o = null;
        String n = null;
        System.out.println("" + b + s + c + i + l + f + d + z + o + n);
        System.out.println(b + s + "x" + c + 1 + (char) (c + 1) + (i + 1));
        System.out.println("a" + o + "b" + n + "c" + new int[0].length + "d" + 'e');
        System.out.println(next("p") + "\1" + next("q") + "\2" + next("r"));
        System.out.println(new Loud() + "/" + new Loud() + "/" + calls + "/" + new Silent());
        String t = "x";
        t += 1;
        t += 'y';
        t += 2.5;
        t += null;
        t += new StringBuilder("z");
        System.out.println(t);
        String[] array = {"p", "q"};
        int at = 0;
        array[at++] += at++;
        System.out.println(array[0] + array[1] + at);
        String many = "";
        for (int k = 0; k < 3; k++) {
            many += "" + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z
                    + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z
                    + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z
                    + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z
                    + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z
                    + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z
                    + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z
                    + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z + k + b + s + c + i + l + f + d + z;
        }
        System.out.println(many.length() + " " + many.hashCode());
        final String constant = "con" + 1 + 'c' + 2.0 + true;
        System.out.println(constant == "con1c2.0true");
        char[] chars = {'a'};
        System.out.println(("" + chars[0] + (int) chars[0]) + (z ? "t" : 1) + (Integer) 5 + (Character) 'k' + -0.0f);
        StringBuilder sink = new StringBuilder();
        for (int k = 0; k < 2000; k++) {
            sink.append(k + ":" + (k % 7 == 0 ? "seven" : k * 3L) + ";");
        }
        System.out.println(sink.length() + " " + sink.toString().hashCode());
    }
}
