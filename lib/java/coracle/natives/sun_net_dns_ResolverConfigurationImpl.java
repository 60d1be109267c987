package coracle.natives;

final class sun_net_dns_ResolverConfigurationImpl {
    static String fallbackDomain0() {
        String host = Names.local();
        int dot = host.indexOf('.');
        return dot < 0 ? null : host.substring(dot + 1);
    }
}
