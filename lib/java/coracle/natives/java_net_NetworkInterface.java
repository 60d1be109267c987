package coracle.natives;

import coracle.ffi.Function;
import coracle.ffi.Memory;
import coracle.ffi.Platform;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** Network interfaces as getifaddrs lists them. Virtual ones ("eth0:1") stand for themselves here. */
final class java_net_NetworkInterface {
    @Function("getifaddrs") private static native int getifaddrs(long list);
    @Function("freeifaddrs") private static native void freeifaddrs(long list);
    @Function("if_nametoindex") private static native int if_nametoindex(long name);

    private static long field(long entry, String name) {
        return Memory.getLong(entry + Platform.fact("ifaddrs." + name));
    }

    static NetworkInterface[] getAll() throws SocketException {
        long cell = Memory.stage(8);
        if (getifaddrs(cell) != 0) throw new SocketException(coracle.ffi.Errno.text(coracle.ffi.Errno.get()) + " (Socket creation failed)");
        long list = Memory.getLong(cell);
        NetworkInterface[] found = new NetworkInterface[0];
        try {
            for (long each = list; each != 0; each = field(each, "ifa_next")) {
                String name = Text.at(field(each, "ifa_name"));
                boolean isNew = true;
                for (int i = 0; i < found.length; i++) if (found[i].getName().equals(name)) isNew = false;
                long address = field(each, "ifa_addr");
                if (!isNew || !isInternet(address)) continue;
                NetworkInterface[] more = new NetworkInterface[found.length + 1]; /* the last one comes first */
                System.arraycopy(found, 0, more, 1, found.length);
                more[0] = make(name, list);
                found = more;
            }
        } finally {
            freeifaddrs(list);
        }
        return found.length == 0 ? null : found;
    }

    private static boolean isInternet(long address) {
        if (address == 0) return false;
        int family = Memory.getShort(address + Sockets.family()) & 0xffff;
        return family == Sockets.AF_INET() || (family == Sockets.AF_INET6() && Sockets.showsIPv6());
    }

    private static NetworkInterface make(String name, long list) {
        Object made = instance(NetworkInterface.class);
        InetAddress[] addresses = new InetAddress[0];
        InterfaceAddress[] bindings = new InterfaceAddress[0];
        int index = if_nametoindex(Text.stage(name));
        for (long each = list; each != 0; each = field(each, "ifa_next")) {
            long address = field(each, "ifa_addr");
            if (!isInternet(address) || !Text.at(field(each, "ifa_name")).equals(name)) continue;
            InetAddress own = Sockets.address(null, address);
            if (own instanceof Inet6Address) own = within((Inet6Address) own, index, made);
            InetAddress[] moreAddresses = new InetAddress[addresses.length + 1];
            System.arraycopy(addresses, 0, moreAddresses, 1, addresses.length);
            moreAddresses[0] = own;
            addresses = moreAddresses;
            InterfaceAddress[] moreBindings = new InterfaceAddress[bindings.length + 1];
            System.arraycopy(bindings, 0, moreBindings, 1, bindings.length);
            moreBindings[0] = binding(own, each);
            bindings = moreBindings;
        }
        Class<?> type = NetworkInterface.class;
        Fields.U.putReference(made, Fields.offset(type, "name"), name);
        Fields.U.putReference(made, Fields.offset(type, "displayName"), name);
        Fields.U.putInt(made, Fields.offset(type, "index"), index);
        Fields.U.putReference(made, Fields.offset(type, "addrs"), addresses);
        Fields.U.putReference(made, Fields.offset(type, "bindings"), bindings);
        Fields.U.putReference(made, Fields.offset(type, "childs"), new NetworkInterface[0]);
        return (NetworkInterface) made;
    }

    /** The address as one of this interface, "::1%lo". */
    private static InetAddress within(Inet6Address address, int index, Object owner) {
        try {
            address = Inet6Address.getByAddress(null, address.getAddress(), index);
        } catch (java.net.UnknownHostException e) {
            throw new InternalError(e);
        }
        Object holder = Fields.U.getReference(address, Fields.offset(Inet6Address.class, "holder6"));
        Class<?> type = holder.getClass();
        Fields.U.putReference(holder, Fields.offset(type, "scope_ifname"), owner);
        return address;
    }

