/** try-with-resources: order of closing, suppressed exceptions, null resources, effectively final variables. */
public class TryWithResources {
    static class Resource implements AutoCloseable {
        final String name;
        final boolean failClose;

        Resource(String name, boolean failOpen, boolean failClose) {
            if (failOpen) {
                throw new IllegalStateException("open " + name);
            }
            System.out.println("open " + name);
            this.name = name;
            this.failClose = failClose;
        }

        @Override
        public void close() {
            System.out.println("close " + name);
            if (failClose) {
                throw new IllegalArgumentException("close " + name);
            }
        }
    }

    static String use(boolean openFails, boolean bodyFails, boolean closeFails) {
        try (Resource a = new Resource("a", false, closeFails);
             Resource none = null;
             Resource b = new Resource("b", openFails, closeFails)) {
            if (bodyFails) {
                throw new RuntimeException("body");
            }
            return "result " + a.name + b.name;
        } catch (RuntimeException e) {
            StringBuilder text = new StringBuilder(e.getMessage());
            for (Throwable suppressed : e.getSuppressed()) {
                text.append(", suppressed ").append(suppressed.getMessage());
            }
            return text.toString();
        } finally {
            System.out.println("finally");
        }
    }

    public static void main(String[] args) throws Exception {
        for (int i = 0; i < 8; i++) {
            System.out.println(use((i & 4) != 0, (i & 2) != 0, (i & 1) != 0));
        }
        Resource outside = new Resource("outside", false, true);
        try (outside) {
            System.out.println("inside");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        for (int i = 0; i < 3; i++) {
            try (Resource r = new Resource("loop" + i, false, false)) {
                if (i == 0) {
                    continue;
                }
                break;
            }
        }
        try (AutoCloseable lambda = () -> System.out.println("lambda closed")) {
            System.out.println("with lambda");
        }
        try (Resource r = new Resource("uncaught", false, true)) {
            throw new Exception("leaves main");
        }
    }
}
