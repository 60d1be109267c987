/** StringBuilder and StringBuffer: growth, insertion, deletion, the step from Latin-1 to UTF-16. */
public class StringBuilders {
    public static void main(String[] args) {
        StringBuilder text = new StringBuilder(2);
        text.append(1).append('c').append(2L).append(3.5f).append(4.25).append(true).append((Object) null)
                .append(new char[] {'x', 'y'}).append("string").append("sequence", 1, 3).appendCodePoint(0x1f6a3);
        System.out.println(text + " " + text.length());
        text.insert(0, "start ").insert(3, -7).insert(5, 'q').insert(2, 1.5).delete(0, 2).deleteCharAt(4).replace(1, 3, "---");
        System.out.println(text);
        System.out.println(text.reverse());
        text.setLength(5);
        System.out.println(text + "|");
        text.setLength(7);
        System.out.println(text.charAt(6) == 0);
        text.setCharAt(6, '\u20ac');
        System.out.println(text.toString().replace('\0', '0') + " " + text.indexOf("\u20ac") + " " + text.lastIndexOf("x"));
        StringBuilder growing = new StringBuilder();
        for (int i = 0; i < 10000; i++) {
            growing.append((char) (i % 3 == 0 ? 'a' + i % 26 : i));
        }
        System.out.println(growing.length() + " " + growing.toString().hashCode());
        StringBuffer buffer = new StringBuffer("abc");
        buffer.append(buffer).append(buffer, 1, 4).insert(3, buffer);
        System.out.println(buffer + " " + buffer.compareTo(new StringBuffer("abd")));
        System.out.println(new StringBuilder("abc").compareTo(new StringBuilder("ab")));
        char[] out = new char[4];
        growing.getChars(26, 30, out, 0);
        System.out.println((int) out[0] + " " + (int) out[3] + " " + growing.codePointAt(100));
        StringBuilder digits = new StringBuilder();
        for (int i = Integer.MIN_VALUE, n = 0; n < 40; i = i / 3 - 1, n++) {
            digits.append(i).append(' ').append((long) i * i).append(' ');
        }
        System.out.println(digits);
        String[] bad = {"charAt", "delete", "insert", "setLength", "substring", "deleteCharAt", "capacity"};
        for (String what : bad) {
            try {
                StringBuilder b = new StringBuilder("abc");
                switch (what) {
                    case "charAt" -> b.charAt(3);
                    case "delete" -> b.delete(2, 1);
                    case "insert" -> b.insert(4, "x");
                    case "setLength" -> b.setLength(-1);
                    case "substring" -> b.substring(2, 7);
                    case "deleteCharAt" -> b.deleteCharAt(-1);
                    default -> new StringBuilder(-1);
                }
                System.out.println("no error");
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
    }
}
