import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Executors, futures and CompletableFuture. */
public class Executors {
    static String outcome(Callable<?> action) {
        try {
            return String.valueOf(action.call());
        } catch (ExecutionException | CompletionException e) {
            return e.getClass().getSimpleName() + " of " + e.getCause();
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }

    public static void main(String[] args) throws Exception {
        ExecutorService pool = java.util.concurrent.Executors.newFixedThreadPool(3);
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int n = i;
            futures.add(pool.submit(() -> {
                int sum = 0;
                for (int k = 0; k <= n * 100; k++) {
                    sum += k;
                }
                return sum;
            }));
        }
        long total = 0;
        for (Future<Integer> future : futures) {
            total += future.get();
        }
        System.out.println(total + " " + futures.get(0).isDone());
        System.out.println(outcome(() -> pool.submit(() -> {
            throw new IllegalStateException("in a task");
        }).get()));
        System.out.println(outcome(() -> pool.submit(() -> { }, "result").get()));
        System.out.println(pool.invokeAll(List.of(() -> 1, () -> 2, () -> 3)).stream().map(f -> outcome(f::get)).toList());
        Callable<String> bad = () -> {
            throw new Exception("no");
        }, good = () -> "any";
        System.out.println(outcome(() -> pool.invokeAny(List.of(bad, good))));
        CountDownLatch hold = new CountDownLatch(1);
        Future<?> stuck = pool.submit(() -> {
            hold.await();
            return null;
        });
        System.out.println(outcome(() -> stuck.get(10, TimeUnit.MILLISECONDS)) + " " + stuck.cancel(true) + " " + stuck.isCancelled() + " " + outcome(stuck::get));
        AtomicInteger barrierActions = new AtomicInteger();
        CyclicBarrier barrier = new CyclicBarrier(3, barrierActions::incrementAndGet);
        List<Future<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(pool.submit(() -> {
                barrier.await();
                barrier.await();
                return barrierActions.get();
            }));
        }
        for (Future<Integer> future : waiting) {
            System.out.print(future.get() + " ");
        }
        System.out.println();
        ExecutorCompletionService<Integer> completion = new ExecutorCompletionService<>(pool);
        for (int i = 1; i <= 5; i++) {
            int n = i;
            completion.submit(() -> n * n);
        }
        int sum = 0;
        for (int i = 0; i < 5; i++) {
            sum += completion.take().get();
        }
        System.out.println(sum);
        pool.shutdown();
        System.out.println(pool.awaitTermination(10, TimeUnit.SECONDS) + " " + pool.isTerminated() + " " + outcome(() -> pool.submit(() -> 1)));

        ScheduledExecutorService timer = java.util.concurrent.Executors.newScheduledThreadPool(1);
        CountDownLatch ticks = new CountDownLatch(3);
        Future<?> ticking = timer.scheduleAtFixedRate(ticks::countDown, 1, 2, TimeUnit.MILLISECONDS);
        ticks.await();
        ticking.cancel(false);
        System.out.println(timer.schedule(() -> "scheduled", 5, TimeUnit.MILLISECONDS).get() + " " + timer.shutdownNow().size());

        ThreadPoolExecutor small = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new java.util.concurrent.ArrayBlockingQueue<>(1));
        CountDownLatch release = new CountDownLatch(1);
        small.execute(() -> outcome(() -> {
            release.await();
            return 0;
        }));
        small.execute(() -> { });
        System.out.println(outcome(() -> {
            small.execute(() -> { });
            return "accepted";
        }).equals(RejectedExecutionException.class.getSimpleName()));
        release.countDown();
        small.shutdown();
        System.out.println(small.awaitTermination(10, TimeUnit.SECONDS) + " " + small.getCompletedTaskCount());
        FutureTask<String> task = new FutureTask<>(() -> "by hand");
        new Thread(task).start();
        System.out.println(task.get());

        CompletableFuture<Integer> six = CompletableFuture.supplyAsync(() -> 6), seven = CompletableFuture.supplyAsync(() -> 7);
        System.out.println(six.thenCombine(seven, (a, b) -> a * b).thenApply(n -> "answer " + n).get());
        System.out.println(outcome(() -> CompletableFuture.supplyAsync(() -> Integer.parseInt("x")).thenApply(n -> n + 1).get()));
        System.out.println(CompletableFuture.<Integer>failedFuture(new Exception("failed")).exceptionally(e -> -1).join() + " "
                + CompletableFuture.supplyAsync(() -> 1 / Integer.parseInt("0")).handle((n, e) -> e.getCause().getMessage()).join());
        System.out.println(six.thenCompose(n -> CompletableFuture.supplyAsync(() -> n * 10)).join());
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int n = i;
            all.add(CompletableFuture.supplyAsync(() -> n * n));
        }
        CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).join();
        System.out.println(all.stream().mapToInt(CompletableFuture::join).sum());
        CompletableFuture<String> manual = new CompletableFuture<>();
        CompletableFuture<String> chained = manual.thenApplyAsync(String::toUpperCase).whenComplete((s, e) -> System.out.println("complete with " + s + " " + e));
        System.out.println(manual.isDone() + " " + manual.complete("value") + " " + manual.complete("again") + " " + chained.join() + " " + manual.getNow("none"));
        System.out.println(outcome(() -> new CompletableFuture<>().get(5, TimeUnit.MILLISECONDS)) + " " + outcome(() -> new CompletableFuture<>().orTimeout(5, TimeUnit.MILLISECONDS).join()).contains("TimeoutException")
                + " " + new CompletableFuture<String>().completeOnTimeout("late", 5, TimeUnit.MILLISECONDS).join());
        CompletableFuture<?> cancelled = new CompletableFuture<>();
        cancelled.cancel(true);
        System.out.println(outcome(cancelled::get) + " " + (outcome(cancelled::join).equals(CancellationException.class.getSimpleName())) + " "
                + CompletableFuture.anyOf(CompletableFuture.completedFuture("any"), new CompletableFuture<>()).join() + " " + TimeoutException.class.getSimpleName());
    }
}
