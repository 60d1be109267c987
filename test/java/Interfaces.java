/** Interfaces: default, static and private methods, diamonds, super calls, abstract and conflicting methods at run time. */
public class Interfaces {
    interface Walker {
        int LEGS = Integer.parseInt("2");

        default String move() {
            return "walks on " + legs() + helper(1);
        }

        default int legs() {
            return LEGS;
        }

        private String helper(int n) {
            return "!".repeat(n) + secret();
        }

        private static String secret() {
            return "s";
        }

        static Walker of(int legs) {
            return new Walker() {
                @Override
                public int legs() {
                    return legs;
                }
            };
        }
    }

    interface Swimmer {
        default String move() {
            return "swims";
        }
    }

    interface Diver extends Swimmer {
        @Override
        default String move() {
            return "dives and " + Swimmer.super.move();
        }
    }

    static class Duck implements Walker, Diver {
        @Override
        public String move() {
            return Walker.super.move() + ", " + Diver.super.move();
        }
    }

    static class Fish implements Diver, Swimmer { }

    static class Base {
        public String move() {
            return "base moves";
        }
    }

    static class Winner extends Base implements Swimmer { }

    interface A {
        default String name() {
            return "A";
        }
    }

    interface B extends A { }

    interface C extends A {
        @Override
        default String name() {
            return "C" + A.super.name();
        }
    }

    static class D implements B, C { }

    static abstract class Partial implements C {
        public abstract String name();
    }

    static class Full extends Partial {
        public String name() {
            return "Full";
        }
    }

    interface Loud {
        String NAME = Interfaces.say("Loud initialised");

        default void shout() {
            System.out.println(NAME);
        }
    }

    interface Quiet {
        String NAME = Interfaces.say("Quiet initialised");

        void whisper();
    }

    static class Speaker implements Loud, Quiet {
        static {
            say("Speaker initialised");
        }

        public void whisper() {
            System.out.println("whispers");
        }
    }

    static String say(String what) {
        System.out.println(what);
        return what;
    }

    interface Functional<T> {
        T get();

        boolean equals(Object other);

        default Functional<T> twice() {
            return () -> {
                get();
                return get();
            };
        }
    }

    public static void main(String[] args) {
        System.out.println(new Duck().move());
        System.out.println(new Fish().move());
        System.out.println(new Winner().move());
        System.out.println(Walker.of(6).move());
        System.out.println(new D().name() + " " + new Full().name());
        Swimmer[] swimmers = {new Duck(), new Fish(), new Winner(), new Swimmer() { }};
        for (int round = 0; round < 2; round++) {
            for (Swimmer swimmer : swimmers) {
                System.out.println(swimmer.getClass().getSimpleName() + " " + swimmer.move() + " " + (swimmer instanceof Walker));
            }
        }
        Speaker speaker = new Speaker();
        speaker.shout();
        speaker.whisper();
        System.out.println(Quiet.NAME);
        int[] count = {0};
        Functional<Integer> next = () -> ++count[0];
        System.out.println(next.twice().twice().get() + " " + next.equals(next));
        Object walker = Walker.of(4);
        System.out.println(walker.equals(walker) + " " + (walker.hashCode() == walker.hashCode()) + " " + ((Walker) walker).toString().startsWith("Interfaces"));
        CharSequence[] sequences = {"text", new StringBuilder("builder"), new StringBuffer("buffer")};
        for (CharSequence sequence : sequences) {
            System.out.println(sequence.length() + " " + sequence.charAt(1) + " " + sequence.subSequence(1, 3) + " " + sequence.chars().sum());
        }
        try {
            Object fish = new Fish();
            System.out.println(((Walker) fish).legs());
        } catch (ClassCastException e) {
            System.out.println("a fish does not walk");
        }
    }
}
