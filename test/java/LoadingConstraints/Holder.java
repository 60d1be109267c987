import parts.Item;

public abstract class Holder {
    public void measure(Item item) { }
}
