import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Private access among nest mates: fields, methods, constructors, interfaces, reflection. */
public class NestMates {
    private int own = 1;
    private static int shared = 10;

    private static int secret(int n) {
        return n * shared;
    }

    private NestMates() { }

    private NestMates(int own) {
        this.own = own;
    }

    static class A {
        private int a = 2;

        private int add(NestMates outer, B b) {
            outer.own += a;
            b.value += outer.own;
            shared++;
            return secret(b.compute(this));
        }

        private static class Deep {
            private long depth = new NestMates(50).own;

            private long all(A a) {
                return depth + a.a++ + new B(7).value;
            }
        }
    }

    static class B {
        private int value;

        private B(int value) {
            this.value = value;
        }

        private int compute(A a) {
            return a.a * 100 + value;
        }

        private int same() {
            return 1;
        }
    }

    static class C extends B {
        private C() {
            super(3);
        }

        private int same() {
            return 2;
        }

        int both() {
            return same() * 10 + super.same() + ((B) this).same();
        }
    }

    interface I {
        private int hidden() {
            return 5;
        }

        private static int hiddenStatic() {
            return 6;
        }

        default int call(I other) {
            return hidden() + other.hidden() + hiddenStatic();
        }
    }

    public static void main(String[] args) throws Exception {
        NestMates outer = new NestMates();
        A a = new A();
        B b = new B(4);
        System.out.println(a.add(outer, b) + " " + outer.own + " " + b.value + " " + shared + " " + a.a);
        System.out.println(new A.Deep().all(a) + " " + a.a + " " + new C().both() + " " + new I() { }.call(new I() { }));
        System.out.println(B.class.getDeclaredConstructor(int.class).newInstance(9).value + " " + A.class.getDeclaredMethod("add", NestMates.class, B.class).invoke(a, outer, b));
        System.out.println(A.Deep.class.getNestHost() + " " + A.class.isNestmateOf(C.class) + " " + A.class.isNestmateOf(String.class) + " "
                + Stream.of(NestMates.class.getNestMembers()).map(Class::getSimpleName).sorted(Comparator.naturalOrder()).collect(Collectors.toList()));
        Runnable lambda = () -> System.out.println(outer.own + secret(2));
        lambda.run();
        System.out.println(Arrays.stream(NestMates.class.getDeclaredMethods()).map(m -> m.getName()).filter(n -> n.startsWith("access$")).count());
        try {
            String.class.getDeclaredMethod("isLatin1").invoke("x");
        } catch (IllegalAccessException e) {
            System.out.println(e.getMessage());
        }
    }
}
