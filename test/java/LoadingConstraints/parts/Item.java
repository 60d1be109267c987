package parts;

/** What the loaders differ about. */
public class Item { }
