import java.io.BufferedReader;
import java.io.InputStreamReader;

/** One thread reads standard input that comes slowly, and so is in a blocking call most of the time; main computes. */
public class InCall {
    static volatile boolean done;

    static void read() throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in), 16);
        int total = 0;
        for (String line; (line = in.readLine()) != null; ) {
            total += Integer.parseInt(line.trim());
            System.out.println(line + " makes " + total);
        }
        System.out.println("end at " + total);
        done = true;
    }

    public static void main(String[] args) throws Exception {
        Thread reader = new Thread(() -> {
            try {
                read();
            } catch (Exception e) {
                e.printStackTrace();
            }
        });
        reader.start();
        double sum = 0;
        for (int i = 1; !done && reader.isAlive(); i++) {
            sum += 1.0 / i;
        }
        reader.join();
        System.out.println(sum > 0);
    }
}
