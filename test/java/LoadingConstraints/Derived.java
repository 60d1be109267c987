import parts.Item;

public class Derived extends Base {
    @Override
    public String take(Item item) {
        return "derived";
    }
}
