import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Class files of version 48 with jsr and ret: a shared finally, nested subroutines, one called from many places, in loops. */
public class JsrRet {
    static final int ILOAD = 0x15, ALOAD = 0x19, ISTORE = 0x36, ASTORE = 0x3a, IADD = 0x60, IMUL = 0x68, IINC = 0x84, IFEQ = 0x99, IFLE = 0x9e, GOTO = 0xa7, JSR = 0xa8, RET = 0xa9,
            IRETURN = 0xac, ATHROW = 0xbf, BIPUSH = 0x10, IDIV = 0x6c, GOTO_W = 0xc8, JSR_W = 0xc9, WIDE = 0xc4, SIPUSH = 0x11;

    static ClassFile file(String name) {
        return new ClassFile(48, ClassFile.PUBLIC | ClassFile.SUPER, name, "java/lang/Object");
    }

    static void run(ClassFile file, String name, String method, int... arguments) throws Exception {
        Method target = new ClassFile.Loader().define(name, file.toBytes()).getMethod(method, int.class);
        for (int argument : arguments) {
            try {
                System.out.println(name + "(" + argument + ") = " + target.invoke(null, argument));
            } catch (InvocationTargetException e) {
                System.out.println(name + "(" + argument + ") threw " + e.getCause());
            }
        }
    }

    public static void main(String[] args) throws Exception {
        int access = ClassFile.PUBLIC | ClassFile.STATIC;

        // try { return 100 / n; } finally { x += 7; }, as old compilers wrote it, with x returned where n is 0.
        ClassFile.Code code = new ClassFile.Code();
        code.op(BIPUSH, 1, ISTORE, 4)
                .label("try").op(BIPUSH, 100, ILOAD, 0, IDIV, ISTORE, 1).label("tryEnd").jump(JSR, "finally").op(ILOAD, 1, ILOAD, 4, IADD, IRETURN)
                .label("catch").op(ASTORE, 2).jump(JSR, "finally").op(ILOAD, 0).jump(IFEQ, "zero").op(ALOAD, 2, ATHROW)
                .label("zero").op(ILOAD, 4, IRETURN)
                .label("finally").op(ASTORE, 3, IINC, 4, 7, RET, 3)
                .handler("try", "tryEnd", "catch", null);
        run(file("Finally").method(access, "f", "(I)I", 4, 5, code), "Finally", "f", 5, -3, 0);

        // A subroutine that calls a subroutine; the outer one is called twice.
        code = new ClassFile.Code();
        code.jump(JSR, "outer").jump(JSR, "outer").op(ILOAD, 0, IRETURN)
                .label("outer").op(ASTORE, 1, IINC, 0, 1).jump(JSR, "inner").op(IINC, 0, 1).jump(JSR, "inner").op(RET, 1)
                .label("inner").op(ASTORE, 2, ILOAD, 0, BIPUSH, 3, IMUL, ISTORE, 0, RET, 2);
        run(file("Nested").method(access, "f", "(I)I", 4, 3, code), "Nested", "f", 1, 10);

        // A loop inside a subroutine, called in a loop; something stays on the stack across the call.
        code = new ClassFile.Code();
        code.op(BIPUSH, 0, ISTORE, 1)
                .label("again").op(ILOAD, 0).jump(IFLE, "done").op(ILOAD, 1).jump(JSR, "sum").op(ILOAD, 3, IADD, ISTORE, 1, IINC, 0, 0xff).jump(GOTO, "again")
                .label("done").op(ILOAD, 1, IRETURN)
                .label("sum").op(ASTORE, 2, BIPUSH, 0, ISTORE, 3, ILOAD, 0, ISTORE, 4)
                .label("loop").op(ILOAD, 4).jump(IFLE, "end").op(ILOAD, 3, ILOAD, 4, IADD, ISTORE, 3, IINC, 4, 0xff).jump(GOTO, "loop")
                .label("end").op(RET, 2);
        run(file("Loops").method(access, "f", "(I)I", 4, 5, code), "Loops", "f", 0, 1, 10, 50);

        // A subroutine that leaves by a branch instead of ret, or by an exception that is caught outside.
        code = new ClassFile.Code();
        code.label("try").jump(JSR, "sub").op(BIPUSH, 10, IRETURN)
                .label("sub").op(ASTORE, 1, ILOAD, 0).jump(IFEQ, "out").op(BIPUSH, 6, ILOAD, 0, BIPUSH, 2, IADD, IDIV, ISTORE, 2, RET, 1).label("tryEnd")
                .label("out").op(BIPUSH, 20, IRETURN)
                .label("catch").op(ASTORE, 1, BIPUSH, 30, IRETURN)
                .handler("try", "tryEnd", "catch", "java/lang/ArithmeticException");
        run(file("Leaves").method(access, "f", "(I)I", 4, 3, code), "Leaves", "f", 0, 4, -2);

        // Wide forms: jsr_w, wide ret, wide iinc, goto_w over more than 32 KB.
        code = new ClassFile.Code();
        code.wideJump(GOTO_W, "start");
        for (int i = 0; i < 40000; i++) {
            code.op(0);
        }
        code.label("start").op(SIPUSH, 1, 0).op(WIDE, ISTORE, 1, 44).wideJump(JSR_W, "sub").wideJump(JSR_W, "sub").op(WIDE, ILOAD, 1, 44, IRETURN)
                .label("sub").op(WIDE, ASTORE, 1, 50, WIDE, IINC, 1, 44, 0x03, 0xe8, ILOAD, 0, WIDE, ILOAD, 1, 44, IADD, WIDE, ISTORE, 1, 44, WIDE, RET, 1, 50);
        run(file("Wide").method(access, "f", "(I)I", 4, 310, code), "Wide", "f", 0, 5);

        // The same subroutine with different types in an untouched local: an int from one caller, a reference from the other.
        code = new ClassFile.Code();
        code.op(ILOAD, 0).jump(IFEQ, "text").op(BIPUSH, 5, ISTORE, 1).jump(JSR, "sub").op(ILOAD, 1, ILOAD, 2, IADD, IRETURN)
                .label("text").op(1, ASTORE, 1).jump(JSR, "sub").op(ALOAD, 1).jump(0xc6, "isNull").op(BIPUSH, 99, IRETURN)
                .label("isNull").op(ILOAD, 2, IRETURN)
                .label("sub").op(ASTORE, 3, BIPUSH, 40, ISTORE, 2, RET, 3);
        run(file("Types").method(access, "f", "(I)I", 4, 4, code), "Types", "f", 0, 1);
    }
}
