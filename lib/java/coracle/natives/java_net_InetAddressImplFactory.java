package coracle.natives;

final class java_net_InetAddressImplFactory {
    static boolean isIPv6Supported() {
        return Sockets.showsIPv6();
    }
}
