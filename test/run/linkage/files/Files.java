import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * Defines damaged variants of class files, and says what came of each: cut off at each byte, each byte changed. What is
 * accepted is looked at by reflection, which reads the attributes that are not read before.
 */
public class Files {
    static class Loader extends ClassLoader {
        Loader() {
            super(Files.class.getClassLoader());
        }

        Class<?> define(byte[] bytes, int size) {
            return defineClass(null, bytes, 0, size);
        }
    }

    interface Question {
        Object ask() throws Exception;
    }

    static String ask(Question question) {
        try {
            String text = Arrays.deepToString(new Object[] {question.ask()});
            return text.substring(1, text.length() - 1);
        } catch (Throwable e) { /* what the verifier says first is looked at elsewhere */
            return e instanceof VerifyError || e.toString().contains("ClassFormatError: Illegal ") ? "not verified" : e.toString();
        }
    }

    static String element(AnnotatedElement element) {
        return ask(element::getDeclaredAnnotations);
    }

    static String look(Class<?> type) {
        TreeSet<String> members = new TreeSet<>();
        members.add(ask(() -> {
            for (Field field : type.getDeclaredFields())
                members.add(ask(field::toGenericString) + element(field) + ask(() -> field.getAnnotatedType()));
            return "fields";
        }));
        members.add(ask(() -> {
            for (Constructor<?> made : type.getDeclaredConstructors())
                members.add(ask(made::toGenericString) + element(made) + ask(made::getParameterAnnotations) + ask(made::getParameters));
            return "constructors";
        }));
        members.add(ask(() -> {
            for (Method method : type.getDeclaredMethods())
                members.add(ask(method::toGenericString) + element(method) + ask(method::getParameterAnnotations) + ask(method::getParameters) +
                        ask(method::getDefaultValue) + ask(method::getAnnotatedReturnType) + ask(method::getAnnotatedParameterTypes));
            return "methods";
        }));
        members.add(ask(() -> {
            if (type.isRecord())
                for (RecordComponent component : type.getRecordComponents())
                    members.add(ask(component::toString) + ask(component::getGenericType) + element(component));
            return "record " + type.isRecord();
        }));
        return ask(type::toGenericString) + element(type) + ask(type::getAnnotatedInterfaces) + ask(type::getGenericSuperclass) +
                ask(type::getEnclosingClass) + ask(type::getEnclosingMethod) + ask(type::getDeclaringClass) + ask(type::getSimpleName) +
                ask(() -> Arrays.stream(type.getDeclaredClasses()).map(Class::getName).sorted().toArray()) +
                ask(type::getNestHost) + ask(type::getPermittedSubclasses) + members;
    }

    /** As one line; addresses, which differ, left out, and what is long as a number. */
    static String line(String text) {
        text = text.replaceAll("@[0-9a-f]{1,8}\\b", "@").replaceAll("[^ -~]", "?");
        return text.length() <= 300 ? text : text.substring(0, 300) + " " + text.hashCode();
    }

    static void define(PrintStream out, String what, byte[] bytes, int size, boolean looks) {
        String text;
        try {
            Class<?> type = new Loader().define(bytes, size);
            text = looks ? "ok " + look(type) : "ok";
        } catch (Throwable e) {
            text = e.toString();
        }
        out.println(what + ": " + line(text));
    }

    /** Where the contents of a MethodParameters attribute begin or go on; java reads on behind the end of the file there. */
    static boolean[] parameters(byte[] bytes) {
        boolean[] found = new boolean[bytes.length + 1];
        int name = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("MethodParameters"), index = 0;
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (int at = 10; name >= 0 && at < name; index++)
            switch (bytes[at]) {
                case 1: at += 3 + buffer.getShort(at + 1); break;
                case 5: case 6: at += 9; index++; break;
                case 7: case 8: case 16: at += 3; break;
                case 15: at += 4; break;
                default: at += 5;
            }
        for (int at = Math.max(name, 0); name >= 0 && at + 7 < bytes.length; at++)
            if (buffer.getShort(at) == index && buffer.getInt(at + 2) == 1 + 4 * bytes[at + 6])
                Arrays.fill(found, at + 6, at + 7 + 4 * bytes[at + 6], true);
        return found;
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        byte[] bytes = java.nio.file.Files.readAllBytes(file);
        boolean[] left = parameters(bytes);
        int step = Integer.parseInt(arguments[1]);
        try (PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(arguments[2])))) {
            for (int size = 0; size <= bytes.length; size++)
                if (!left[size])
                    define(out, "cut at " + size, bytes, size, true);
            for (int at = 0; at < bytes.length; at += step)
                for (int value : new int[] {bytes[at] + 1, bytes[at] - 1, bytes[at] ^ 0x80, 0, 0xff}) {
                    byte[] changed = bytes.clone();
                    changed[at] = (byte) value;
                    if (changed[at] != bytes[at])
                        define(out, "byte " + at + " = " + (value & 0xff), changed, changed.length, true);
                }
        }
    }
}
