/** String building: appending, concatenation, substrings, searching, comparing. */
public class Strings {
    public static void main(String[] args) {
        long digest = 0;
        for (int round = 0; round < 130; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 3000; i++) {
                text.append("item ").append(i).append(", value ").append(i * round).append(';');
            }
            String all = text.toString();
            int at = 0;
            for (int end; (end = all.indexOf(';', at)) >= 0; at = end + 1) {
                String part = all.substring(at, end);
                int comma = part.indexOf(',');
                String name = part.substring(0, comma) + "!" + part.length();
                if (name.startsWith("item 2") && !name.equals("item 2!")) {
                    digest += name.hashCode();
                }
                digest = digest * 31 + part.charAt(part.length() - 1);
            }
        }
        System.out.println(digest);
    }
}
