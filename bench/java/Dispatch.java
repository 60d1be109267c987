/** Virtual and interface calls, with one, two and many receivers' classes at a call. */
public class Dispatch {
    interface Shape {
        int area(int scale);
    }

    abstract static class Base implements Shape {
        int side;

        Base(int side) {
            this.side = side;
        }

        abstract int corners();

        int getSide() {
            return side;
        }
    }

    static class Square extends Base {
        Square(int side) {
            super(side);
        }

        public int area(int scale) {
            return side * side * scale;
        }

        int corners() {
            return 4;
        }
    }

    static class Triangle extends Base {
        Triangle(int side) {
            super(side);
        }

        public int area(int scale) {
            return side * side * scale >> 1;
        }

        int corners() {
            return 3;
        }
    }

    static class Line extends Base {
        Line(int side) {
            super(side);
        }

        public int area(int scale) {
            return 0;
        }

        int corners() {
            return 2;
        }

        @Override
        int getSide() {
            return -side;
        }
    }

    static class Point extends Line {
        Point() {
            super(0);
        }

        @Override
        int corners() {
            return 1;
        }
    }

    static int work(Shape[] shapes, int rounds) {
        int total = 0;
        for (int r = 0; r < rounds; r++) {
            for (int i = 0; i < shapes.length; i++) {
                Shape shape = shapes[i];
                total += shape.area(r & 7);
                Base base = (Base) shape;
                total ^= base.corners() + base.getSide();
            }
        }
        return total;
    }

    public static void main(String[] args) {
        Shape[] one = new Shape[64], two = new Shape[64], many = new Shape[64];
        for (int i = 0; i < 64; i++) {
            one[i] = new Square(i);
            two[i] = i % 2 == 0 ? new Square(i) : new Triangle(i);
            many[i] = i % 4 == 0 ? new Point() : i % 4 == 1 ? new Line(i) : i % 4 == 2 ? new Triangle(i) : new Square(i);
        }
        System.out.println(work(one, 110000) + " " + work(two, 110000) + " " + work(many, 110000));
    }
}
