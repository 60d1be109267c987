import static jdk.internal.org.objectweb.asm.Opcodes.*;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.util.function.Consumer;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.ConstantDynamic;
import jdk.internal.org.objectweb.asm.Handle;
import jdk.internal.org.objectweb.asm.Label;
import jdk.internal.org.objectweb.asm.MethodVisitor;

/** Messages of NullPointerException where the null comes from what javac would not write. */
public class NullSources {
    static int count;

    public static Object constant(MethodHandles.Lookup lookup, String name, Class<?> type) {
        return null;
    }

    public static CallSite site(MethodHandles.Lookup lookup, String name, MethodType type) {
        return new ConstantCallSite(MethodHandles.empty(type));
    }

    public static Object some() {
        return null;
    }

    static class Loader extends ClassLoader {
        Class<?> define(byte[] bytes) {
            return defineClass(null, bytes, 0, bytes.length);
        }
    }

    static void check(String what, String descriptor, int version, Consumer<MethodVisitor> body, Object... arguments) throws Exception {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(49, ACC_PUBLIC, "Made" + count++, null, "java/lang/Object", null);
        MethodVisitor method = writer.visitMethod(ACC_PUBLIC | ACC_STATIC, "test", descriptor, null, null);
        method.visitCode();
        body.accept(method);
        method.visitMaxs(0, 0);
        method.visitEnd();
        writer.visitEnd();
        byte[] bytes = writer.toByteArray();
        bytes[7] = (byte) version;
        try {
            new Loader().define(bytes).getDeclaredMethods()[0].invoke(null, arguments);
            System.out.println(what + ": nothing happened");
        } catch (InvocationTargetException e) {
            System.out.println(what + ": " + e.getCause().getMessage());
        }
    }

    static void length(MethodVisitor m) {
        m.visitMethodInsn(INVOKEVIRTUAL, "java/lang/String", "length", "()I", false);
        m.visitInsn(POP);
        m.visitInsn(RETURN);
    }

    static Handle handle(String name, String descriptor) {
        return new Handle(H_INVOKESTATIC, "NullSources", name, "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;" + descriptor, false);
    }

    static void sources() throws Exception {
        check("dynamic constant", "()V", 55, m -> {
            m.visitLdcInsn(new ConstantDynamic("x", "Ljava/lang/String;", handle("constant", "Ljava/lang/Class;)Ljava/lang/Object;")));
            length(m);
        });
        check("dynamic call", "()V", 55, m -> {
            m.visitInvokeDynamicInsn("x", "()Ljava/lang/String;", handle("site", "Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;"));
            length(m);
        });
        check("cast", "(Ljava/lang/Object;)V", 49, m -> {
            m.visitVarInsn(ALOAD, 0);
            m.visitTypeInsn(CHECKCAST, "java/lang/String");
            length(m);
        }, new Object[] {null});
        check("cast of result", "()V", 49, m -> {
            m.visitMethodInsn(INVOKESTATIC, "NullSources", "some", "()Ljava/lang/Object;", false);
            m.visitTypeInsn(CHECKCAST, "java/lang/String");
            length(m);
        });
        check("copy", "()V", 49, m -> {
            m.visitInsn(ACONST_NULL);
            m.visitInsn(DUP);
            m.visitInsn(POP);
            length(m);
        });
        check("sum as index", "([Ljava/lang/String;I)V", 49, m -> {
            m.visitVarInsn(ALOAD, 0);
            m.visitVarInsn(ILOAD, 1);
            m.visitInsn(DUP);
            m.visitInsn(IADD);
            m.visitInsn(AALOAD);
            length(m);
        }, new String[1], 0);
    }

    static void locals() throws Exception {
        check("overwritten before", "(Ljava/lang/String;)V", 49, m -> {
            m.visitInsn(ACONST_NULL);
            m.visitVarInsn(ASTORE, 0);
            m.visitVarInsn(ALOAD, 0);
            length(m);
        }, "x");
        check("overwritten after", "(Ljava/lang/String;)V", 49, m -> {
            m.visitVarInsn(ALOAD, 0);
            m.visitInsn(ACONST_NULL);
            m.visitVarInsn(ASTORE, 0);
            length(m);
        }, new Object[] {null});
        check("behind a long", "(JLjava/lang/String;)V", 49, m -> {
            m.visitInsn(LCONST_0);
            m.visitVarInsn(LSTORE, 0);
            m.visitVarInsn(ALOAD, 2);
            length(m);
        }, 5L, null);
        for (int local : new int[] {5, 70, 300}) {
            check("local " + local, "()V", 49, m -> {
                m.visitInsn(ACONST_NULL);
                m.visitVarInsn(ASTORE, local);
                m.visitVarInsn(ALOAD, local);
                length(m);
            });
        }
        for (int local : new int[] {62, 63, 64, 79}) {
            check("parameter " + local, "(" + "Ljava/lang/String;".repeat(80) + ")V", 49, m -> {
                m.visitVarInsn(ALOAD, local);
                length(m);
            }, new Object[80]);
        }
    }

    static void flow() throws Exception {
        check("two places", "(Ljava/lang/String;I)V", 49, m -> {
            Label other = new Label(), end = new Label();
            m.visitVarInsn(ILOAD, 1);
            m.visitJumpInsn(IFEQ, other);
            m.visitVarInsn(ALOAD, 0);
            m.visitJumpInsn(GOTO, end);
            m.visitLabel(other);
            m.visitInsn(ACONST_NULL);
            m.visitLabel(end);
            length(m);
        }, null, 0);
        check("two places, backward", "(Ljava/lang/String;I)V", 49, m -> {
            Label other = new Label(), end = new Label(), start = new Label();
            m.visitJumpInsn(GOTO, start);
            m.visitLabel(end);
            length(m);
            m.visitLabel(other);
            m.visitInsn(ACONST_NULL);
            m.visitJumpInsn(GOTO, end);
            m.visitLabel(start);
            m.visitVarInsn(ILOAD, 1);
            m.visitJumpInsn(IFEQ, other);
            m.visitVarInsn(ALOAD, 0);
            m.visitJumpInsn(GOTO, end);
        }, null, 0);
        check("behind a subroutine", "()V", 49, m -> {
            Label routine = new Label();
            m.visitInsn(ACONST_NULL);
            m.visitJumpInsn(JSR, routine);
            length(m);
            m.visitLabel(routine);
            m.visitVarInsn(ASTORE, 3);
            m.visitVarInsn(RET, 3);
        });
    }

    public static void main(String[] args) throws Exception {
        sources();
        locals();
        flow();
    }
}
