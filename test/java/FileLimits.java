import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** How many files may be open, and a program that has opened them all: it gets exceptions, and what needs no file works. */
public class FileLimits {
    static void check(Callable<?> action) {
        try {
            System.out.println(action.call());
        } catch (Exception | Error e) {
            System.out.println(e + " at " + e.getStackTrace()[0]);
        }
    }

    static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes());
        return process.waitFor() + " " + text.trim();
    }

    static String inflated(byte[] packed) throws Exception {
        Inflater inflater = new Inflater();
        inflater.setInput(packed);
        byte[] bytes = new byte[100];
        return new String(bytes, 0, inflater.inflate(bytes));
    }

    public static void main(String[] args) throws Exception {
        String most = output("sh", "-c", "ulimit -Hn");
        System.out.println(most.equals(output("sh", "-c", "ulimit -Sn")));
        System.out.println(output("prlimit", "--pid", "" + ProcessHandle.current().pid(), "--nofile=150:150"));

        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        InetAddress.getByName("localhost");
        byte[] packed = new byte[100];
        Deflater deflater = new Deflater();
        deflater.setInput("some words to be packed".getBytes());
        deflater.finish();
        deflater.deflate(packed);
        check(() -> "begin");
        List<InputStream> open = new ArrayList<>();
        try {
            for (;;) {
                open.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException e) {
            System.out.println(e);
        }
        check(() -> Math.log(10) + " " + Math.pow(2, 0.5) + " " + Math.sin(1) + " " + 7.5 % 2);
        check(() -> inflated(packed));
        check(() -> InetAddress.getByName("127.0.0.1"));
        check(() -> InetAddress.getByName("localhost").isLoopbackAddress());
        check(server::accept);
        check(DatagramSocket::new);
        check(() -> SocketChannel.open());
        check(() -> Pipe.open());
        check(() -> new FileOutputStream("/dev/null"));
        check(() -> new RandomAccessFile("/dev/null", "rw"));
        check(() -> FileChannel.open(Path.of("/dev/null")));
        check(() -> java.net.NetworkInterface.getNetworkInterfaces());
        check(() -> FileSystems.getDefault().newWatchService());
        check(() -> Runtime.getRuntime().exec("true"));
        for (InputStream each : open) {
            each.close();
        }
        check(() -> output("echo", "end"));
        check(() -> server.accept().getPort() == client.getLocalPort());
    }
}
