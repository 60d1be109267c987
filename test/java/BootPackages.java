import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Packages of the boot loader: those of classes that were made while the program runs are not among them. */
public class BootPackages {
    interface Own {}

    public static void main(String[] arguments) throws Exception {
        Object ofBoot = Proxy.newProxyInstance(null, new Class<?>[] {Runnable.class}, (proxy, method, args) -> null);
        Object ofOwn = Proxy.newProxyInstance(BootPackages.class.getClassLoader(), new Class<?>[] {Own.class}, (proxy, method, args) -> null);
        Runnable lambda = () -> System.out.println("run");
        lambda.run();
        ((Runnable) ofBoot).run();
        System.out.println(ofBoot.getClass().getPackageName() + " " + ofOwn.getClass().getPackage());
        List<String> own = new ArrayList<>();
        for (Package p : Package.getPackages()) {
            Objects.requireNonNull(p);
            String module = Class.forName("java.lang.Object").getPackage().getName().equals(p.getName()) ? "java.lang is there" : null;
            if (module != null) System.out.println(module + ": " + p + ", " + p.getImplementationTitle());
            if (!p.getName().matches("(java|javax|jdk|sun|com.sun)(\\..*)?")) own.add("[" + p.getName() + "]");
        }
        System.out.println(own);
        System.out.println(ofBoot.getClass().getPackage() + " " + ClassLoader.getPlatformClassLoader().getDefinedPackage("java.lang"));
    }
}
