import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInput;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Object serialization: graphs, cycles, transient fields, hooks, records, enums, lambdas, errors. */
public class Serialization {
    static class Base {
        int base = 1;

        Base() {
            base = 77;
        }
    }

    static class Node extends Base implements Serializable {
        private static final long serialVersionUID = 5;
        String name;
        transient int secret = 9;
        Node next;
        double[] values = {1.5, 2.5};
        Map<String, List<Integer>> map = new TreeMap<>();
        Color color = Color.GREEN;
        char c = '\u20ac';
        boolean flag = true;

        Node(String name) {
            this.name = name;
        }
    }

    enum Color { RED, GREEN }

    record Pair(String key, Object value) implements Serializable {
        Pair {
            if (key.isEmpty()) {
                throw new IllegalArgumentException("empty key");
            }
        }
    }

    static class Hooks implements Serializable {
        transient int doubled;
        int value;

        Hooks(int value) {
            this.value = value;
            doubled = value * 2;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeUTF("extra");
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            doubled = value * 2;
            System.out.println("read " + in.readUTF());
        }
    }

    static class Single implements Serializable {
        static final Single INSTANCE = new Single();

        private Object readResolve() {
            return INSTANCE;
        }
    }

    static class Proxied implements Serializable {
        final int n;

        Proxied(int n) {
            this.n = n;
        }

        private Object writeReplace() {
            return new Pair("proxy", n);
        }
    }

    public static class External implements Externalizable {
        int a;
        String b;

        public External() {
            b = "constructed";
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeInt(a);
            out.writeObject(b);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
            a = in.readInt();
            b = (String) in.readObject() + "!";
        }
    }

    interface Function extends Serializable {
        int apply(int x);
    }

    static byte[] write(Object... objects) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            for (Object object : objects) {
                out.writeObject(object);
            }
        }
        return bytes.toByteArray();
    }

    static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
        return new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
    }

    static Object copy(Object object) throws IOException, ClassNotFoundException {
        return read(write(object));
    }

    public static void main(String[] args) throws Exception {
        Node a = new Node("a"), b = new Node("b");
        a.next = b;
        b.next = a;
        a.base = 5;
        a.map.put("k", new ArrayList<>(List.of(1, 2, 3)));
        Node read = (Node) copy(a);
        System.out.println(read.name + " " + read.secret + " " + read.base + " " + (read.next.next == read) + " " + Arrays.toString(read.values) + " " + read.map + " " + (read.color == Color.GREEN) + " " + read.c + read.flag);
        System.out.println(copy(new Pair("k", List.of(1, "two", 3.0))) + " " + ((Hooks) copy(new Hooks(21))).doubled + " " + (copy(Single.INSTANCE) == Single.INSTANCE) + " " + copy(new Proxied(8)));
        External external = new External();
        external.a = 4;
        external.b = "external";
        External back = (External) copy(external);
        System.out.println(back.a + " " + back.b);
        int captured = 10;
        Function function = x -> x * captured;
        System.out.println(((Function) copy(function)).apply(5));
        Object[] objects = {new int[][] {{1}, {2, 3}}, "text", 5L, Color.RED, new HashMap<>(Map.of("x", 1)), new LinkedHashMap<>(Map.of(1, 2)), new EnumMap<>(Map.of(Color.RED, "r")), String.class, null, new Object[] {1, "x"},
            java.time.LocalDate.of(2020, 1, 2), new java.math.BigDecimal("1.50"), Arrays.asList(1, 2), new StringBuilder("builder"), java.util.Optional.class};
        for (Object object : objects) {
            Object same = copy(object);
            System.out.println(object instanceof Object[] array ? Arrays.deepToString((Object[]) same) : same + " " + (same != null && same.equals(object)));
        }
        String shared = "shared";
        Object[] two = (Object[]) copy(new Object[] {shared, shared, a, a});
        System.out.println((two[0] == two[1]) + " " + (two[2] == two[3]));
        System.out.println(Arrays.hashCode(write(a, new Pair("p", 1))) + " " + write(a).length + " " + ObjectStreamClass.lookup(Node.class).getSerialVersionUID() + " " + ObjectStreamClass.lookup(Hooks.class));
        try {
            write(new Object());
        } catch (NotSerializableException e) {
            System.out.println(e);
        }
        byte[] bytes = write(new Pair("key", null));
        for (int i = 0; i < bytes.length - 2; i++) {
            if (bytes[i] == 'k' && bytes[i + 1] == 'e' && bytes[i + 2] == 'y' && i > bytes.length - 8) {
                byte[] shorter = new byte[bytes.length - 3];
                System.arraycopy(bytes, 0, shorter, 0, i);
                System.arraycopy(bytes, i + 3, shorter, i, bytes.length - i - 3);
                shorter[i - 1] = 0;
                bytes = shorter;
                break;
            }
        }
        try {
            System.out.println(read(bytes));
        } catch (InvalidObjectException e) {
            System.out.println(e);
        }
        try {
            read("garbage".getBytes());
        } catch (IOException e) {
            System.out.println(e);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(write(a)))) {
            in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("!Serialization$Node"));
            in.readObject();
        } catch (InvalidClassException e) {
            System.out.println(e);
        }
    }
}
