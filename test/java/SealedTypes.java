import java.util.ArrayList;
import java.util.List;

/** Sealed hierarchies, instanceof patterns and their scopes, an evaluator over them. */
public class SealedTypes {
    sealed interface Expression permits Constant, Negation, Binary, Variable { }

    record Constant(double value) implements Expression { }

    record Negation(Expression operand) implements Expression { }

    static final class Variable implements Expression {
        final String name;

        Variable(String name) {
            this.name = name;
        }
    }

    static abstract sealed class Binary implements Expression permits Sum, Product {
        final Expression left, right;

        Binary(Expression left, Expression right) {
            this.left = left;
            this.right = right;
        }
    }

    static final class Sum extends Binary {
        Sum(Expression left, Expression right) {
            super(left, right);
        }
    }

    static non-sealed class Product extends Binary {
        Product(Expression left, Expression right) {
            super(left, right);
        }
    }

    static class Square extends Product {
        Square(Expression operand) {
            super(operand, operand);
        }
    }

    static double evaluate(Expression e, double x) {
        if (e instanceof Constant c) {
            return c.value();
        } else if (e instanceof Negation n && n.operand() instanceof Negation inner) {
            return evaluate(inner.operand(), x);
        } else if (e instanceof Negation n) {
            return -evaluate(n.operand(), x);
        } else if (e instanceof Variable) {
            return x;
        } else if (!(e instanceof Binary binary)) {
            throw new AssertionError();
        } else {
            double left = evaluate(binary.left, x), right = evaluate(binary.right, x);
            return binary instanceof Sum ? left + right : left * right;
        }
    }

    static String show(Expression e) {
        if (e instanceof Constant c) {
            return c.value() == (long) c.value() ? Long.toString((long) c.value()) : Double.toString(c.value());
        }
        if (e instanceof Variable v && v.name.length() == 1) {
            return v.name;
        }
        if (e instanceof Square s) {
            return show(s.left) + "^2";
        }
        if (e instanceof Binary b) {
            return "(" + show(b.left) + (b instanceof Sum ? " + " : " * ") + show(b.right) + ")";
        }
        return e instanceof Negation n ? "-" + show(n.operand()) : "?";
    }

    static Expression derive(Expression e) {
        if (e instanceof Constant) {
            return new Constant(0);
        }
        if (e instanceof Variable) {
            return new Constant(1);
        }
        if (e instanceof Negation n) {
            return new Negation(derive(n.operand()));
        }
        Binary b = (Binary) e;
        return b instanceof Sum ? new Sum(derive(b.left), derive(b.right))
                : new Sum(new Product(derive(b.left), b.right), new Product(b.left, derive(b.right)));
    }

    static String classify(Object o) {
        if (o instanceof Integer i && i > 10) {
            return "big " + i;
        }
        if (o instanceof Number n && !(n instanceof Integer)) {
            return "number " + n.intValue();
        }
        if (o instanceof int[] array && array.length > 0) {
            return "ints from " + array[0];
        }
        if (o instanceof List<?> list) {
            return list.isEmpty() ? "nothing" : "list of " + classify(list.get(0));
        }
        return o instanceof String s ? "\"" + s + "\"" : String.valueOf(o);
    }

    public static void main(String[] args) {
        Expression x = new Variable("x");
        Expression[] all = {new Sum(x, new Constant(2)), new Negation(new Negation(x)), new Square(new Sum(x, new Constant(0.5))),
                new Product(new Negation(x), new Sum(new Square(x), new Constant(-1))), new Variable("long")};
        for (Expression e : all) {
            System.out.println(show(e) + " at 3: " + evaluate(e, 3) + "; derived: " + show(derive(e)) + " at 3: " + evaluate(derive(e), 3));
        }
        Object[] things = {5, 50, 2.5, 7L, new int[] {4}, new int[0].length, List.of(), List.of("a"), null, "s", new ArrayList<>(List.of(99))};
        for (Object thing : things) {
            System.out.println(classify(thing));
        }
        System.out.println(Expression.class.isSealed() + " " + Product.class.isSealed() + " " + Expression.class.getPermittedSubclasses().length
                + " " + Binary.class.getPermittedSubclasses()[1].getSimpleName() + " " + Sum.class.getPermittedSubclasses());
    }
}
