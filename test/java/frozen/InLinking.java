import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Spends its time in bootstrap methods, while call sites are being linked. */
public class InLinking {
    public static CallSite slow(MethodHandles.Lookup lookup, String name, MethodType type) {
        System.out.println("linking " + name);
        int digest = 0;
        for (int i = 0; i < 300000; i++) {
            digest = digest * 31 + name.charAt(i % name.length());
        }
        System.out.println("linked " + name + " " + digest);
        return new ConstantCallSite(MethodHandles.constant(int.class, digest));
    }

    public static void main(String[] args) throws Exception {
        ClassFile file = new ClassFile(51, ClassFile.PUBLIC | ClassFile.SUPER, "Sites", "java/lang/Object");
        int bootstrap = file.bootstrap(file.methodHandle(6, file.methodRef("InLinking", "slow",
                "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;")));
        ClassFile.Code code = new ClassFile.Code().op(3);
        for (int i = 0; i < 10; i++) {
            code.op2(0xba, file.invokeDynamic(bootstrap, "site" + i, "()I")).op(0, 0, 0x60);
        }
        file.method(ClassFile.PUBLIC | ClassFile.STATIC, "run", "()I", 2, 0, code.op(0xac));
        Class<?> type = new ClassFile.Loader().define("Sites", file.toBytes());
        System.out.println(type.getMethod("run").invoke(null));
        System.out.println(type.getMethod("run").invoke(null));
    }
}
