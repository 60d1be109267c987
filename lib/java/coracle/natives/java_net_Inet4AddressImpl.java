package coracle.natives;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;

final class java_net_Inet4AddressImpl {
    static String getLocalHostName(Object self) {
        return Names.local();
    }

    static InetAddress[] lookupAllHostAddr(Object self, String host) throws UnknownHostException {
        return Names.lookup(host, true);
    }

    static String getHostByAddr(Object self, byte[] address) throws UnknownHostException {
        return Names.ofAddress(address);
    }

    static boolean isReachable0(Object self, byte[] address, int timeout, byte[] from, int ttl) throws IOException {
        return Names.reach(InetAddress.getByAddress(address), timeout, from == null ? null : InetAddress.getByAddress(from), ttl);
    }
}
