import java.util.Arrays;

/** Arrays of several dimensions: all element types, partial dimensions, ragged, zero sizes, types, matrices. */
public class MultiArrays {
    static double[][] multiply(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                double sum = 0;
                for (int k = 0; k < b.length; k++) {
                    sum += a[i][k] * b[k][j];
                }
                c[i][j] = sum;
            }
        }
        return c;
    }

    static int[][] spiral(int n) {
        int[][] grid = new int[n][n];
        int x = 0, y = 0, dx = 1, dy = 0;
        for (int i = 1; i <= n * n; i++) {
            grid[y][x] = i;
            int nx = x + dx, ny = y + dy;
            if (nx < 0 || ny < 0 || nx >= n || ny >= n || grid[ny][nx] != 0) {
                int swap = dx;
                dx = -dy;
                dy = swap;
            }
            x += dx;
            y += dy;
        }
        return grid;
    }

    public static void main(String[] args) {
        boolean[][] z = new boolean[2][3];
        byte[][][] b = new byte[2][3][4];
        char[][] c = new char[3][];
        short[][] s = {{1, 2}, {}, {3}};
        long[][][][] l = new long[2][2][][];
        float[][] f = new float[0][5];
        String[][][] t = new String[1][2][3];
        z[1][2] = true;
        b[1][2][3] = -5;
        c[1] = "text".toCharArray();
        l[1][0] = new long[2][2];
        l[1][0][1][1] = 1L << 50;
        t[0][1][2] = "deep";
        System.out.println(Arrays.deepToString(z) + Arrays.deepToString(b) + c[1][2] + c[0] + Arrays.deepToString(s) + Arrays.deepToString(l) + f.length + Arrays.deepToString(t));
        Object[] types = {z, b, c, l, f, t, new int[1][0][2], new Object[2][][], new int[0][][].getClass()};
        for (Object type : types) {
            System.out.print(type.getClass().getName() + " ");
        }
        System.out.println();
        int[][][][][] five = new int[2][3][2][3][2];
        int n = 0;
        for (int[][][][] p : five) {
            for (int[][][] q : p) {
                for (int[][] r : q) {
                    for (int[] u : r) {
                        for (int i = 0; i < u.length; i++) {
                            u[i] = n++ * n % 101;
                        }
                    }
                }
            }
        }
        five[1][2][1][2][1] += five[0][1][1][0][0]++ * five[1][1][1][1][1]--;
        System.out.println(n + " " + Arrays.deepHashCode(five) + " " + five[1][2][1][2][1]);
        double[][] a = {{1, 2}, {3, 4}, {5, 6}}, m = {{0.5, -1, 2}, {1.5, 0, 1}};
        System.out.println(Arrays.deepToString(multiply(a, m)) + " " + Arrays.deepToString(multiply(m, a)));
        System.out.println(Arrays.deepToString(spiral(5)));
        Object[] mixed = {new int[] {1}, new Object[] {"x", new long[] {2}}, null};
        System.out.println(Arrays.deepToString(mixed));
        Object[][] rows = new String[2][2];
        rows[0] = new String[] {"a"};
        try {
            rows[1] = new Object[] {"b"};
        } catch (ArrayStoreException e) {
            System.out.println(e.getMessage());
        }
        int[][] shared = new int[3][];
        Arrays.fill(shared, new int[2]);
        shared[0][1] = 8;
        System.out.println(shared[2][1] + " " + (shared[0] == shared[1]));
        for (int[] dims : new int[][] {{2, -1}, {-1, 2}, {0, -1}}) {
            try {
                int[][] bad = new int[dims[0]][dims[1]];
                System.out.println("length " + bad.length);
            } catch (NegativeArraySizeException e) {
                System.out.println(e.getMessage());
            }
        }
        int[][] order = {{0, 0}, {0, 0}};
        int at = 0;
        order[at++][at] = at + (order[at][--at] = 7);
        System.out.println(Arrays.deepToString(order));
        long[][] triangle = new long[30][];
        for (int i = 0; i < triangle.length; i++) {
            triangle[i] = new long[i + 1];
            for (int j = 0; j <= i; j++) {
                triangle[i][j] = j == 0 || j == i ? 1 : triangle[i - 1][j - 1] + triangle[i - 1][j];
            }
        }
        System.out.println(triangle[29][14]);
    }
}
