import java.io.BufferedReader;
import java.io.InputStreamReader;

/** Reads standard input that comes slowly: most of the time it is in a blocking call. */
public class InCall {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in), 16);
        int total = 0;
        for (String line; (line = in.readLine()) != null; ) {
            total += Integer.parseInt(line.trim());
            System.out.println(line + " makes " + total);
        }
        System.out.println("end at " + total);
    }
}
