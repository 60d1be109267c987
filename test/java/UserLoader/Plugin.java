import java.util.function.Supplier;

/** Loaded several times, each with its own static state. */
public class Plugin implements Supplier<String> {
    private static int instances;
    private int calls;

    static {
        System.out.println("Plugin initialised in " + Plugin.class.getClassLoader().getName());
    }

    public Plugin() {
        instances++;
    }

    @Override
    public String get() {
        calls++;
        return new PluginHelper(this).describe() + calls + "/" + instances + "/" + helper(() -> "lambda");
    }

    private static String helper(Supplier<String> supplier) {
        return supplier.get();
    }

    public Object useMissing() {
        return new PluginMissing();
    }
}

class PluginHelper {
    final Plugin plugin;

    PluginHelper(Plugin plugin) {
        this.plugin = plugin;
    }

    String describe() {
        return (plugin.getClass() == Plugin.class) + "+";
    }
}

class PluginMissing { }
