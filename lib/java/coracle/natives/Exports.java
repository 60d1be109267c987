package coracle.natives;

import java.util.HashMap;
import java.util.Map;

/** Package coracle of java.base, which the module's descriptor does not know of: programs may use coracle.Image. */
final class Exports {
    private Exports() {}

    /**
     * At the end of the boot. As if the descriptor exported the package as it does java.lang: Module.implAddExports would
     * do it too, but through lambdas, which take a third of the boot's time.
     */
    @SuppressWarnings("unchecked")
    static void begin() {
        Module base = Object.class.getModule();
        long offset = Fields.offset(Module.class, "exportedPackages");
        Map<String, Object> packages = new HashMap<>((Map<String, Object>) Fields.U.getReference(base, offset));
        packages.put("coracle", packages.get("java.lang"));
        Fields.U.putReferenceVolatile(base, offset, packages);
    }
}
