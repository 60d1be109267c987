import parts.Item;

public interface Shape {
    void measure(Item item);
}
