import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Var handles: instance and static fields, array elements, byte views; plain to volatile access, atomics, fences. */
public class VarHandleAccess {
    int i = 1;
    long l = 2;
    volatile String text = "a";
    boolean flag;
    byte b = 5;
    double d = 1.5;
    static int shared = 10;
    final int fixed = 4;

    interface Thrower {
        Object run() throws Throwable;
    }

    static void attempt(String what, Thrower action) {
        try {
            System.out.println(what + ": " + action.run());
        } catch (Throwable t) {
            System.out.println(what + ": " + t);
        }
    }

    public static void main(String[] args) throws Exception {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        VarHandle i = lookup.findVarHandle(VarHandleAccess.class, "i", int.class);
        VarHandle l = lookup.findVarHandle(VarHandleAccess.class, "l", long.class);
        VarHandle text = lookup.findVarHandle(VarHandleAccess.class, "text", String.class);
        VarHandle flag = lookup.findVarHandle(VarHandleAccess.class, "flag", boolean.class);
        VarHandle b = lookup.findVarHandle(VarHandleAccess.class, "b", byte.class);
        VarHandle d = lookup.findVarHandle(VarHandleAccess.class, "d", double.class);
        VarHandle shared = lookup.findStaticVarHandle(VarHandleAccess.class, "shared", int.class);
        VarHandle fixed = lookup.findVarHandle(VarHandleAccess.class, "fixed", int.class);
        VarHandle ints = MethodHandles.arrayElementVarHandle(int[].class);
        VarHandle strings = MethodHandles.arrayElementVarHandle(String[].class);
        VarHandle view = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
        VarHandle buffer = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
        VarHandleAccess o = new VarHandleAccess();

        i.set(o, 5);
        i.setVolatile(o, (int) i.get(o) + 1);
        i.setRelease(o, (int) i.getAcquire(o) + 1);
        i.setOpaque(o, (int) i.getOpaque(o) + 1);
        System.out.println((int) i.getVolatile(o) + " " + i.compareAndSet(o, 8, 9) + " " + i.compareAndSet(o, 8, 10) + " "
                + (int) i.compareAndExchange(o, 9, 11) + " " + (int) i.compareAndExchangeAcquire(o, 9, 12) + " " + (int) i.getAndAdd(o, 4) + " "
                + (int) i.getAndSet(o, 100) + " " + (int) i.getAndBitwiseOr(o, 3) + " " + (int) i.getAndBitwiseAnd(o, 0x66) + " "
                + (int) i.getAndBitwiseXor(o, 0xff) + " " + o.i);
        while (!i.weakCompareAndSetPlain(o, o.i, 77)) {
            Thread.onSpinWait();
        }
        System.out.println((long) l.getAndAdd(o, 1L << 40) + " " + l.compareAndSet(o, (1L << 40) + 2, -1L) + " " + o.l + " " + (long) l.getAndAddRelease(o, 5L) + " " + (long) l.get(o));
        System.out.println(text.compareAndSet(o, "a", "b") + " " + text.getAndSet(o, "c") + " " + text.get(o) + " " + text.compareAndExchange(o, "x", "y"));
        System.out.println(flag.compareAndSet(o, false, true) + " " + (boolean) flag.getAndBitwiseXor(o, true) + " " + o.flag + " " + (byte) b.getAndAdd(o, (byte) 125) + " " + o.b
                + " " + (double) d.getAndAdd(o, 2.25) + " " + d.compareAndSet(o, 3.75, -0.0) + " " + o.d);
        System.out.println((int) shared.getAndAdd(5) + " " + (int) shared.get() + " " + shared.compareAndSet(15, 16) + " " + shared.varType() + " " + shared.coordinateTypes());
        int[] array = {1, 2, 3};
        ints.set(array, 1, 20);
        System.out.println((int) ints.getAndAdd(array, 2, 7) + " " + ints.compareAndSet(array, 0, 1, 11) + " " + Arrays.toString(array));
        String[] words = {"a", null};
        System.out.println(strings.compareAndSet(words, 1, null, "set") + " " + strings.getAndSet(words, 0, "z") + " " + Arrays.toString(words));
        byte[] bytes = new byte[24];
        view.set(bytes, 8, 0x0102030405060708L);
        System.out.println(Arrays.toString(bytes) + " " + Long.toHexString((long) view.get(bytes, 7)));
        ByteBuffer direct = ByteBuffer.allocateDirect(16);
        buffer.set(direct, 4, 0x11223344);
        System.out.println(direct.get(4) + " " + direct.getInt(4) + " " + (int) buffer.getVolatile(direct, 4));
        attempt("bounds", () -> (int) ints.get(array, 3));
        attempt("null array", () -> (int) ints.get((int[]) null, 0));
        attempt("null object", () -> (int) i.get((VarHandleAccess) null));
        attempt("wrong class", () -> (int) i.get((Object) "x"));
        attempt("wrong value", () -> {
            text.set(o, 5);
            return null;
        });
        attempt("store", () -> {
            strings.set((Object) words, 0, (Object) 5);
            return null;
        });
        attempt("final", () -> {
            fixed.set(o, 5);
            return null;
        });
        attempt("unsupported", () -> text.getAndAdd(o, "x"));
        attempt("view bounds", () -> (long) view.get(bytes, 17));
        attempt("no field", () -> lookup.findVarHandle(VarHandleAccess.class, "none", int.class));
        attempt("wrong type", () -> lookup.findVarHandle(VarHandleAccess.class, "i", long.class));
        attempt("boxed", () -> i.get(o));
        attempt("widened", () -> (long) i.get(o));
        attempt("handle", () -> (int) i.toMethodHandle(VarHandle.AccessMode.GET_AND_ADD).invoke(o, 1));
        System.out.println(i.isAccessModeSupported(VarHandle.AccessMode.GET_AND_ADD) + " " + text.isAccessModeSupported(VarHandle.AccessMode.GET_AND_ADD) + " "
                + fixed.isAccessModeSupported(VarHandle.AccessMode.SET) + " " + i.accessModeType(VarHandle.AccessMode.COMPARE_AND_SET));
        VarHandle.fullFence();
        VarHandle.acquireFence();
        VarHandle.releaseFence();
        Thread[] threads = new Thread[4];
        o.i = 0;
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                for (int n = 0; n < 5000; n++) {
                    i.getAndAdd(o, 1);
                    for (long old = (long) l.getVolatile(o); !l.weakCompareAndSet(o, old, old + 2); old = (long) l.getVolatile(o)) {
                        Thread.onSpinWait();
                    }
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(o.i + " " + o.l);
    }
}
