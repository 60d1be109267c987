import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Fork and join: recursive tasks and actions, exceptions, the common pool, parallel arrays. */
public class ForkJoin {
    static class Sum extends RecursiveTask<Long> {
        final int[] array;
        final int from, to;

        Sum(int[] array, int from, int to) {
            this.array = array;
            this.from = from;
            this.to = to;
        }

        @Override
        protected Long compute() {
            if (to - from <= 500) {
                long sum = 0;
                for (int i = from; i < to; i++) {
                    sum += array[i];
                }
                return sum;
            }
            int middle = (from + to) / 2;
            Sum left = new Sum(array, from, middle);
            left.fork();
            return new Sum(array, middle, to).compute() + left.join();
        }
    }

    static class Fibonacci extends RecursiveTask<Integer> {
        final int n;

        Fibonacci(int n) {
            this.n = n;
        }

        @Override
        protected Integer compute() {
            if (n < 2) {
                return n;
            }
            Fibonacci a = new Fibonacci(n - 1), b = new Fibonacci(n - 2);
            invokeAll(a, b);
            return a.join() + b.join();
        }
    }

    static class Sort extends RecursiveAction {
        final int[] array;
        final int from, to;

        Sort(int[] array, int from, int to) {
            this.array = array;
            this.from = from;
            this.to = to;
        }

        @Override
        protected void compute() {
            if (to - from < 100) {
                Arrays.sort(array, from, to);
                return;
            }
            int middle = (from + to) >>> 1;
            invokeAll(new Sort(array, from, middle), new Sort(array, middle, to));
            int[] left = Arrays.copyOfRange(array, from, middle);
            for (int i = 0, j = middle, k = from; i < left.length; k++) {
                array[k] = j < to && array[j] < left[i] ? array[j++] : left[i++];
            }
        }
    }

    public static void main(String[] args) throws Exception {
        int[] array = new int[20000];
        long expected = 0;
        for (int i = 0; i < array.length; i++) {
            array[i] = i * 7919 % 10007;
            expected += array[i];
        }
        ForkJoinPool pool = new ForkJoinPool(3);
        System.out.println(pool.invoke(new Sum(array, 0, array.length)) == expected);
        System.out.println(pool.invoke(new Fibonacci(15)));
        int[] sorted = array.clone();
        pool.invoke(new Sort(sorted, 0, sorted.length));
        int[] other = array.clone();
        Arrays.parallelSort(other);
        System.out.println(Arrays.equals(sorted, other) + " " + Arrays.hashCode(sorted));
        try {
            pool.invoke(new RecursiveAction() {
                @Override
                protected void compute() {
                    invokeAll(new RecursiveAction() {
                        @Override
                        protected void compute() {
                            throw new IllegalStateException("in a fork");
                        }
                    });
                }
            });
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(pool.submit(() -> IntStream.range(0, 1000).parallel().sum()).get() + " " + pool.getParallelism());
        pool.shutdown();
        System.out.println(pool.awaitTermination(10, TimeUnit.SECONDS));
        System.out.println(ForkJoinPool.commonPool().invoke(new Fibonacci(12)) + " " + ForkJoinPool.commonPool().submit(() -> "common").join());
        long[] prefix = new long[1000];
        Arrays.parallelSetAll(prefix, i -> i);
        Arrays.parallelPrefix(prefix, Long::sum);
        System.out.println(prefix[999]);
        List<Integer> numbers = IntStream.range(0, 5000).boxed().collect(Collectors.toList());
        System.out.println(numbers.parallelStream().map(n -> n * 3).filter(n -> n % 2 == 0).reduce(0, Integer::sum));
    }
}
