/** Exceptions that end threads: handlers by thread, group and default; the usual message; the status of main's. */
public class UncaughtHandlers {
    static class Group extends ThreadGroup {
        Group() {
            super("own group");
        }

        @Override
        public void uncaughtException(Thread t, Throwable e) {
            System.out.println("group: " + t.getName() + " " + e);
            if (e instanceof Error) {
                super.uncaughtException(t, e);
            }
        }
    }

    static void run(ThreadGroup group, String name, Thread.UncaughtExceptionHandler handler, Runnable action) throws InterruptedException {
        Thread thread = new Thread(group, action, name);
        if (handler != null) {
            thread.setUncaughtExceptionHandler(handler);
        }
        thread.start();
        thread.join();
        System.out.println(name + " ended " + thread.getState() + " " + (thread.getUncaughtExceptionHandler() == null));
    }

    public static void main(String[] args) throws Exception {
        run(null, "plain", null, () -> {
            throw new IllegalStateException("plain");
        });
        run(null, "handled", (t, e) -> System.out.println("handler: " + t.getName() + " " + e.getMessage()), () -> {
            throw new IllegalStateException("handled");
        });
        Group group = new Group();
        run(group, "grouped", null, () -> {
            throw new IllegalStateException("grouped");
        });
        run(group, "grouped error", null, () -> {
            throw new AssertionError("grouped");
        });
        run(null, "handler fails", (t, e) -> {
            throw new RuntimeException("lost");
        }, () -> {
            throw new IllegalStateException("first");
        });
        Thread.setDefaultUncaughtExceptionHandler((t, e) -> System.out.println("default: " + t.getName() + " " + e + " " + e.getStackTrace()[0].getMethodName()));
        run(null, "defaulted", null, () -> {
            Object o = null;
            o.hashCode();
        });
        run(group, "grouped defaulted", null, () -> {
            throw new Error("to the default");
        });
        Thread.setDefaultUncaughtExceptionHandler(null);
        Thread late = new Thread(() -> {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                return;
            }
            System.out.println("still running after main ended");
        });
        late.start();
        throw new Exception("from main\twith a tab\nand a second line");
    }
}
