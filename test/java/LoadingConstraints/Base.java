import parts.Item;

public class Base {
    public Item[] items;

    public String take(Item item) {
        return "base";
    }

    public Item[][] many(int count) {
        return null;
    }

    private void own(Item item) { }

    static void shared(Item item) { }

    @Override
    public String toString() {
        return getClass().getName() + " of " + getClass().getClassLoader().getName();
    }
}
