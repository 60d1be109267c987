/** What initialises a class and what does not: constants, arrays, super classes, interfaces, reflection, instances. */
public class InitOrder {
    static int log(String what, int value) {
        System.out.println("init " + what);
        return value;
    }

    interface Root {
        int ROOT = log("Root", 1);
    }

    interface WithDefault extends Root {
        int FIELD = log("WithDefault", 2);

        default void method() { }
    }

    interface Plain extends WithDefault {
        int PLAIN = log("Plain", 3);
    }

    static class Parent implements WithDefault {
        static int parent = log("Parent", 4);
        int instance = log("Parent.instance", 5);

        Parent() {
            log("Parent()", 0);
            hook();
        }

        void hook() {
            log("Parent.hook", 0);
        }

        static void call() { }
    }

    static class Child extends Parent implements Plain {
        static final int CONSTANT = 7;
        static final String TEXT = "text";
        static final Integer BOXED = log("Child.BOXED", 8);
        static int child;
        int value = log("Child.value", 9);

        static {
            child = log("Child", CONSTANT + BOXED);
        }

        {
            log("Child block " + value, 0);
        }

        Child() {
            super();
            log("Child()", 0);
        }

        @Override
        void hook() {
            log("Child.hook " + value, 0);
        }
    }

    static class Lazy {
        static {
            log("Lazy", 0);
        }

        static void touch() { }
    }

    static class Holder {
        static final Object[] ARRAY = {log("Holder", 0)};
    }

    static class Recursive {
        static int before = 5;
        static final Recursive SELF = new Recursive();
        static int after = 6;
        final int sawBefore = before, sawAfter = after;
    }

    static class First {
        static {
            log("First", 0);
        }

        static int value = Second.value + 1;
    }

    static class Second {
        static {
            log("Second", 0);
        }

        static int value = First.value + 10;
    }

    enum Phase {
        ONE(log("ONE", 1)), TWO(log("TWO", 2));
        static final int COUNT = log("COUNT " + values().length, 3);
        final int n;

        Phase(int n) {
            this.n = n;
        }
    }

    static class Loud {
        static {
            log("Loud", 0);
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(Child.CONSTANT + Child.TEXT);
        Child[] array = new Child[2];
        Class<?> literal = Child.class;
        System.out.println(array.length + literal.getSimpleName() + (args instanceof Object));
        Object none = null;
        System.out.println(none instanceof Lazy);
        Child.call();
        System.out.println(Child.parent);
        new Child();
        System.out.println(Plain.PLAIN);
        System.out.println(Holder.ARRAY.length);
        System.out.println(Recursive.SELF.sawBefore + " " + Recursive.SELF.sawAfter + " " + Recursive.after);
        System.out.println(First.value + " " + Second.value);
        System.out.println(Phase.TWO.n + " " + Phase.COUNT);
        Class.forName("InitOrder$Loud", false, InitOrder.class.getClassLoader());
        System.out.println("loaded");
        Class.forName("InitOrder$Loud");
        Runnable lazily = Lazy::touch;
        System.out.println("made");
        lazily.run();
        int x = 1;
        x += args.length > 3 ? Unused.value : 0;
        System.out.println(x);
    }

    static class Unused {
        static int value = log("never", 0);
    }
}
