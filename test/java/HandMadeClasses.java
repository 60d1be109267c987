import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.reflect.InvocationTargetException;

/** What javac does not write: own bootstrap methods, dynamic constants, method types as constants, stack juggling, linkage errors. */
public class HandMadeClasses {
    static final int STATIC = ClassFile.PUBLIC | ClassFile.STATIC;
    static int bootstraps;

    public static CallSite bootstrap(MethodHandles.Lookup lookup, String name, MethodType type, String prefix, int times) throws Exception {
        bootstraps++;
        MethodHandle target = lookup.findStatic(HandMadeClasses.class, "decorate", MethodType.methodType(String.class, String.class, int.class, String.class));
        return new ConstantCallSite(MethodHandles.insertArguments(target, 0, prefix + name, times).asType(type));
    }

    public static String decorate(String prefix, int times, String text) {
        return prefix + text.repeat(times);
    }

    public static CallSite failing(MethodHandles.Lookup lookup, String name, MethodType type) {
        bootstraps++;
        throw new IllegalStateException("bootstrap of " + name);
    }

    public static CallSite wrongType(MethodHandles.Lookup lookup, String name, MethodType type) {
        return new MutableCallSite(MethodType.methodType(void.class));
    }

    public static Object nothing(MethodHandles.Lookup lookup, String name, MethodType type) {
        return null;
    }

    public static Object constant(MethodHandles.Lookup lookup, String name, Class<?> type) {
        bootstraps++;
        return type == int.class ? (Object) 41 : type == double.class ? (Object) 2.5 : name + "!";
    }

    public static Object badConstant(MethodHandles.Lookup lookup, String name, Class<?> type) {
        bootstraps++;
        throw new ArithmeticException("no constant");
    }

    public static class Target {
        public int field = 5;
        private int hidden = 6;

        private static String secret() {
            return "secret";
        }

        public void present() { }
    }

    interface Loud {
        void shout();
    }

    static void call(String what, ClassFile file, String name, Object... arguments) {
        ClassFile.Loader loader = new ClassFile.Loader();
        Class<?> type = loader.define(name, file.toBytes());
        for (int i = 0; i < 2; i++) {
            try {
                Object result = arguments.length == 0 ? type.getMethod("run").invoke(null) : type.getMethod("run", arguments[0].getClass()).invoke(null, arguments);
                System.out.println(what + ": " + result);
            } catch (InvocationTargetException e) {
                System.out.println(what + ": " + text(e.getCause()) + " / " + text(e.getCause().getCause()));
            } catch (Throwable t) {
                System.out.println(what + ": not called: " + text(t));
            }
        }
    }

    static void refuse(String what, ClassFile file) {
        try {
            System.out.println(what + ": " + new ClassFile.Loader().define(null, file.toBytes()));
        } catch (Throwable t) {
            System.out.println(what + ": " + text(t));
        }
    }

    static String text(Throwable t) {
        return String.valueOf(t).replaceAll("@(0?x)?[0-9a-f]+", "@");
    }

    static ClassFile file(int version, String name) {
        return new ClassFile(version, ClassFile.PUBLIC | ClassFile.SUPER, name, "java/lang/Object");
    }

    /** An interface whose run calls its private method on a receiver of this type. */
    static ClassFile privateMethod(String receiver) {
        ClassFile file = new ClassFile(55, ClassFile.PUBLIC | 0x600, "Private", "java/lang/Object");
        file.method(2, "own", "()Ljava/lang/Object;", 1, 1, new ClassFile.Code().op(0x2a, 0xb0));
        return file.method(STATIC, "run", "(L" + receiver + ";)Ljava/lang/Object;", 2, 1, new ClassFile.Code().op(0x2a)
                .op2(0xb9, file.interfaceMethodRef("Private", "own", "()Ljava/lang/Object;")).op(1, 0, 0xb0));
    }

    static int bootstrapHandle(ClassFile file, String name, String descriptor) {
        return file.methodHandle(6, file.methodRef("HandMadeClasses", name, descriptor));
    }

