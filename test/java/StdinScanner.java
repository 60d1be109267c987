import java.util.InputMismatchException;
import java.util.Locale;
import java.util.Scanner;

/** Scanner on standard input. */
public class StdinScanner {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in).useLocale(Locale.ROOT);
        int n = in.nextInt();
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += in.nextLong();
        }
        System.out.println(n + " numbers, sum " + sum);
        System.out.println(in.nextDouble() + " " + in.nextBoolean() + " " + in.next() + " " + in.nextBigInteger() + " " + in.nextInt(16));
        try {
            in.nextInt();
        } catch (InputMismatchException e) {
            System.out.println("mismatch " + e.getMessage() + ", it is " + in.next());
        }
        in.nextLine();
        System.out.println("[" + in.nextLine() + "] [" + in.nextLine() + "]");
        System.out.println(in.hasNextInt() + " " + in.findInLine("(\\w+)=(\\d+)") + " " + in.match().group(2));
        in.nextLine();
        in.useDelimiter("[,\\n]");
        int words = 0;
        StringBuilder text = new StringBuilder();
        while (in.hasNext()) {
            text.append(in.next().trim()).append('/');
            words++;
        }
        System.out.println(words + " " + text + " " + in.hasNextLine());
        try {
            in.next();
        } catch (java.util.NoSuchElementException e) {
            System.out.println(e.getClass().getName());
        }
    }
}
