package coracle.natives;

import java.net.InetAddress;
import java.net.UnknownHostException;

final class java_net_Inet6AddressImpl {
    static String getLocalHostName(Object self) {
        return Names.local();
    }

    static InetAddress[] lookupAllHostAddr(Object self, String host) throws UnknownHostException {
        return Names.lookup(host, false);
    }

    static String getHostByAddr(Object self, byte[] address) throws UnknownHostException {
        return Names.ofAddress(address);
    }
}