    static final String SITE = "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;";
    static final String DYNAMIC = "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;)Ljava/lang/Object;";

    public static void main(String[] args) throws Throwable {
        ClassFile file = file(51, "Indy");
        int index = file.bootstrap(bootstrapHandle(file, "bootstrap", SITE.replace(";)", ";Ljava/lang/String;I)")), file.string("<"), file.integer(3));
        file.method(STATIC, "run", "(Ljava/lang/String;)Ljava/lang/Object;", 2, 1,
                new ClassFile.Code().op(0x2a).op2(0xba, file.invokeDynamic(index, "name", "(Ljava/lang/String;)Ljava/lang/Object;")).op(0, 0, 0xb0));
        call("invokedynamic", file, "Indy", "ab");
        System.out.println(bootstraps);

        for (String name : new String[] {"failing", "wrongType", "nothing", "missing"}) {
            file = file(51, "Bad");
            index = file.bootstrap(bootstrapHandle(file, name, name.equals("nothing") ? SITE.replace("invoke/CallSite", "lang/Object").replace("java/lang/lang", "java/lang") : SITE));
            file.method(STATIC, "run", "()I", 2, 1, new ClassFile.Code().op2(0xba, file.invokeDynamic(index, "site", "()I")).op(0, 0, 0xac));
            call(name, file, "Bad");
        }
        System.out.println(bootstraps);

        file = file(55, "Condy");
        index = file.bootstrap(bootstrapHandle(file, "constant", DYNAMIC));
        file.method(STATIC, "run", "()Ljava/lang/Object;", 4, 1, new ClassFile.Code().op2(0x13, file.dynamicConstant(index, "number", "I")).op(4, 0x60)
                .op2(0xb8, file.methodRef("java/lang/String", "valueOf", "(I)Ljava/lang/String;")).op2(0x13, file.dynamicConstant(index, "text", "Ljava/lang/String;"))
                .op2(0xb6, file.methodRef("java/lang/String", "concat", "(Ljava/lang/String;)Ljava/lang/String;"))
                .op2(0x14, file.dynamicConstant(index, "double", "D")).op2(0xb8, file.methodRef("java/lang/String", "valueOf", "(D)Ljava/lang/String;"))
                .op2(0xb6, file.methodRef("java/lang/String", "concat", "(Ljava/lang/String;)Ljava/lang/String;")).op(0xb0));
        call("dynamic constants", file, "Condy");
        file = file(55, "BadCondy");
        index = file.bootstrap(bootstrapHandle(file, "badConstant", DYNAMIC));
        file.method(STATIC, "run", "()Ljava/lang/Object;", 1, 1, new ClassFile.Code().op2(0x13, file.dynamicConstant(index, "bad", "Ljava/lang/Object;")).op(0xb0));
        call("failing constant", file, "BadCondy");
        System.out.println(bootstraps);

        file = file(51, "Constants");
        file.method(STATIC, "run", "()Ljava/lang/Object;", 3, 1, new ClassFile.Code().op2(0x13, file.methodType("(IJ)Ljava/lang/String;")).op2(0xb6, file.methodRef("java/lang/Object", "toString", "()Ljava/lang/String;"))
                .op2(0x13, file.methodHandle(6, file.methodRef("java/lang/Math", "abs", "(I)I"))).op2(0xb6, file.methodRef("java/lang/Object", "toString", "()Ljava/lang/String;"))
                .op2(0xb6, file.methodRef("java/lang/String", "concat", "(Ljava/lang/String;)Ljava/lang/String;"))
                .op2(0x13, file.type("[[I")).op2(0xb6, file.methodRef("java/lang/Object", "toString", "()Ljava/lang/String;"))
                .op2(0xb6, file.methodRef("java/lang/String", "concat", "(Ljava/lang/String;)Ljava/lang/String;")).op(0xb0));
        call("handles as constants", file, "Constants");

        // dup_x1, dup_x2, dup2, dup2_x1, dup2_x2, swap, pop2 on ints and longs.
        file = file(49, "Stack");
        file.method(STATIC, "run", "()J", 12, 1, new ClassFile.Code()
                .op(0x04, 0x05, 0x5a, 0x64, 0x60)                        // 1 2 dup_x1: 2 1 2, isub: 2 -1, iadd: 1
                .op(0x06, 0x07, 0x08, 0x5b, 0x68, 0x60, 0x60, 0x60)      // 3 4 5 dup_x2: 5 3 4 5, imul iadd iadd: 28, with 1: 29
                .op(0x05, 0x5c, 0x64, 0x60, 0x60)                        // 29 2 dup2: 29 2 29 2, isub iadd iadd: 58
                .op(0x06, 0x07, 0x5d, 0x64, 0x60, 0x60, 0x60)            // 58 3 4 dup2_x1: 3 4 58 3 4, isub iadd iadd iadd: 64
                .op(0x08, 0x5f, 0x64, 0x85)                              // 64 5 swap: 5 64, isub: -59, i2l
                .op(0x0a, 0x5c, 0x61, 0x61)                              // 1L dup2 ladd ladd: -57
                .op(0x06, 0x85, 0x04, 0x85, 0x5e, 0x65, 0x61, 0x61)      // 3L 1L dup2_x2: 1L 3L 1L, lsub ladd ladd: -54
                .op(0x07, 0x0a, 0x5d, 0x58, 0x57, 0x61)                  // 4 1L dup2_x1: 1L 4 1L, pop2 pop: 1L, ladd: -53
                .op(0x09, 0x58, 0x03, 0x03, 0x58, 0xad));
        call("stack operations", file, "Stack");

        String[][] members = {{"field", "HandMadeClasses$Target", "none", "I"}, {"field", "HandMadeClasses$Target", "field", "J"}, {"field", "HandMadeClasses$Target", "hidden", "I"},
            {"static", "HandMadeClasses$Target", "none", "()I"}, {"static", "HandMadeClasses$Target", "present", "()V"}, {"static", "HandMadeClasses$Target", "secret", "()Ljava/lang/String;"},
            {"static", "no/such/Class", "method", "()V"}, {"virtual", "HandMadeClasses$Loud", "shout", "()V"}, {"interface", "HandMadeClasses$Target", "present", "()V"}, {"new", "HandMadeClasses$Loud"},
            {"new", "java/lang/Number"}, {"new", "no/such/Other"}, {"cast", "no/such/Third"}, {"static field", "HandMadeClasses$Target", "field", "I"}, {"final", "java/lang/Integer", "MAX_VALUE", "I"}};
        for (String[] member : members) {
            file = file(49, "Linking");
            ClassFile.Code code = new ClassFile.Code();
            switch (member[0]) {
                case "field" -> code.op(1).op2(0xc0, file.type(member[1])).op2(0xb4, file.fieldRef(member[1], member[2], member[3])).op(member[3].equals("J") ? 0x58 : 0x57);
                case "static" -> code.op2(0xb8, file.methodRef(member[1], member[2], member[3]));
                case "virtual" -> code.op(1).op2(0xc0, file.type(member[1])).op2(0xb6, file.methodRef(member[1], member[2], member[3]));
                case "interface" -> code.op(1).op2(0xc0, file.type(member[1])).op2(0xb9, file.interfaceMethodRef(member[1], member[2], member[3])).op(1, 0);
                case "new" -> code.op2(0xbb, file.type(member[1]));
                case "cast" -> code.op2(0xbb, file.type("HandMadeClasses$Target")).op(0x59).op2(0xb7, file.methodRef("HandMadeClasses$Target", "<init>", "()V")).op2(0xc0, file.type(member[1]));
                case "static field" -> code.op2(0xb2, file.fieldRef(member[1], member[2], member[3]));
                default -> code.op(3).op2(0xb3, file.fieldRef(member[1], member[2], member[3]));
            }
            file.method(STATIC, "run", "()V", 3, 1, code.op(0xb1));
            call(String.join(" ", member), file, "Linking");
        }

        // A class that lacks a method of its interface, and one whose super class's method is abstract.
        ClassFile.Loader loader = new ClassFile.Loader();
        file = file(49, "Mute");
        file.implement("java/lang/Runnable").implement("java/util/concurrent/Callable").constructor("java/lang/Object");
        Object mute = loader.define("Mute", file.toBytes()).getConstructor().newInstance();
        try {
            ((Runnable) mute).run();
        } catch (AbstractMethodError e) {
            System.out.println(text(e));
        }
        file = new ClassFile(49, ClassFile.PUBLIC | ClassFile.SUPER, "Writer2", "java/io/Writer").constructor("java/io/Writer");
        Object writer = loader.define("Writer2", file.toBytes()).getConstructor().newInstance();
        try {
            ((java.io.Writer) writer).write("x");
        } catch (AbstractMethodError e) {
            System.out.println(text(e));
        }
        Object list = "not a list";
        file = file(49, "NoCast");
        file.method(STATIC, "run", "(Ljava/lang/String;)I", 2, 1, new ClassFile.Code().op(0x2a).op2(0xb9, file.interfaceMethodRef("java/util/List", "size", "()I")).op(1, 0, 0xac));
        call("interface call without a cast", file, "NoCast", list);
        // Fields as method handles: the class library says what may not be accessed.
        for (String[] field : new String[][] {{"1", "HandMadeClasses$Target", "hidden", "I"}, {"3", "HandMadeClasses$Target", "field", "I"}, {"2", "HandMadeClasses", "bootstraps", "I"},
            {"4", "java/lang/Integer", "MAX_VALUE", "I"}, {"2", "HandMadeClasses", "missing", "I"}, {"1", "java/lang/Integer", "MAX_VALUE", "I"}}) {
            file = file(51, "FieldHandle");
            file.method(STATIC, "run", "()Ljava/lang/Object;", 1, 1, new ClassFile.Code().op2(0x13, file.methodHandle(Integer.parseInt(field[0]), file.fieldRef(field[1], field[2], field[3]))).op(0xb0));
            call("handle " + String.join(" ", field), file, "FieldHandle");
        }
        // What a class may not extend, implement, be called, or call in its verified code.
        refuse("hidden interface", file(51, "Internal").implement("jdk/internal/access/JavaLangAccess"));
        refuse("hidden super class", new ClassFile(51, ClassFile.PUBLIC | ClassFile.SUPER, "Internal", "jdk/internal/misc/VM"));
        refuse("prohibited", file(51, "java/Evil"));
        file = new ClassFile(51, ClassFile.PUBLIC | ClassFile.SUPER, "Sub", "java/lang/ClassLoader");
        file.method(STATIC, "run", "()V", 2, 1, new ClassFile.Code().op2(0xbb, file.type("java/lang/ClassLoader")).op(0x59).op2(0xb7, file.methodRef("java/lang/ClassLoader", "<init>", "()V")).op(0xb1));
        call("protected constructor", file, "Sub");
        // A monitor that is left without having been entered.
        file = file(49, "Unbalanced");
        file.method(STATIC, "run", "()V", 1, 1, new ClassFile.Code().op2(0x13, file.string("nobody's")).op(0xc3, 0xb1));
        call("monitorexit", file, "Unbalanced");
        // Static interface initialisation order and a native method without an implementation.
        file = file(49, "Native").abstractMethod(STATIC | 0x100, "run", "()V");
        call("native", file, "Native");
        // Of what is stored into an array of booleans, the low bit stays.
        for (int elements : new int[] {4, 8}) { // boolean, byte
            file = file(49, "Elements");
            file.method(STATIC, "run", "()Ljava/lang/Object;", 5, 1, new ClassFile.Code().op(5, 0xbc, elements, 0x4b, 0x2a, 3, 0x10, 6, 0x54, 0x2a, 4, 2, 0x54)
                    .op(0x2a, 3, 0x33, 0x10, 10, 0x68, 0x2a, 4, 0x33, 0x60).op2(0xb8, file.methodRef("java/lang/String", "valueOf", "(I)Ljava/lang/String;")).op(0xb0));
            call("elements " + elements, file, "Elements");
        }
        // What java.lang.invoke keeps for itself: these calls do not check the types of their arguments.
        String handle = "java/lang/invoke/MethodHandle", object = "Ljava/lang/Object;";
        for (String[] method : new String[][] {{"linkToStatic", "()" + object}, {"linkToStatic", "(" + object + ")" + object}, {"linkToVirtual", "(" + object + object + ")" + object},
            {"linkToSpecial", "([" + object + ")" + object}, {"linkToInterface", "(I" + object + ")" + object}, {"linkToNative", "(" + object + ")" + object},
            {"invokeExact", "()" + object}}) {
            file = file(51, "Linker");
            ClassFile.Code code = new ClassFile.Code();
            for (int i = 1; method[1].charAt(i) != ')'; i = method[1].startsWith("Ljava", i) || method[1].charAt(i) == '[' ? method[1].indexOf(';', i) + 1 : i + 1) {
                code.op(method[1].charAt(i) == 'I' ? 4 : 1);
            }
            file.method(STATIC, "run", "()Ljava/lang/Object;", 3, 1, code.op2(0xb8, file.methodRef(handle, method[0], method[1])).op(0xb0));
            call("static " + String.join(" ", method), file, "Linker");
        }
        for (String[] method : new String[][] {{"invokeBasic", "()" + object}, {"linkToStatic", "()" + object}, {"invokeBasic", "(" + object + ")I"}}) {
            file = file(51, "Invoker");
            ClassFile.Code code = new ClassFile.Code().op2(0x13, file.methodHandle(5, file.methodRef("java/util/ArrayList", "size", "()I")));
            if (method[1].startsWith("(L")) {
                code.op2(0x13, file.string("no list"));
            }
            code.op2(0xb6, file.methodRef(handle, method[0], method[1]));
            if (method[1].endsWith("I")) {
                code.op2(0xb8, file.methodRef("java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;"));
            }
            file.method(STATIC, "run", "()Ljava/lang/Object;", 3, 1, code.op(0xb0));
            call("virtual " + String.join(" ", method), file, "Invoker");
        }
        // A receiver that lacks the interface, for a method of Object and for a private one, and one that has it after it.
        for (Object receiver : new Object[] {"text", new Thread()}) {
            file = file(51, "Receiver");
            file.method(STATIC, "run", "(Ljava/lang/" + receiver.getClass().getSimpleName() + ";)Ljava/lang/Object;", 2, 1, new ClassFile.Code().op(0x2a)
                    .op2(0xb9, file.interfaceMethodRef("java/lang/Runnable", "getClass", "()Ljava/lang/Class;")).op(1, 0, 0xb0));
            call("method of Object", file, "Receiver", receiver);
            file = file(51, "Receiver");
            file.method(STATIC, "run", "(Ljava/lang/" + receiver.getClass().getSimpleName() + ";)Ljava/lang/Object;", 2, 1, new ClassFile.Code().op(0x2a)
                    .op2(0xb9, file.interfaceMethodRef("java/lang/Runnable", "hashCode", "()I")).op(1, 0, 0x57, 1, 0xb0));
            call("virtual method of Object", file, "Receiver", receiver);
        }
        for (Object receiver : new Object[] {"text", 5}) {
            file = privateMethod("java/lang/" + receiver.getClass().getSimpleName());
            call("private method", file, "Private", receiver);
        }
        // The same site with one receiver after the other.
        file = privateMethod("java/lang/Object");
        ClassFile.Loader both = new ClassFile.Loader();
        Class<?> caller = both.define("Private", file.toBytes());
        file = file(55, "Owner").implement("Private");
        file.constructor("java/lang/Object");
        Object owner = both.define("Owner", file.toBytes()).getConstructor().newInstance();
        for (Object receiver : new Object[] {owner, "text", owner, null, 5}) {
            try {
                System.out.println("private method: " + (caller.getMethod("run", Object.class).invoke(null, receiver) == receiver));
            } catch (InvocationTargetException e) {
                System.out.println("private method: " + text(e.getCause()));
            }
        }
    }
}
