package q;

import java.io.IOException;
import java.io.StringReader;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

@Target({ElementType.TYPE_USE, ElementType.TYPE_PARAMETER}) @Retention(RetentionPolicy.RUNTIME) @interface TA {
    int value() default 3;
    String[] names() default {};
}

@Target({ElementType.TYPE_USE, ElementType.TYPE_PARAMETER}) @Retention(RetentionPolicy.CLASS) @interface TB { }

@Retention(RetentionPolicy.RUNTIME) @interface All {
    byte b() default 1;
    char c() default 'x';
    short s() default 2;
    int i() default -5;
    long l() default 1L << 40;
    float f() default 1.5f;
    double d() default 1e23;
    boolean z() default true;
    String t() default "q\"\n'\u1234\t";
    Class<?> k() default String[].class;
    ElementType e() default ElementType.FIELD;
    Deprecated n() default @Deprecated(since = "x");
    int[] arr() default {1, 2, 3};
    Deprecated[] ns() default {@Deprecated, @Deprecated(forRemoval = true)};
    Class<?>[] ks() default {int.class, void.class, Map.Entry.class};
    char c2() default '\'';
    char c3() default '\u0007';
}

@Retention(RetentionPolicy.CLASS) @interface Inv {
    int value() default 0;
}

/** A class with much of what the language can put into a class file. */
@All(b = 3, arr = {}, i = 9, t = "", n = @Deprecated(since = "2"), ns = {@Deprecated})
public abstract class Rich<@TA(5) T extends @TA Object & @TB Comparable<@TA T>, U> extends @TA(7) ArrayList<@TA(names = {"a", "b"}) T>
        implements @TB Runnable, Comparator<Map.Entry<? extends @TA T, ? super @TB U>[]> {
    static final long L = 123456789012L;
    static final char C = '\u00e9', Q = '\'', W = '"', BS = '\\', NL = '\n', U1 = '\u1234', DEL = '\u007f', NUL = 0, SUR = '\ud801';
    static final String S = "s\u0000\ud800\u00e9\n'\"\\\b\f\ud83d\ude00";
    static final float F = Float.NaN, F2 = Float.NEGATIVE_INFINITY, F3 = 1e10f;
    static final double D = 1e23, D2 = Double.MIN_VALUE, D3 = Double.POSITIVE_INFINITY, D4 = 2e-3, D5 = 1.0e7, D6 = -0.0;
    static final boolean B = true;
    static final byte BY = -1;
    static final short SH = -2;
    @TA int @TB [] @TA [] f1;
    Map<@TA String, @TB List<@TA(1) ? extends @TB Number>> m;
    Outer<String>.In<@TA Integer> o;
    Outer<String>.@TB In<Integer> o2;
    volatile int vol;
    transient protected int tra;
    Object anon = new Object() {
        int z = 3;
        {
            class Loc { }
            new Loc();
        }
    };

    @TA Rich() { }

    @TA(8) Rich(@TB int a, String... b) throws Exception {
        assert a > 3 : "no";
    }

    <@TB V extends @TA Runnable, W extends List<@TB V>> V gen(@Inv(3) @Deprecated final V v, @TA int[]... xs)
            throws @TA IOException, @TB IllegalStateException {
        @TA String s = "x";
        @TB Object ob = (@TA Runnable & @TB Comparable<?>) null;
        try (@TA StringReader r = new @TB StringReader("")) {
            s += ob instanceof @TA String;
        } catch (@TB RuntimeException e) {
        }
        Supplier<Object> su = @TA Object::new;
        Function<Integer, int[]> fa = @TA int[]::new;
        Supplier<List<String>> g = () -> new @TA ArrayList<@TB String>();
        this.<@TA String>gm();
        List<@TA String> ls = new LinkedList<@TB String>();
        Runnable rr = this::<@TA String>gm;
        switch (s) {
        case "a": return v;
        case "b": return null;
        }
        switch (xs.length) {
        case -2147483648: return v;
        case 5: case 100000: return null;
        default:
        }
        switch (xs.length) {
        case 3: case 4: case 5: return null;
        }
        long q = 5;
        for (int i = 0; i < 10000; i += 1000) q += i;
        double dd = q * 3.0e-5 + 1.0f;
        int[][][] mm = new int[3][4][];
        char[] cc = new char[3];
        boolean[] zz = new boolean[1];
        synchronized (this) {
            return mm.length > 70000 ? v : null;
        }
    }

    <Z> void gm() { }
    static synchronized final native private void nat();
    public void run(@TA Rich<@TB T, U> this) { }
    static int big(int a) {
        int l1 = 0;
        long l2 = 0;
        return a;
    }
    /** @deprecated */
    @Deprecated void old() { }
    float fl() { return 3.4e38f + Float.MIN_VALUE + 1e-5f; }
    String many() { return "" + L + C + fl() + f1 + m; }
    abstract <X extends Throwable> void thr(X x) throws X;
    abstract int inner(Map.Entry<String, int[]>[] z, Outer<T>.In2 w);

    static {
        System.out.println(Rich.class);
    }

    class Outer<X> {
        class In<Y> { }
        class In2 { }
    }

    enum E {
        A {
            void x() { }
        }, B;
        void x() { }
    }

    record R(@TA int a, @Deprecated List<@TB String> b, int... c) {
        R { }
    }
    record Empty() { }
    sealed interface Seal permits P1, P2 { }
    static final class P1 implements Seal { }
    non-sealed interface P2 extends Seal { }

    interface Def {
        Object X = new Object();
        default void d() { }
        private void p() { }
        static void s() { }
        private static void t() { }
        default <A> A g(A a) { return a; }
        void h();
    }
}
