import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/** Enums with fields, bodies, interfaces; EnumMap and EnumSet; valueOf errors. */
public class Enums {
    interface Priced {
        int price();
    }

    enum Coin implements Priced {
        PENNY(1), NICKEL(5), DIME(10) {
            @Override
            public String describe() {
                return "thin " + super.describe();
            }
        }, QUARTER(25);

        static int made;
        private final int cents;

        static {
            made = values().length;
        }

        Coin(int cents) {
            this.cents = cents;
        }

        public int price() {
            return cents;
        }

        public String describe() {
            return name().toLowerCase() + " of " + cents;
        }
    }

    enum Operation {
        ADD("+") { int apply(int a, int b) { return a + b; } },
        SUBTRACT("-") { int apply(int a, int b) { return a - b; } },
        MULTIPLY("*") { int apply(int a, int b) { return a * b; } };

        final String symbol;

        Operation(String symbol) {
            this.symbol = symbol;
        }

        abstract int apply(int a, int b);

        @Override
        public String toString() {
            return symbol;
        }
    }

    enum Empty { }

    enum Single {
        INSTANCE;
        int counter;

        int next() {
            return ++counter;
        }
    }

    public static void main(String[] args) {
        for (Coin coin : Coin.values()) {
            System.out.println(coin + " " + coin.ordinal() + " " + coin.describe() + " " + coin.getClass().getName() + " "
                    + coin.getDeclaringClass().getName() + " " + coin.price() + " " + coin.compareTo(Coin.DIME));
        }
        System.out.println(Coin.made + " " + Coin.valueOf("DIME") + " " + Enum.valueOf(Coin.class, "PENNY") + " "
                + Empty.values().length + " " + Single.INSTANCE.next() + Single.INSTANCE.next());
        for (Operation operation : Operation.values()) {
            System.out.println(7 + " " + operation + " " + 3 + " = " + operation.apply(7, 3) + " " + operation.name());
        }
        EnumMap<Coin, Integer> counts = new EnumMap<>(Coin.class);
        counts.put(Coin.QUARTER, 3);
        counts.put(Coin.PENNY, 7);
        counts.merge(Coin.PENNY, 5, Integer::sum);
        counts.computeIfAbsent(Coin.NICKEL, coin -> coin.price() * 100);
        int total = 0;
        for (Map.Entry<Coin, Integer> entry : counts.entrySet()) {
            total += entry.getKey().price() * entry.getValue();
        }
        System.out.println(counts + " " + total + " " + counts.containsKey(Coin.DIME) + " " + counts.remove(Coin.PENNY) + " " + counts);
        EnumSet<Coin> set = EnumSet.range(Coin.NICKEL, Coin.QUARTER);
        set.remove(Coin.DIME);
        System.out.println(set + " " + EnumSet.complementOf(set) + " " + EnumSet.allOf(Operation.class) + " "
                + EnumSet.noneOf(Coin.class) + " " + set.contains(Coin.DIME) + " " + EnumSet.of(Coin.DIME, Coin.PENNY));
        for (String name : new String[] {"EURO", "", null}) {
            try {
                System.out.println(Coin.valueOf(name));
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
        System.out.println(Coin.DIME.equals(Coin.DIME) + " " + (Coin.valueOf("DIME") == Coin.DIME) + " "
                + Arrays.toString(Coin.class.getEnumConstants()) + " " + Coin.class.isEnum() + " " + Coin.DIME.getClass().isEnum()
                + " " + Coin.DIME.describeConstable().get());
        Coin[] coins = Coin.values();
        coins[0] = null;
        System.out.println(Coin.values()[0] + " " + Enum.valueOf(Single.class, "INSTANCE").next());
    }
}
