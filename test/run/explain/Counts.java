/** Programs whose counts are known: explain.py executes their bytecode from javap's listing and compares every count. */
public class Counts {
    static int total;
    static final int[] TABLE = {3, 1, 4, 1, 5, 9, 2, 6};
    int field;
    long wide;
    Counts next;

    Counts(int field, Counts next) {
        this.field = field;
        this.next = next;
    }

    static int sum(int n) {
        int s = 0;
        for (int i = 0; i < n; i++)
            s += i;
        return s;
    }

    static int doWhile(int n) {
        int rounds = 0;
        do {
            rounds++;
            n -= 3;
        } while (n > 0);
        return rounds;
    }

    static int nested(int n) {
        int count = 0;
        for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++) {
                if (((i ^ j) & 1) == 0)
                    continue;
                if (j == n - 2)
                    break;
                count += i * j;
            }
        return count;
    }

    static int depth(int n) {
        return n == 0 ? 0 : 1 + depth(n - 1);
    }

    static int fibonacci(int n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
    }

    static int ackermann(int m, int n) {
        if (m == 0)
            return n + 1;
        return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
    }

    static boolean even(int n) {
        return n == 0 || odd(n - 1);
    }

    static boolean odd(int n) {
        return n != 0 && even(n - 1);
    }

    static int branches(int n) {
        int odd = 0, even = 0, third = 0;
        for (int i = 0; i < n; i++) {
            if ((i & 1) == 0)
                even++;
            else
                odd += 2;
            third += i % 3 == 0 ? 1 : 0;
        }
        return odd - even + third;
    }

    static int dense(int n) {
        int result = 0;
        for (int i = 0; i < n; i++)
            switch (i & 7) {
                case 0: result += 1; break;
                case 1:
                case 2: result += 2;
                case 3: result ^= 5; break;
                case 6: continue;
                default: result--;
            }
        return result;
    }

    static int sparse(int n) {
        int result = 0;
        for (int i = 0; i < n; i++)
            switch (i * 1000) {
                case 0: result++; break;
                case 3000: result += 300; break;
                case 1000000: result = -1; break;
                case -5: return 7;
                default: result += 1000;
            }
        return result;
    }

    static int wideForms(int n) {
        int sum = 0;
        while (sum < n)
            sum += 1000;
        return sum;
    }

    static Counts list(int n) {
        Counts list = null;
        for (int i = 0; i < n; i++)
            list = new Counts(i, list);
        return list;
    }

    static int length(Counts list) {
        int length = 0;
        while (list != null) {
            length += list.field >= 0 ? 1 : 0;
            list = list.next;
        }
        return length;
    }

    static int arrays(int n) {
        int[][] rows = new int[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = new int[i + 1];
            rows[i][i] = i++;
        }
        long[][] cube = new long[n][3];
        cube[1][2] += 5;
        Object[] objects = new Object[rows.length];
        objects[0] = cube;
        return rows[2][2] + (int) cube[1][2] + objects.length;
    }

    static long doubleSlots(int n) {
        Counts counts = new Counts(1, null);
        long[] array = new long[2];
        long last = 0;
        for (int i = 0; i < n; i++) {
            last = counts.wide++;          // dup2_x1
            last += array[i & 1] += last;  // dup2, dup2_x2
            last = array[1] = last + 1;    // dup2_x2
            array[0]++;
        }
        double d = 0.5;
        float f = n;
        while (d < n) {
            d *= 1.5;
            f = (float) d - f;
        }
        return last + (long) d + (int) f;
    }

    static int postfix(int n) {
        int[] array = {0, 0};
        Counts counts = new Counts(0, null);
        int sum = 0;
        for (int i = 0; i < n; i++)
            sum += counts.field++ + array[i & 1]++ + total++; // dup_x1, dup2, dup_x2, dup
        return sum;
    }

    static int quotient(int a, int b) {
        int before = a * 3;
        int result = a / b;
        return before + result;
    }

    static int caught(int n) {
        int caught = 0;
        for (int i = 0; i < n; i++)
            try {
                caught += quotient(i, i % 3);
                caught += TABLE[i];
            } catch (ArithmeticException e) {
                caught--;
            } catch (ArrayIndexOutOfBoundsException e) {
                caught += 100;
            } finally {
                caught ^= 1;
            }
        return caught;
    }

    static int lengths(int[] array) {
        int sum = 0;
        for (int i = 0; i < array.length; i++)
            sum += array[i];
        if (sum > array.length)
            sum -= 2;
        return array.length >= sum ? sum : -1;
    }

    static int ofNull(int n) {
        int failed = 0;
        for (int i = 0; i < n; i++)
            try {
                failed += lengths(i == 3 ? TABLE : null);
            } catch (NullPointerException e) {
                failed++;
            }
        return failed;
    }

    static int thrown(int n) {
        if (n == 0)
            throw new IllegalStateException();
        return thrown(n - 1) + 1;
    }

    static int unwound(int n) {
        try {
            return thrown(n);
        } catch (IllegalStateException e) {
            return -n;
        }
    }

    synchronized int locked(int n) {
        if (n > 5)
            throw new IllegalArgumentException();
        synchronized (TABLE) {
            return field += n;
        }
    }

    static int locks(int n) {
        Counts counts = new Counts(0, null);
        int failed = 0;
        for (int i = 0; i < n; i++)
            try {
                counts.locked(i);
            } catch (IllegalArgumentException e) {
                failed++;
            }
        return failed;
    }

    interface Shape {
        int area();
    }

    static class Square implements Shape {
        final int side;

        Square(int side) {
            this.side = side;
        }

        public int area() {
            return side * side;
        }
    }

    static class Room extends Square {
        Room(int side) {
            super(side);
        }

        public int area() {
            return super.area() - 1;
        }
    }

    static int shapes(int n) {
        Shape[] shapes = {new Square(3), new Room(4)};
        int area = 0;
        for (int i = 0; i < n; i++) {
            Shape shape = shapes[i & 1];
            area += shape.area();
            if (shape instanceof Room)
                area += ((Room) shape).side;
        }
        return area;
    }

    static class Late {
        static int value = sum(4);
    }

    static int late(int n) {
        int value = 0;
        for (int i = 0; i < n; i++)
            value += Late.value;
        return value;
    }

    static String longs(long n, double d) {
        String text = "";
        for (long i = 0; i < n; i++)
            text = (i << 2) > n || d != d ? "more" : "less";
        return text;
    }

    public static void main(String[] arguments) {
        int n = arguments.length == 0 ? 12 : arguments.length;
        total += sum(1000) + doWhile(40) + nested(9) + depth(300) + fibonacci(n) + ackermann(2, 3);
        total += even(21) ? 1 : 0;
        total += branches(50) + dense(37) + sparse(7) + wideForms(4500);
        total += length(list(25)) + arrays(6) + (int) doubleSlots(9) + postfix(10);
        total += caught(12) + unwound(17) + locks(9) + shapes(11) + late(5) + longs(9, 2.5).length();
        total += lengths(TABLE) + lengths(new int[0]) + ofNull(7);
        total += sum(0) + sum(1) + depth(0);
    }
}
