/** Static, virtual, interface and special calls, recursion, many arguments. */
public class Calls {
    interface Shape {
        int area();

        default String describe() {
            return name() + " of " + area();
        }

        String name();
    }

    static abstract class Base implements Shape {
        int calls;

        public String name() {
            calls++;
            return "base";
        }

        int twice() {
            return area() * 2;
        }
    }

    static class Square extends Base {
        final int side;

        Square(int side) {
            this.side = side;
        }

        public int area() {
            return side * side;
        }

        public String name() {
            return "square/" + super.name();
        }
    }

    static class Rectangle extends Base {
        final int width, height;

        Rectangle(int width, int height) {
            this.width = width;
            this.height = height;
        }

        public int area() {
            return width * height;
        }

        public String describe() {
            return "rectangle: " + super.describe();
        }

        private int secret() {
            return 42;
        }

        int tell() {
            return secret();
        }
    }

    static int fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    static int ackermann(int m, int n) {
        return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
    }

    static long mixed(int a, long b, double c, float d, byte e, short f, char g, boolean h, Object i, int[] j, long k) {
        return a + b + (long) c + (long) d + e + f + g + (h ? 1 : 0) + (i == null ? 0 : 1) + j[0] + k;
    }

    static boolean isEven(int n) {
        return n == 0 || isOdd(n - 1);
    }

    static boolean isOdd(int n) {
        return n != 0 && isEven(n - 1);
    }

    public static void main(String[] args) {
        System.out.println(fib(20));
        System.out.println(ackermann(2, 9));
        System.out.println(mixed(1, 2, 3, 4, (byte) 5, (short) 6, 'a', true, "x", new int[] {8}, 9));
        System.out.println(isEven(501) ? "even" : "odd");
        Shape[] shapes = {new Square(3), new Rectangle(4, 5), new Square(6)};
        for (Shape shape : shapes) {
            System.out.println(shape.describe());
            System.out.println(((Base) shape).twice());
            System.out.println(((Base) shape).calls);
        }
        System.out.println(new Rectangle(1, 2).tell());
    }
}
