/** When classes are initialised, and constants that do not initialise. */
public class Statics {
    static void say(String what) {
        System.out.println(what);
    }

    static class Parent {
        static int value = 5;
        static final int CONSTANT = 6;

        static {
            say("Parent");
        }
    }

    static class Child extends Parent {
        static int own = compute();

        static int compute() {
            say("Child");
            return value + 1;
        }
    }

    static class Never {
        static {
            say("Never");
        }
    }

    static class Ring1 {
        static int a = Ring2.b + 1;
    }

    static class Ring2 {
        static int b = Ring1.a + 10;
    }

    long first = 1;
    int second;

    {
        second = 2;
    }

    Statics() {
        first += second;
    }

    public static void main(String[] args) {
        say("main");
        say("" + Child.CONSTANT);
        say("" + Child.value);
        say("" + Child.own);
        Never[] none = new Never[3];
        say("" + none.length);
        say("" + Ring1.a);
        say("" + Ring2.b);
        say("" + new Statics().first);
    }
}
