import java.security.AccessControlContext;
import java.security.AccessControlException;
import java.security.AccessController;
import java.security.AllPermission;
import java.security.CodeSource;
import java.security.Permission;
import java.security.PermissionCollection;
import java.security.Permissions;
import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.security.ProtectionDomain;
import java.util.PropertyPermission;
import java.util.function.Supplier;

/** AccessController: the protection domains on the stack, privileged calls, contexts that thexits inherit. */
@SuppressWarnings("removal")
public class AccessControl {
    /** What classes on the class path may do, and others only if they are given it. */
    static final Permission EXIT = new RuntimePermission("exitVM.7");

    /** Defines classes anew in a domain that allows one thing or nothing. */
    static class Confined extends ClassLoader {
        final ProtectionDomain domain;

        Confined(Permission... allowed) {
            super(AccessControl.class.getClassLoader());
            PermissionCollection permissions = new Permissions();
            for (Permission permission : allowed)
                permissions.add(permission);
            domain = new ProtectionDomain(new CodeSource(null, (java.security.cert.Certificate[]) null), permissions);
        }

        @SuppressWarnings("unchecked")
        Supplier<String> make(Class<?> type) throws Exception {
            byte[] bytes = AccessControl.class.getResourceAsStream(type.getName() + ".class").readAllBytes();
            Class<?> made = defineClass(type.getName(), bytes, 0, bytes.length, domain);
            var constructor = made.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Supplier<String>) constructor.newInstance();
        }
    }

    public static class Asks implements Supplier<String> {
        public String get() {
            return AccessControl.ask();
        }
    }

    public static class Privileged implements Supplier<String> {
        public String get() {
            return AccessController.doPrivileged((PrivilegedAction<String>) AccessControl::ask);
        }
    }

    public static class Threads implements Supplier<String> {
        public String get() {
            String[] answer = new String[1];
            Thread thread = new Thread(() -> answer[0] = AccessControl.ask());
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                return e.toString();
            }
            return answer[0];
        }
    }

    public static String ask() {
        try {
            AccessController.checkPermission(EXIT);
            return "allowed";
        } catch (AccessControlException e) {
            return e.getMessage();
        }
    }

    static String privileged(Supplier<String> what) {
        return AccessController.doPrivileged((PrivilegedAction<String>) what::get);
    }

    static String within(AccessControlContext context) {
        return AccessController.doPrivileged((PrivilegedAction<String>) AccessControl::ask, context);
    }

    public static void main(String[] args) throws Exception {
        Confined nothing = new Confined(), exits = new Confined(EXIT), all = new Confined(new AllPermission());
        System.out.println("self " + ask());
        for (Class<?> type : new Class<?>[] {Asks.class, Privileged.class, Threads.class})
            for (Confined loader : new Confined[] {nothing, exits, all}) {
                Supplier<String> made = loader.make(type);
                System.out.println(type.getSimpleName() + (loader == nothing ? " nothing " : loader == exits ? " exit " : " all ") +
                        made.get() + ", called with privilege " + privileged(made));
            }

        AccessControlContext none = new AccessControlContext(new ProtectionDomain[] {nothing.domain});
        AccessControlContext some = new AccessControlContext(new ProtectionDomain[] {exits.domain, exits.domain, all.domain});
        System.out.println("within none " + within(none) + ", some " + within(some) + ", null " + within(null));
        System.out.println(AccessController.doPrivileged((PrivilegedAction<String>) () -> within(some) + " " + ask(), none));
        System.out.println(AccessController.doPrivileged((PrivilegedAction<String>) AccessControl::ask, null, new PropertyPermission("other", "read")));
        System.out.println(AccessController.doPrivileged((PrivilegedAction<String>) AccessControl::ask, null, EXIT));
        try {
            AccessController.doPrivileged((PrivilegedExceptionAction<Void>) () -> {
                throw new java.io.IOException("inside");
            });
        } catch (PrivilegedActionException e) {
            System.out.println(e);
        }
        AccessControlContext here = AccessController.getContext();
        try {
            here.checkPermission(EXIT);
            System.out.println("here allowed");
        } catch (AccessControlException e) {
            System.out.println("here " + e.getMessage());
        }
        System.out.println(here.equals(AccessController.getContext()) + " " + here.equals(none) + " " + none.equals(none));
    }
}
