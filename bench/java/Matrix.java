/** Multiplication of matrices of ints: nested loops over arrays of arrays. */
public class Matrix {
    static int[][] multiply(int[][] a, int[][] b) {
        int n = a.length;
        int[][] c = new int[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                int sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += a[i][k] * b[k][j];
                }
                c[i][j] = sum % 1009;
            }
        }
        return c;
    }

    public static void main(String[] args) {
        int n = 160;
        int[][] a = new int[n][n], b = new int[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = i * 31 + j;
                b[i][j] = i - j * 7;
            }
        }
        for (int round = 0; round < 28; round++) {
            a = multiply(a, b);
        }
        int digest = 0;
        for (int[] row : a) {
            for (int cell : row) {
                digest = digest * 31 + cell;
            }
        }
        System.out.println(digest);
    }
}
