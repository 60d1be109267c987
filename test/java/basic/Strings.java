/** Strings without anything that needs a locale or a formatter. */
public class Strings {
    public static void main(String[] args) {
        String a = "coracle", b = "cor";
        String c = b + "acle";
        System.out.println(c);
        System.out.println(a == c ? "same" : "not the same");
        System.out.println(a.equals(c) ? "equal" : "not equal");
        System.out.println(a == c.intern() ? "same" : "not the same");
        System.out.println(a.hashCode());
        System.out.println(a.length());
        System.out.println(a.charAt(3));
        System.out.println(a.indexOf("cl"));
        System.out.println(a.substring(2, 5));
        System.out.println(a.compareTo(b));
        System.out.println("" + 1 + 'c' + true + 2L + null + a);
        StringBuilder builder = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            builder.append(i).append(i % 2 == 0 ? ',' : ';');
        }
        System.out.println(builder.toString());
        System.out.println(builder.reverse());
        System.out.println("\u00e4\u20ac\ud83d\ude00".length());
        System.out.println("\u00e4\u20ac".hashCode());
        String word = "two";
        for (int i = 0; i < 3; i++) {
            switch (word) {
                case "one":
                    System.out.println(1);
                    word = "three";
                    break;
                case "two":
                    System.out.println(2);
                    word = "one";
                    break;
                default:
                    System.out.println("many");
            }
        }
        System.out.println(Integer.parseInt("-12") + Integer.valueOf(30));
        System.out.println(Integer.toHexString(-1) + Long.toString(255, 16) + Integer.toBinaryString(10));
    }
}
