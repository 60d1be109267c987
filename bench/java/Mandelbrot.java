/** Double arithmetic in local variables. */
public class Mandelbrot {
    static int escape(double cx, double cy, int limit) {
        double x = 0, y = 0;
        int n = 0;
        while (n < limit && x * x + y * y <= 4) {
            double next = x * x - y * y + cx;
            y = 2 * x * y + cy;
            x = next;
            n++;
        }
        return n;
    }

    public static void main(String[] args) {
        int size = 330;
        long total = 0;
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                total += escape(column * 3.0 / size - 2.1, row * 2.4 / size - 1.2, 2000);
            }
        }
        System.out.println(total);
    }
}
