/** Text blocks: indentation, escapes, line ends. */
public class TextBlocks {
    public static void main(String[] args) {
        String poem = """
            A coracle
              on the river,
            small enough to carry.
            """;
        System.out.print(poem);
        System.out.println(poem.length() + " " + poem.hashCode() + " " + poem.lines().count());
        System.out.println("""
            "quoted" and \"""triple\""" \
            joined, tab\there, trailing\s\s
            unicode \u00e9 octal \101""");
        System.out.println("""
              two more
            than this
           and one less""");
        String json = """
            {
                "name": "%s",
                "count": %d
            }
            """.formatted("oar", 2);
        System.out.print(json);
        System.out.println("""
            """.isEmpty());
        System.out.println("""
            same""" == "same");
    }
}
