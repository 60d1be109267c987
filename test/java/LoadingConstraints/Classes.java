import parts.Item;

class ManyDerived extends Base {
    @Override
    public Item[][] many(int count) {
        return null;
    }
}

class Unrelated extends Base {
    private void own(Item item) { }

    static void shared(Item item) { }

    public void other(Item item) { }
}

class Below extends Derived { }

class Round implements Shape {
    @Override
    public void measure(Item item) { }

    @Override
    public String toString() {
        return getClass().getName() + " of " + getClass().getClassLoader().getName();
    }
}

class Heir extends Holder implements Shape { }

interface Defaults extends Shape {
    @Override
    default void measure(Item item) { }
}

class Takes implements Defaults { }

class Secret { }

class Outcast extends Secret { }

class Caller {
    @Override
    public String toString() {
        return String.valueOf(new Base().many(1));
    }
}

class Reader {
    @Override
    public String toString() {
        return String.valueOf(new Base().items);
    }
}
