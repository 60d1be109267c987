import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.CharArrayWriter;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.io.OutputStreamWriter;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.PushbackReader;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.io.StreamTokenizer;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** java.io: files of text and bytes, random access, errors, pipes, tokenizers. */
public class TextFiles {
    interface Action {
        Object run() throws IOException;
    }

    static void attempt(Action action) {
        try {
            System.out.println(action.run());
        } catch (IOException e) {
            System.out.println(e);
        }
    }

    public static void main(String[] args) throws Exception {
        File file = new File("text.txt");
        try (PrintWriter out = new PrintWriter(new BufferedWriter(new FileWriter(file, StandardCharsets.UTF_8)))) {
            for (int i = 0; i < 300; i++) {
                out.printf("line %d of text with \u00e4\u20ac\ud83d\ude00%n", i);
            }
            out.print("no newline at the end");
        }
        System.out.println(file.length() + " " + file.exists() + " " + file.isFile() + " " + file.isDirectory() + " " + file.canRead() + " " + file.getName());
        int lines = 0, letters = 0;
        try (BufferedReader in = new BufferedReader(new FileReader(file, StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null; lines++) {
                letters += line.length();
            }
        }
        System.out.println(lines + " " + letters);
        try (FileOutputStream out = new FileOutputStream(file, true)) {
            out.write("\nappended".getBytes());
        }
        try (LineNumberReader in = new LineNumberReader(new InputStreamReader(new FileInputStream(file), "ISO-8859-1"))) {
            in.skip(100);
            String last = null;
            for (String line; (line = in.readLine()) != null; ) {
                last = line;
            }
            System.out.println(in.getLineNumber() + " " + last);
        }
        try (RandomAccessFile random = new RandomAccessFile("random.bin", "rw")) {
            random.writeInt(0x01020304);
            random.writeUTF("\u00e4text");
            random.writeDouble(2.5);
            random.seek(2);
            System.out.println(random.readShort() + " " + random.readUTF() + " " + random.readDouble() + " " + random.getFilePointer() + " " + random.length());
            random.setLength(6);
            random.seek(100);
            random.write(7);
            random.seek(50);
            System.out.println(random.length() + " " + random.read() + " " + random.skipBytes(100) + " " + random.read());
            random.readInt();
        } catch (EOFException e) {
            System.out.println(e);
        }
        attempt(() -> new FileInputStream("missing.txt"));
        attempt(() -> new FileInputStream("."));
        attempt(() -> new FileOutputStream("no/such/folder/file"));
        attempt(() -> {
            try (FileInputStream in = new FileInputStream(file)) {
                return in.readNBytes(4).length;
            }
        });
        attempt(() -> {
            FileInputStream closed = new FileInputStream(file);
            closed.close();
            return closed.read();
        });
        attempt(() -> new RandomAccessFile("missing.bin", "r"));
        attempt(() -> new InputStreamReader(new ByteArrayInputStream(new byte[0]), "no-such-charset"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        data.writeBoolean(true);
        data.writeByte(-2);
        data.writeChar('\u20ac');
        data.writeLong(Long.MIN_VALUE);
        data.writeFloat(1.5f);
        data.writeUTF("\0\u0800");
        data.writeBytes("raw");
        DataInputStream back = new DataInputStream(new BufferedInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        System.out.println(back.readBoolean() + " " + back.readUnsignedByte() + " " + (int) back.readChar() + " " + back.readLong() + " " + back.readFloat() + " " + back.readUTF().length() + " "
                + new String(back.readAllBytes()) + " " + data.size() + " " + Arrays.hashCode(bytes.toByteArray()));
        SequenceInputStream both = new SequenceInputStream(new ByteArrayInputStream("ab".getBytes()), new ByteArrayInputStream("cd".getBytes()));
        PushbackReader push = new PushbackReader(new InputStreamReader(both));
        int c = push.read();
        push.unread('z');
        System.out.println((char) c + "" + (char) push.read() + (char) push.read() + push.ready());
        StreamTokenizer tokens = new StreamTokenizer(new StringReader("x = 3.5 + 'quoted' // comment\n y1"));
        tokens.slashSlashComments(true);
        StringBuilder seen = new StringBuilder();
        while (tokens.nextToken() != StreamTokenizer.TT_EOF) {
            seen.append(tokens.ttype == StreamTokenizer.TT_NUMBER ? "" + tokens.nval : tokens.sval != null ? tokens.sval : "" + (char) tokens.ttype).append('|');
        }
        System.out.println(seen);
        PipedInputStream pipeIn = new PipedInputStream(16);
        PipedOutputStream pipeOut = new PipedOutputStream(pipeIn);
        Thread writer = new Thread(() -> {
            try (PrintStream out = new PrintStream(pipeOut)) {
                for (int i = 0; i < 100; i++) {
                    out.print(i + " ");
                }
            }
        });
        writer.start();
        System.out.println(new String(pipeIn.readAllBytes()).length());
        writer.join();
        StringWriter text = new StringWriter();
        CharArrayWriter chars = new CharArrayWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            out.println(1.5);
            out.append("x").write("yz", 1, 1);
            chars.write(text.toString());
        }
        System.out.println(chars.toString().replace("\n", "/"));
        PrintStream original = System.out;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setOut(new PrintStream(captured, true, "UTF-16BE"));
        System.out.print("\u20ac");
        System.setOut(original);
        System.out.println(Arrays.toString(captured.toByteArray()));
        try (OutputStreamWriter out = new OutputStreamWriter(captured, "UTF-8")) {
            out.write("\ud83d");
            out.write("\ude00");
        }
        System.out.println(captured.size() + " " + file.delete() + " " + new File("random.bin").delete() + " " + file.delete() + " " + FileNotFoundException.class.getSuperclass().getSimpleName());
        System.err.println("one line to standard error");
        System.out.write('!');
        System.out.println();
    }
}
