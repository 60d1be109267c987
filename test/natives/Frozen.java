import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Freezes itself with things open: arguments are the folder for files, and "jar" or "classes" (how it was started). */
public class Frozen {
    static void refused(String folder) {
        try {
            coracle.Image.freeze(folder + "/refused.image");
            System.out.println("not refused");
        } catch (IOException e) {
            System.out.println(e.getMessage().replace(folder, "FOLDER").replaceAll("[0-9]+", "N"));
        }
    }

    interface Freezer {
        boolean freeze(String path) throws Throwable;
    }

    /** Paths of no file, through each way to call a method. */
    static void wrong(String folder) throws Exception {
        Freezer reference = coracle.Image::freeze;
        Method method = coracle.Image.class.getMethod("freeze", String.class);
        MethodHandle handle = MethodHandles.lookup().unreflect(method);
        Freezer[] ways = {reference, path -> (boolean) method.invoke(null, path), path -> (boolean) handle.invoke(path)};
        String[] paths = {folder + "/no/where", folder, ""};
        for (int i = 0; i < ways.length; i++)
            try {
                System.out.println("not refused: " + ways[i].freeze(paths[i]));
            } catch (Throwable e) {
                System.out.println((e instanceof InvocationTargetException ? e.getCause() : e).getMessage().replace(folder, "FOLDER"));
            }
        refused(folder + "\0");
    }

    /** Streams that have taken more than is kept of them, until they have ended or begin anew. */
    static void tooLong(String folder, boolean inflates) throws Exception {
        byte[] bytes = new byte[5 << 20];
        new java.util.Random(1).nextBytes(bytes);
        Deflater deflater = new Deflater(1);
        byte[] packed = new byte[6 << 20];
        deflater.setInput(bytes);
        if (!inflates) {
            deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
            refused(folder);
            deflater.reset();
            return;
        }
        deflater.finish();
        int size = deflater.deflate(packed);
        Inflater inflater = new Inflater();
        inflater.setInput(packed, 0, size);
        inflater.inflate(bytes, 0, bytes.length - 1);
        refused(folder);
        inflater.inflate(bytes);
    }

    static void unmap(ByteBuffer mapped) throws Exception {
        Field unsafe = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
        unsafe.setAccessible(true);
        ((sun.misc.Unsafe) unsafe.get(null)).invokeCleaner(mapped);
    }

    public static void main(String[] args) throws Exception {
        String folder = args[0];
        FileInputStream in = new FileInputStream(folder + "/letters");
        System.out.println((char) in.read() + "" + (char) in.read());
        Deflater deflater = new Deflater();
        byte[] packed = new byte[100], bytes = new byte[50];
        deflater.setInput("hello hello hello".getBytes());
        deflater.finish();
        int size = deflater.deflate(packed);
        Inflater fresh = new Inflater(), begun = new Inflater();
        begun.setInput(packed, 0, size);
        begun.inflate(bytes, 0, 3);
        Process process = new ProcessBuilder("cat").start();
        refused(folder);
        process.destroy();
        process.waitFor();
        process.getInputStream().close();
        process.getErrorStream().close();
        process.getOutputStream().close();
        try (FileOutputStream out = new FileOutputStream(folder + "/written")) {
            refused(folder);
        }
        try (FileChannel channel = FileChannel.open(Path.of(folder, "written"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 10);
            channel.close();
            refused(folder);
            unmap(mapped);
        }
        InetSocketAddress here = new InetSocketAddress(Inet4Address.getByName("127.0.0.1"), 0);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET).bind(here)) {
            refused(folder);
            SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET);
            client.connect(server.getLocalAddress());
            SocketChannel accepted = server.accept();
            server.close();
            refused(folder);
            client.close();
            accepted.close();
        }
        Path end = Path.of(folder, "end");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(end))) {
            refused(folder);
        }
        Files.delete(end);
        for (boolean inflates : new boolean[] {false, true}) tooLong(folder, inflates);
        wrong(folder);
        Path names = Files.createDirectories(Path.of(folder, "names"));
        for (String name : new String[] {"one", "two", "three"}) Files.write(names.resolve(name), new byte[0]);
        DirectoryStream<Path> stream = Files.newDirectoryStream(names);
        Iterator<Path> listed = stream.iterator();
        Set<String> found = new TreeSet<>();
        found.add(listed.next().getFileName().toString());
        Object lock = new Object();
        Thread other = new Thread(() -> {
            synchronized (lock) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    System.out.println(e);
                }
                System.out.println("woken");
            }
        });
        other.setDaemon(true);
        other.start();
        while (other.getState() != Thread.State.WAITING) Thread.sleep(1);

        boolean isThawed = coracle.Image.freeze(folder + "/" + args[1] + ".image");
        System.out.println(isThawed ? "thawed" : "going on");
        System.out.println((char) in.read() + "" + (char) in.read());
        fresh.setInput(packed, 0, size);
        System.out.println(new String(bytes, 0, fresh.inflate(bytes)));
        while (listed.hasNext()) found.add(listed.next().getFileName().toString());
        System.out.println(found + (stream instanceof SecureDirectoryStream ? " secure" : ""));
        stream.close();
        System.out.println(begun.inflate(bytes) + " " + begun.getTotalIn() + " " + begun.getTotalOut() + " " + begun.finished());
        synchronized (lock) {
            lock.notify();
        }
        other.join();
        System.out.println(Late.text() + new Scanner("1 2").nextInt());
    }

    /** Loaded after the thaw only. */
    static class Late {
        static String text() {
            return "late ";
        }
    }
}
