/** 10,000 class initialisations, each begun inside the one before. */
public class NestedInits {
    static final int COUNT = 10000;

    static class Loader extends ClassFile.Loader {
        final boolean fails;

        Loader(boolean fails) {
            this.fails = fails;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.startsWith("Init")) {
                throw new ClassNotFoundException(name);
            }
            int n = Integer.parseInt(name.substring(4));
            ClassFile file = new ClassFile(49, ClassFile.PUBLIC | ClassFile.SUPER, name, "java/lang/Object");
            file.field(ClassFile.PUBLIC | ClassFile.STATIC, "value", "I");
            ClassFile.Code code = new ClassFile.Code();
            if (n < COUNT) {
                code.op2(0xb2, file.fieldRef("Init" + (n + 1), "value", "I"));
            } else if (fails) {
                code.op(4, 3, 0x6c);
            } else {
                code.op(3);
            }
            code.op(4, 0x60).op2(0xb3, file.fieldRef(name, "value", "I")).op(0xb1);
            file.method(ClassFile.STATIC, "<clinit>", "()V", 2, 0, code);
            return define(name, file.toBytes());
        }
    }

    public static void main(String[] args) throws Exception {
        Class<?> first = Class.forName("Init0", true, new Loader(false));
        System.out.println(first.getField("value").getInt(null));
        try {
            Class.forName("Init0", true, new Loader(true));
        } catch (ExceptionInInitializerError e) {
            System.out.println(e.getCause());
        }
    }
}
