package coracle.natives;

import java.io.IOException;
import java.net.Inet6Address;
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

    static boolean isReachable0(Object self, byte[] address, int scope, int timeout, byte[] from, int ttl, int fromScope) throws IOException {
        return Names.reach(of(address, scope), timeout, from == null ? null : of(from, fromScope), ttl);
    }

    private static InetAddress of(byte[] address, int scope) throws UnknownHostException {
        return address.length == 4 || scope <= 0 ? InetAddress.getByAddress(address) : Inet6Address.getByAddress(null, address, scope);
    }
}
