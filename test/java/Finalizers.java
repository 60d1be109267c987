/** Finalizers: run once, may resurrect, in sub classes, exceptions are ignored; runFinalization. */
public class Finalizers {
    static int finalized, failed, resurrected;
    static Phoenix saved;

    static class Mourned {
        @Override
        protected void finalize() {
            synchronized (Finalizers.class) {
                finalized++;
            }
        }
    }

    static class Failing {
        @Override
        protected void finalize() {
            synchronized (Finalizers.class) {
                failed++;
            }
            throw new RuntimeException("nobody sees this");
        }
    }

    static class Phoenix {
        final String name = "phoenix";
        Object part = new int[] {1, 2, 3};

        @Override
        protected void finalize() {
            synchronized (Finalizers.class) {
                resurrected++;
                saved = this;
            }
        }
    }

    static class Sub extends Mourned { }

    static class Empty {
        @Override
        protected void finalize() { }
    }

    static class Incomplete {
        Incomplete(boolean fail) {
            if (fail) {
                throw new IllegalStateException("never constructed");
            }
        }

        @Override
        protected void finalize() {
            synchronized (Finalizers.class) {
                finalized += 100;
            }
        }
    }

    static void make() {
        for (int i = 0; i < 10; i++) {
            new Mourned();
            new Sub();
            new Failing();
            new Empty();
        }
        new Phoenix();
    }

    static void makeIncomplete() {
        try {
            new Incomplete(true);
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }

    static boolean done(int a, int b, int c) {
        synchronized (Finalizers.class) {
            return finalized >= a && failed >= b && resurrected >= c;
        }
    }

    static void collect(int a, int b, int c) throws InterruptedException {
        for (int i = 0; i < 300 && !done(a, b, c); i++) {
            System.gc();
            System.runFinalization();
            Thread.sleep(2);
        }
        synchronized (Finalizers.class) {
            System.out.println(finalized + " " + failed + " " + resurrected);
        }
    }

    public static void main(String[] args) throws Exception {
        make();
        collect(20, 10, 1);
        System.out.println(saved.name + " " + ((int[]) saved.part)[2]);
        saved = null;
        System.gc();
        System.runFinalization();
        Thread.sleep(20);
        collect(20, 10, 1);
        System.out.println(saved);
        makeIncomplete();
        collect(120, 10, 1);
    }
}
