/** Switches over strings (colliding hashes, fall through) and over enum constants. */
public class StringSwitch {
    enum Day { MON, TUE, WED, THU, FRI, SAT, SUN }

    static int number(String word) {
        switch (word) {
            case "Aa": return 1;
            case "BB": return 2;
            case "AaAa": return 3;
            case "BBBB": return 4;
            case "AaBB": return 5;
            case "": return 6;
            case "\u20ac": return 7;
            default: return 0;
        }
    }

    static String falls(String word) {
        String result = "";
        switch (word) {
            default:
                result += "default ";
            case "one":
                result += "one ";
            case "two":
                result += "two ";
                break;
            case "three":
                result += "three ";
        }
        return result;
    }

    static String kind(Day day) {
        return switch (day) {
            case SAT, SUN -> "weekend";
            case FRI -> {
                String almost = "almost ";
                yield almost + "weekend";
            }
            default -> {
                if (day == Day.WED) {
                    yield "middle";
                }
                yield "workday";
            }
        };
    }

    static int nested(String a, Day b) {
        return switch (a) {
            case "x" -> switch (b) {
                case MON -> 1;
                case TUE -> 2;
                default -> 3;
            };
            case "y" -> b.ordinal() * 10;
            default -> throw new IllegalArgumentException(a + " " + b);
        };
    }

    public static void main(String[] args) {
        for (String word : new String[] {"Aa", "BB", "AaAa", "BBBB", "AaBB", "BBAa", "", "\u20ac", "C#", new String("BB")}) {
            System.out.println(word + " " + word.hashCode() + " " + number(word));
        }
        for (String word : new String[] {"one", "two", "three", "four"}) {
            System.out.println(falls(word));
        }
        for (Day day : Day.values()) {
            System.out.println(day + " " + kind(day) + " " + nested("x", day) + " " + nested("y", day));
        }
        try {
            nested("z", Day.MON);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
        try {
            number(null);
        } catch (NullPointerException e) {
            System.out.println("null string");
        }
        try {
            kind(null);
        } catch (NullPointerException e) {
            System.out.println("null enum");
        }
    }
}
