import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.Permission;
import java.security.Policy;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;

/** A program that has asked for IPv4 alone sees no IPv6; groups that cannot be joined; names looked up under a manager;
    hosts that answer. */
public class NetworkEdges {
    static void check(Callable<?> action) {
        try {
            System.out.println(action.call());
        } catch (Exception | Error e) {
            System.out.println(e);
        }
    }

    @SuppressWarnings("removal")
    static void lookUpUnderManager() {
        Policy.setPolicy(new Policy() {
            @Override
            public boolean implies(ProtectionDomain domain, Permission permission) {
                return !permission.getName().startsWith("java.net.prefer");
            }
        });
        System.setSecurityManager(new SecurityManager());
        check(() -> Arrays.toString(InetAddress.getAllByName("localhost")));
        check(() -> System.getProperty("java.net.preferIPv6Addresses"));
        System.setSecurityManager(null);
    }

    static void stack() throws IOException {
        try (ServerSocket server = new ServerSocket(0); DatagramSocket datagrams = new DatagramSocket();
             ServerSocketChannel channel = ServerSocketChannel.open().bind(null)) {
            System.out.println(server.getInetAddress() + " " + datagrams.getLocalAddress());
            System.out.println(((InetSocketAddress) channel.getLocalAddress()).getAddress());
        }
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            System.out.println(each + " " + Collections.list(each.getInetAddresses()) + " " + each.getInterfaceAddresses());
        }
        check(() -> InetAddress.getByName("::1"));
        check(() -> {
            try (SocketChannel channel = SocketChannel.open()) {
                return channel.connect(new InetSocketAddress("::1", 7));
            }
        });
        check(() -> DatagramChannel.open(StandardProtocolFamily.INET6));
    }

    /** A system lets a socket be in so many groups only. */
    @SuppressWarnings("deprecation")
    static void joinTooMany() throws IOException {
        try (MulticastSocket socket = new MulticastSocket(0)) {
            NetworkInterface loop = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
            for (int i = 1; i < 5000; i++) {
                InetAddress group = InetAddress.getByAddress(new byte[] {(byte) 239, 1, (byte) (i >> 8), (byte) i});
                socket.joinGroup(new InetSocketAddress(group, 0), loop);
            }
        } catch (IOException e) {
            System.out.println(e);
        }
    }

    public static void main(String[] args) throws Exception {
        lookUpUnderManager();
        stack();
        joinTooMany();
        check(() -> InetAddress.getByName("127.0.0.1").isReachable(2000));
        check(() -> InetAddress.getByName("127.0.0.1").isReachable(null, 5, 2000));
        check(() -> InetAddress.getByName("255.255.255.255").isReachable(100)); /* root may ask for an echo, but not of all */
    }
}
