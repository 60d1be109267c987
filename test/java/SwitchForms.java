/** Switch expressions and statements over int, char, byte, Integer; tables and lookups of many sizes. */
public class SwitchForms {
    static int days(int month, boolean leap) {
        return switch (month) {
            case 4, 6, 9, 11 -> 30;
            case 2 -> leap ? 29 : 28;
            default -> {
                if (month < 1 || month > 12) {
                    throw new IllegalArgumentException("month " + month);
                }
                yield 31;
            }
        };
    }

    static String hex(char c) {
        switch (c) {
            case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
                return "digit";
            case 'a': case 'b': case 'c': case 'd': case 'e': case 'f':
                return "letter";
            case '\uffff':
                return "last";
            default:
                return "none";
        }
    }

    static long weigh(byte b) {
        switch (b) {
            case -128: return 1L << 40;
            case -1: return 2;
            case 127: return 3;
        }
        return 0;
    }

    /* The shortest switch: no cases, and nothing behind it but the return. */
    static void noCases(int i) {
        switch (i) {
            default:
        }
    }

    static int boxed(Integer i) {
        switch (i) {
            case 1000: return 1;
            case -1000: return 2;
            default: return 3;
        }
    }

    static int machine(int[] program) {
        int accumulator = 0, steps = 0;
        for (int pc = 0; ; pc++) {
            steps++;
            switch (program[pc]) {
                case 0:
                    return accumulator * 1000 + steps;
                case 1:
                    accumulator += program[++pc];
                    break;
                case 2:
                    accumulator -= 3;
                    continue;
                case 3:
                    if (accumulator > 0) {
                        pc = program[pc + 1] - 1;
                    } else {
                        pc++;
                    }
                    break;
                default:
                    throw new IllegalStateException("code " + program[pc] + " at " + pc);
            }
        }
    }

    static String stacked(int a, int b) {
        return "<" + b * switch (a) {
            case 0 -> {
                try {
                    yield Integer.parseInt("x");
                } catch (NumberFormatException e) {
                    yield 10;
                } finally {
                    b++;
                }
            }
            case 1 -> 2;
            default -> 'c';
        } + b;
    }

    public static void main(String[] args) {
        noCases(1);
        for (int month = 1; month <= 12; month++) {
            System.out.print(days(month, month == 2) + " ");
        }
        System.out.println(days(2, false));
        for (int bad : new int[] {0, 13, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            try {
                days(bad, false);
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
        System.out.println(hex('7') + hex('f') + hex('g') + hex('\uffff') + hex('\0'));
        System.out.println(weigh((byte) 128) + " " + weigh((byte) 255) + " " + weigh((byte) 127) + " " + weigh((byte) 0));
        System.out.println(boxed(1000) + boxed(-1000) * 10 + boxed(0) * 100);
        System.out.println(machine(new int[] {1, 20, 2, 3, 2, 0}));
        System.out.println(stacked(0, 2) + " " + stacked(1, 2) + " " + stacked(2, 2));
        try {
            machine(new int[] {9});
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        try {
            boxed(null);
        } catch (NullPointerException e) {
            System.out.println(e.getMessage());
        }
        int hits = 0;
        for (int i = -50; i < 5000; i++) {
            switch (i) {
                case -7: case 13: case 170: case 2000: case 2003: case 4999: hits += i; break;
                case 0: hits++;
                case 1: hits++;
                case 2: hits++;
            }
        }
        System.out.println(hits);
    }
}
