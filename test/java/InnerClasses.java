import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** Inner, nested, local and anonymous classes: captured variables, outer instances, private access, names. */
public class InnerClasses {
    private int value = 1;
    private static String tag = "outer";

    class Inner {
        int value = 10;

        class Innermost {
            int value = 100;

            int sum() {
                return value + Inner.this.value + InnerClasses.this.value++;
            }
        }

        private int hidden() {
            return value * 7;
        }
    }

    static class Nested {
        private int secret = 5;
        private static int made;

        private Nested() {
            made++;
        }

        private int reveal(InnerClasses outer) {
            return outer.value + secret;
        }
    }

    static class Extended extends InnerClasses.Inner {
        Extended(InnerClasses outer) {
            outer.super();
        }
    }

    static abstract class Template {
        final String made;

        Template() {
            made = make();
        }

        abstract String make();
    }

    IntSupplier counter(int start, String name) {
        int[] state = {start};
        class Counter implements IntSupplier {
            final int step;

            Counter(int step) {
                this.step = step;
            }

            public int getAsInt() {
                state[0] += step;
                return state[0] * 10 + name.length() + value;
            }

            Counter faster() {
                return new Counter(step + 1);
            }
        }
        return new Counter(1).faster();
    }

    public static void main(String[] args) {
        InnerClasses outer = new InnerClasses();
        Inner inner = outer.new Inner();
        Inner.Innermost deepest = inner.new Innermost();
        System.out.println(deepest.sum() + " " + deepest.sum() + " " + inner.hidden() + " " + outer.value);
        Nested nested = new Nested();
        nested.secret++;
        System.out.println(nested.reveal(outer) + " " + Nested.made + " " + ((Inner) new Extended(outer)).hidden());
        IntSupplier counter = outer.counter(3, "abc");
        System.out.println(counter.getAsInt() + " " + counter.getAsInt());
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int captured = i * i;
            long big = 1L << 40 + i;
            double fraction = i / 2.0;
            tasks.add(new Runnable() {
                int runs;

                {
                    runs = captured;
                }

                @Override
                public void run() {
                    runs++;
                    System.out.println(tag + captured + " " + big + " " + fraction + " " + runs + " " + this.getClass().getName());
                }
            });
        }
        tasks.forEach(Runnable::run);
        tasks.get(2).run();
        String captured = "early";
        Template template = new Template() {
            final String own = "own";

            String make() {
                return captured + own;
            }
        };
        System.out.println(template.made);
        Object anonymous = new Object() {
            int hidden = 3;

            @Override
            public String toString() {
                return "anonymous " + hidden;
            }
        };
        System.out.println(anonymous);
        var typed = new Object() {
            int a = 1;
            String b = "two";
        };
        typed.a += 5;
        System.out.println(typed.a + typed.b);
        Class<?>[] classes = {Inner.class, Inner.Innermost.class, Nested.class, counter.getClass(), anonymous.getClass(), int[].class, Inner[][].class};
        for (Class<?> c : classes) {
            System.out.println(c.getName() + " [" + c.getSimpleName() + "] " + c.getCanonicalName() + " " + c.getEnclosingClass() + " "
                    + c.getDeclaringClass() + " " + c.isMemberClass() + c.isLocalClass() + c.isAnonymousClass() + " "
                    + (c.getEnclosingMethod() == null ? null : c.getEnclosingMethod().getName()) + " " + c.getNestHost().getSimpleName());
        }
        try {
            InnerClasses none = null;
            none.new Inner();
        } catch (NullPointerException e) {
            System.out.println("no outer instance");
        }
    }
}
