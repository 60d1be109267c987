import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Computes in several threads, with lambdas, strings, maps and recursion on the stacks. */
public class Computing {
    static long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    static double integrate(java.util.function.DoubleUnaryOperator f, int steps) {
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            sum += f.applyAsDouble((i + 0.5) / steps) / steps;
        }
        return sum;
    }

    public static void main(String[] args) throws Exception {
        long[] results = new long[2];
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < results.length; t++) {
            int me = t;
            threads.add(new Thread(() -> {
                Map<String, Integer> counts = new HashMap<>();
                for (int i = 0; i < 30000; i++) {
                    counts.merge("key" + i * 31 % 97, me + 1, Integer::sum);
                }
                results[me] = counts.values().stream().mapToLong(n -> n).sum() + fib(20);
            }));
        }
        threads.forEach(Thread::start);
        for (int i = 15; i < 25; i++) {
            System.out.println("fib " + i + " is " + fib(i));
            System.out.println("integral " + integrate(x -> Math.sqrt(1 - x * x) * 4, i * 1000));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(results[0] + " " + results[1]);
    }
}
