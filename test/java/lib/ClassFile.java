import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes class files by hand, for what javac does not emit: old versions with jsr and ret, own bootstrap methods,
 * thousands of small classes. No stack maps: use versions up to 50, or code without branches.
 */
public class ClassFile {
    public static final int PUBLIC = 1, STATIC = 8, FINAL = 0x10, SUPER = 0x20, INTERFACE = 0x200, ABSTRACT = 0x400;

    private final int version, access;
    private final ByteArrayOutputStream poolBytes = new ByteArrayOutputStream();
    private final DataOutputStream pool = new DataOutputStream(poolBytes);
    private final Map<String, Integer> poolIndex = new HashMap<>();
    private int poolCount = 1;
    private final int self, parent;
    private final List<Integer> interfaces = new ArrayList<>();
    private final List<byte[]> fields = new ArrayList<>(), methods = new ArrayList<>(), bootstraps = new ArrayList<>();

    public ClassFile(int version, int access, String name, String superName) {
        this.version = version;
        this.access = access;
        self = type(name);
        parent = type(superName);
    }

    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writer writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(new DataOutputStream(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The index of a constant, made at its first use. Parts it refers to must have their indexes already. */
    private int constant(String key, int slots, Writer writer) {
        Integer known = poolIndex.get(key);
        if (known != null) {
            return known;
        }
        try {
            writer.write(pool);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int index = poolCount;
        poolCount += slots;
        poolIndex.put(key, index);
        return index;
    }

    private int pair(int tag, int first, int second) {
        return constant(tag + ":" + first + ":" + second, 1, out -> {
            out.writeByte(tag);
            out.writeShort(first);
            out.writeShort(second);
        });
    }

    private int single(int tag, int index) {
        return constant(tag + ":" + index, 1, out -> {
            out.writeByte(tag);
            out.writeShort(index);
        });
    }

    public int utf8(String text) {
        return constant("utf8:" + text, 1, out -> {
            out.writeByte(1);
            out.writeUTF(text);
        });
    }

    public int integer(int value) {
        return constant("int:" + value, 1, out -> {
            out.writeByte(3);
            out.writeInt(value);
        });
    }

    public int longer(long value) {
        return constant("long:" + value, 2, out -> {
            out.writeByte(5);
            out.writeLong(value);
        });
    }

    public int type(String name) {
        return single(7, utf8(name));
    }

    public int string(String text) {
        return single(8, utf8(text));
    }

    public int methodType(String descriptor) {
        return single(16, utf8(descriptor));
    }

    public int nameAndType(String name, String descriptor) {
        return pair(12, utf8(name), utf8(descriptor));
    }

    public int fieldRef(String owner, String name, String descriptor) {
        return pair(9, type(owner), nameAndType(name, descriptor));
    }

    public int methodRef(String owner, String name, String descriptor) {
        return pair(10, type(owner), nameAndType(name, descriptor));
    }

    public int interfaceMethodRef(String owner, String name, String descriptor) {
        return pair(11, type(owner), nameAndType(name, descriptor));
    }

    /** kind as in the class-file format: 6 is invokestatic. */
    public int methodHandle(int kind, int reference) {
        return constant("handle:" + kind + ":" + reference, 1, out -> {
            out.writeByte(15);
            out.writeByte(kind);
            out.writeShort(reference);
        });
    }

    public int bootstrap(int handle, int... arguments) {
        bootstraps.add(bytes(out -> {
            out.writeShort(handle);
            out.writeShort(arguments.length);
            for (int argument : arguments) {
                out.writeShort(argument);
            }
        }));
        return bootstraps.size() - 1;
    }

    public int invokeDynamic(int bootstrap, String name, String descriptor) {
        return pair(18, bootstrap, nameAndType(name, descriptor));
    }

    public int dynamicConstant(int bootstrap, String name, String descriptor) {
        return pair(17, bootstrap, nameAndType(name, descriptor));
    }

    public ClassFile implement(String name) {
        interfaces.add(type(name));
        return this;
    }

    public ClassFile field(int access, String name, String descriptor) {
        int nameIndex = utf8(name), descriptorIndex = utf8(descriptor);
        fields.add(bytes(out -> {
            out.writeShort(access);
            out.writeShort(nameIndex);
            out.writeShort(descriptorIndex);
            out.writeShort(0);
        }));
        return this;
    }

    /** A field with a ConstantValue. */
    public ClassFile constant(int access, String name, String descriptor, int value) {
        int nameIndex = utf8(name), descriptorIndex = utf8(descriptor), attributeIndex = utf8("ConstantValue");
        fields.add(bytes(out -> {
            out.writeShort(access);
            out.writeShort(nameIndex);
            out.writeShort(descriptorIndex);
            out.writeShort(1);
            out.writeShort(attributeIndex);
            out.writeInt(2);
            out.writeShort(value);
        }));
        return this;
    }

    public ClassFile abstractMethod(int access, String name, String descriptor) {
        int nameIndex = utf8(name), descriptorIndex = utf8(descriptor);
        methods.add(bytes(out -> {
            out.writeShort(access);
            out.writeShort(nameIndex);
            out.writeShort(descriptorIndex);
            out.writeShort(0);
        }));
        return this;
    }

    public ClassFile method(int access, String name, String descriptor, int maxStack, int maxLocals, Code code) {
        int nameIndex = utf8(name), descriptorIndex = utf8(descriptor), codeIndex = utf8("Code");
        byte[] body = code.bytes();
        methods.add(bytes(out -> {
            out.writeShort(access);
            out.writeShort(nameIndex);
            out.writeShort(descriptorIndex);
            out.writeShort(1);
            out.writeShort(codeIndex);
            out.writeInt(12 + body.length + code.handlers.size() * 8);
            out.writeShort(maxStack);
            out.writeShort(maxLocals);
            out.writeInt(body.length);
            out.write(body);
            out.writeShort(code.handlers.size());
            for (String[] handler : code.handlers) {
                for (int i = 0; i < 3; i++) {
                    out.writeShort(code.labels.get(handler[i]));
                }
                out.writeShort(handler[3] == null ? 0 : type(handler[3]));
            }
            out.writeShort(0);
        }));
        return this;
    }

    /** A public constructor without arguments that only calls its parent's. */
    public ClassFile constructor(String superName) {
        Code code = new Code().op(0x2a).op2(0xb7, methodRef(superName, "<init>", "()V")).op(0xb1);
        return method(PUBLIC, "<init>", "()V", 1, 1, code);
    }

    public byte[] toBytes() {
        int bootstrapIndex = bootstraps.isEmpty() ? 0 : utf8("BootstrapMethods");
        return bytes(out -> {
            out.writeInt(0xcafebabe);
            out.writeInt(version);
            out.writeShort(poolCount);
            poolBytes.writeTo(out);
            out.writeShort(access);
            out.writeShort(self);
            out.writeShort(parent);
            out.writeShort(interfaces.size());
            for (int index : interfaces) {
                out.writeShort(index);
            }
            for (List<byte[]> members : List.of(fields, methods)) {
                out.writeShort(members.size());
                for (byte[] member : members) {
                    out.write(member);
                }
            }
            out.writeShort(bootstraps.isEmpty() ? 0 : 1);
            if (!bootstraps.isEmpty()) {
                int size = 2;
                for (byte[] bootstrap : bootstraps) {
                    size += bootstrap.length;
                }
                out.writeShort(bootstrapIndex);
                out.writeInt(size);
                out.writeShort(bootstraps.size());
                for (byte[] bootstrap : bootstraps) {
                    out.write(bootstrap);
                }
            }
        });
    }

    /** Instructions, with labels for jumps. */
    public static class Code {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final Map<String, Integer> labels = new HashMap<>();
        private final List<Object[]> jumps = new ArrayList<>();
        private final List<String[]> handlers = new ArrayList<>();

        public Code op(int... bytes) {
            for (int b : bytes) {
                out.write(b);
            }
            return this;
        }

        /** An instruction with a two-byte operand. */
        public Code op2(int opcode, int operand) {
            return op(opcode, operand >> 8, operand);
        }

        public Code label(String name) {
            labels.put(name, out.size());
            return this;
        }

        public Code jump(int opcode, String label) {
            jumps.add(new Object[] {out.size(), label});
            return op2(opcode, 0);
        }

        public Code wideJump(int opcode, String label) {
            jumps.add(new Object[] {-out.size() - 1, label});
            return op(opcode, 0, 0, 0, 0);
        }

        /** type: null catches everything. */
        public Code handler(String from, String to, String target, String type) {
            handlers.add(new String[] {from, to, target, type});
            return this;
        }

        private byte[] bytes() {
            byte[] code = out.toByteArray();
            for (Object[] jump : jumps) {
                int at = (Integer) jump[0];
                boolean wide = at < 0;
                at = wide ? -at - 1 : at;
                int distance = labels.get((String) jump[1]) - at;
                for (int i = 1, n = wide ? 4 : 2; i <= n; i++) {
                    code[at + i] = (byte) (distance >> 8 * (n - i));
                }
            }
            return code;
        }
    }

    /** Defines classes from bytes. */
    public static class Loader extends ClassLoader {
        public Loader() {
            super(ClassFile.class.getClassLoader());
        }

        public Class<?> define(String name, byte[] bytes) {
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
