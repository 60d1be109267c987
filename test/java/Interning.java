/** Constant strings, intern, string hashes, compile-time constants across classes. */
public class Interning {
    static class Other {
        static final String NAME = "shared";
        static final String JOINED = "sha" + "red";
        static final String LATE;

        static {
            LATE = "sha".concat("red");
        }
    }

    public static void main(String[] args) {
        String here = "shared";
        System.out.println((here == Other.NAME) + " " + (here == Other.JOINED) + " " + (here == Other.LATE) + " "
                + (here == Other.LATE.intern()) + " " + (here == new String(here)) + " " + (here == new String(here).intern()));
        String fresh = new StringBuilder("never seen ").append("before").toString();
        System.out.println((fresh.intern() == fresh) + " " + ("never " + args.length).equals("never 0"));
        System.out.println("".intern() == "");
        System.out.println("\ud83d\ude00".intern() == new String(Character.toChars(0x1f600)).intern());
        int same = 0;
        String[] made = new String[5000];
        for (int i = 0; i < made.length; i++) {
            made[i] = ("key" + i).intern();
        }
        System.gc();
        for (int i = 0; i < made.length; i++) {
            if (made[i] == ("key" + i).intern()) {
                same++;
            }
        }
        System.out.println(same);
        String[] collide = {"Aa", "BB"};
        System.out.println(collide[0].hashCode() == collide[1].hashCode());
        System.out.println("\0".hashCode() + " " + "f5a5a608".hashCode() + " " + "polygenelubricants".hashCode());
        long digest = 0;
        StringBuilder grow = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            digest = digest * 31 + grow.toString().hashCode();
            grow.append((char) (i * 37 % 0x300));
        }
        System.out.println(digest);
        System.out.println(Interning.class.getName() == Interning.class.getName());
        System.out.println(Interning.class.getName() == "Interning");
    }
}
