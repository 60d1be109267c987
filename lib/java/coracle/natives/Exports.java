package coracle.natives;

import java.lang.module.ModuleDescriptor;
import java.util.Set;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;

/** Package coracle of java.base, which the module's descriptor does not know of: programs may use coracle.Image. */
final class Exports {
    private Exports() {}

    /** At the end of the boot. Only what the descriptor names can be exported: for once it names this package alone. */
    static void begin() {
        Unsafe u = Fields.U;
        Module base = Object.class.getModule();
        ModuleDescriptor descriptor = base.getDescriptor();
        long offset = Fields.offset(ModuleDescriptor.class, "packages");
        Object packages = u.getReference(descriptor, offset);
        u.putReference(descriptor, offset, Set.of("coracle"));
        SharedSecrets.getJavaLangAccess().addExports(base, "coracle");
        u.putReference(descriptor, offset, packages);
    }
}