    private static Object instance(Class<?> type) {
        try {
            return Fields.U.allocateInstance(type);
        } catch (InstantiationException e) {
            throw new InternalError(e);
        }
    }

    private static InterfaceAddress binding(InetAddress own, long entry) {
        Object made = instance(InterfaceAddress.class);
        boolean v4 = own instanceof Inet4Address;
        long mask = field(entry, "ifa_netmask"), broadcast = field(entry, "ifa_ifu");
        int bits = 0, size = v4 ? 4 : 16;
        for (int i = 0; mask != 0 && i < size; i++)
            bits += Integer.bitCount(Memory.getByte(mask + (v4 ? Sockets.address4() : Sockets.address6()) + i) & 0xff);
        boolean hasBroadcast = v4 && broadcast != 0 && (flags(entry) & Sockets.fact("IFF_BROADCAST")) != 0;
        Class<?> type = InterfaceAddress.class;
        Fields.U.putReference(made, Fields.offset(type, "address"), own);
        Fields.U.putReference(made, Fields.offset(type, "broadcast"), hasBroadcast ? Sockets.address(null, broadcast) : null);
        Fields.U.putShort(made, Fields.offset(type, "maskLength"), (short) bits);
        return (InterfaceAddress) made;
    }

    private static int flags(long entry) {
        return Memory.getInt(entry + Platform.fact("ifaddrs.ifa_flags"));
    }

    static NetworkInterface getByName0(String name) throws SocketException {
        NetworkInterface[] all = getAll();
        for (int i = 0; all != null && i < all.length; i++) if (all[i].getName().equals(name)) return all[i];
        return null;
    }

    static NetworkInterface getByIndex0(int index) throws SocketException {
        NetworkInterface[] all = getAll();
        for (int i = 0; all != null && i < all.length; i++) if (all[i].getIndex() == index) return all[i];
        return null;
    }

    static NetworkInterface getByInetAddress0(InetAddress address) throws SocketException {
        NetworkInterface[] all = getAll();
        for (int i = 0; all != null && i < all.length; i++)
            for (java.util.Enumeration<InetAddress> e = all[i].getInetAddresses(); e.hasMoreElements();)
                if (e.nextElement().equals(address)) return all[i];
        return null;
    }

    static boolean boundInetAddress0(InetAddress address) throws SocketException {
        return getByInetAddress0(address) != null;
    }

    private static boolean has(String name, String flag) throws SocketException {
        long cell = Memory.stage(8);
        if (getifaddrs(cell) != 0) throw new SocketException(coracle.ffi.Errno.text(coracle.ffi.Errno.get()));
        long list = Memory.getLong(cell);
        boolean found = false;
        for (long each = list; each != 0; each = field(each, "ifa_next"))
            if (Text.at(field(each, "ifa_name")).equals(name)) found |= (flags(each) & Sockets.fact(flag)) != 0;
        freeifaddrs(list);
        return found;
    }

    static boolean isUp0(String name, int index) throws SocketException { return has(name, "IFF_UP") && has(name, "IFF_RUNNING"); }
    static boolean isLoopback0(String name, int index) throws SocketException { return has(name, "IFF_LOOPBACK"); }
    static boolean supportsMulticast0(String name, int index) throws SocketException { return has(name, "IFF_MULTICAST"); }
    static boolean isP2P0(String name, int index) throws SocketException { return has(name, "IFF_POINTOPOINT"); }

    static int getMTU0(String name, int index) {
        byte[] text = Processes.load("/sys/class/net/" + name + "/mtu", 64);
        return text == null ? 0 : Integer.parseInt(Text.latin1(text).trim());
    }

    static byte[] getMacAddr0(byte[] address, String name, int index) {
        byte[] text = Processes.load("/sys/class/net/" + name + "/address", 64);
        if (text == null) return null;
        String digits = Text.latin1(text).trim();
        if (digits.length() != 17 || digits.equals("00:00:00:00:00:00")) return null;
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) bytes[i] = (byte) Integer.parseInt(digits.substring(i * 3, i * 3 + 2), 16);
        return bytes;
    }
}
