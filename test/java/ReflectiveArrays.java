import java.lang.reflect.Array;
import java.util.concurrent.Callable;

/** java.lang.reflect.Array: all element types, widening, and what it refuses. */
public class ReflectiveArrays {
    static void check(String what, Callable<Object> action) {
        try {
            Object result = action.call();
            System.out.println(what + ": " + result + (result == null ? "" : " " + result.getClass().getSimpleName()));
        } catch (Throwable e) {
            System.out.println(what + ": " + e);
        }
    }

    static Object[] arrays() {
        return new Object[] {new boolean[] {true}, new byte[] {-1}, new char[] {'\u20ac'}, new short[] {-300}, new int[] {70000},
            new long[] {1L << 40}, new float[] {1.5f}, new double[] {-2.5}, new String[] {"text"}, new int[][] {{1, 2}}, "no array", null};
    }

    static String name(Object array) {
        return array == null ? "null" : array.getClass().getSimpleName();
    }

    static void getters(int index) {
        for (Object array : arrays()) {
            String name = name(array) + " " + index + " ";
            check(name + "length", () -> Array.getLength(array));
            check(name + "get", () -> Array.get(array, index) instanceof int[] row ? row.length : Array.get(array, index));
            check(name + "boolean", () -> Array.getBoolean(array, index));
            check(name + "byte", () -> Array.getByte(array, index));
            check(name + "char", () -> Array.getChar(array, index));
            check(name + "short", () -> Array.getShort(array, index));
            check(name + "int", () -> Array.getInt(array, index));
            check(name + "long", () -> Array.getLong(array, index));
            check(name + "float", () -> Array.getFloat(array, index));
            check(name + "double", () -> Array.getDouble(array, index));
        }
    }

    interface Setter {
        void set(Object array);
    }

    static void setter(String what, Setter setter) {
        for (Object array : arrays()) {
            check(name(array) + " = " + what, () -> {
                setter.set(array);
                Object element = Array.get(array, 0);
                return element instanceof int[] ? "row" : element;
            });
        }
    }

    static void setters() {
        setter("boolean", array -> Array.setBoolean(array, 0, false));
        setter("byte", array -> Array.setByte(array, 0, (byte) 5));
        setter("char", array -> Array.setChar(array, 0, 'x'));
        setter("short", array -> Array.setShort(array, 0, (short) 500));
        setter("int", array -> Array.setInt(array, 0, 50000));
        setter("long", array -> Array.setLong(array, 0, 1L << 33));
        setter("float", array -> Array.setFloat(array, 0, 2.5f));
        setter("double", array -> Array.setDouble(array, 0, 3.5));
        for (Object value : new Object[] {true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, "text", new int[3], null}) {
            setter("object " + (value instanceof int[] ? "row" : value), array -> Array.set(array, 0, value));
            setter("object beyond " + (value instanceof int[] ? "row" : value), array -> Array.set(array, 1, value));
        }
    }

    static void makers() {
        for (Class<?> type : new Class<?>[] {int.class, boolean.class, String.class, long[].class, void.class, null}) {
            for (int length : new int[] {0, 3, -1}) {
                check(type + " " + length, () -> Array.newInstance(type, length).getClass().getName());
                check(type + " 2 " + length, () -> Array.newInstance(type, 2, length).getClass().getName());
            }
            check(type + " no lengths", () -> Array.newInstance(type, new int[0]));
            check(type + " null", () -> Array.newInstance(type, (int[]) null));
            check(type + " 255", () -> Array.newInstance(type, new int[255]).getClass().getName().length());
            check(type + " 256", () -> Array.newInstance(type, new int[256]));
        }
        Class<?> deep = Array.newInstance(int.class, new int[255]).getClass();
        check("one more", () -> Array.newInstance(deep, 1));
        check("filled", () -> ((long[][][]) Array.newInstance(long.class, 2, 3, 4))[1][2].length);
    }

    public static void main(String[] args) {
        getters(0);
        getters(1);
        getters(-1);
        setters();
        makers();
    }
}
