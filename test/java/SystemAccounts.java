import com.sun.security.auth.module.UnixSystem;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import jdk.net.ExtendedSocketOptions;

/** Who runs the program, and who is at the other end of a socket. */
public class SystemAccounts {
    static void check(Callable<?> action) {
        try {
            System.out.println(action.call());
        } catch (Exception | Error e) {
            System.out.println(e);
        }
    }

    static Object peer() throws Exception {
        Path folder = Files.createTempDirectory("accounts");
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
             SocketChannel unconnected = SocketChannel.open(StandardProtocolFamily.UNIX);
             SocketChannel client = SocketChannel.open(address);
             SocketChannel accepted = server.accept()) {
            System.out.println(client.getOption(ExtendedSocketOptions.SO_PEERCRED).user());
            System.out.println(client.getOption(ExtendedSocketOptions.SO_PEERCRED).equals(accepted.getOption(ExtendedSocketOptions.SO_PEERCRED)));
            check(() -> unconnected.getOption(ExtendedSocketOptions.SO_PEERCRED));
            check(() -> client.setOption(ExtendedSocketOptions.SO_PEERCRED, null));
            return client.getOption(ExtendedSocketOptions.SO_PEERCRED);
        } finally {
            Files.deleteIfExists(address.getPath());
            Files.delete(folder);
        }
    }

    public static void main(String[] arguments) throws Exception {
        check(() -> {
            UnixSystem system = new UnixSystem();
            return system.getUsername() + " " + system.getUid() + " " + system.getGid() + " " + Arrays.toString(system.getGroups());
        });
        check(SystemAccounts::peer);
        check(() -> {
            try (SocketChannel channel = SocketChannel.open()) {
                return channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED);
            }
        });
    }
}
