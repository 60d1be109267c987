/**
 * Writes src/javap/identifier_table.inc: which characters from U+0080 on may begin identifiers of the Java language, and which
 * others may follow, as the class library of this Java knows them.
 *
 *     java tool/identifier_table/IdentifierTable.java > src/javap/identifier_table.inc
 *
 * Each table holds the distances between the characters where the answer changes; first it is no. A distance is one byte, or
 * several of seven bits, the highest first, all but the last with their top bit set.
 */
public class IdentifierTable {
    private static final int FIRST = 0x80;

    private interface Test {
        boolean holds(int character);
    }

    public static void main(String[] arguments) {
        System.out.println("/* identifier_table.inc - made by tool/identifier_table from Java " + Runtime.version().feature() + ". */");
        print("start_table", Character::isJavaIdentifierStart);
        print("part_table", c -> Character.isJavaIdentifierPart(c) && !Character.isJavaIdentifierStart(c));
    }

    private static void print(String name, Test test) {
        StringBuilder line = new StringBuilder("   ");
        boolean before = false;
        int last = FIRST;
        System.out.println("static const uint8_t " + name + "[] = {");
        for (int c = FIRST; c <= Character.MAX_CODE_POINT + 1; c++) {
            boolean now = c <= Character.MAX_CODE_POINT && test.holds(c);
            if (now == before) continue;
            int distance = c - last;
            for (int shift = 14; shift >= 0; shift -= 7) {
                if (shift > 0 && distance >> shift == 0) continue;
                line.append(' ').append(distance >> shift & 127 | (shift > 0 ? 128 : 0)).append(',');
                if (line.length() > 110) {
                    System.out.println(line);
                    line.setLength(3);
                }
            }
            last = c;
            before = now;
        }
        if (line.length() > 3) System.out.println(line);
        System.out.println("};");
    }
}
