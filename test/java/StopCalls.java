/** The world is stopped again and again while a thread only calls and returns: it has no loop that passes a safepoint. */
public class StopCalls {
    static volatile boolean over;

    static int fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    @SuppressWarnings("removal")
    public static void main(String[] args) throws Exception {
        Thread calls = new Thread(() -> {
            fib(55);
            over = true;
        });
        calls.setDaemon(true);
        calls.start();
        Thread stands = new Thread(() -> {
            try {
                Thread.sleep(100000);
            } catch (InterruptedException e) {
                return;
            }
        });
        stands.setDaemon(true);
        stands.start();
        for (int i = 0; i < 100000 && !over; i++) {
            stands.suspend();
            stands.resume();
        }
        System.out.println(over ? "it went on to its end" : "it was stopped each time");
    }
}
