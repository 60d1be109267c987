package coracle.natives;

final class sun_net_PortConfig {
    private static int bound(boolean upper) {
        byte[] range = Processes.load("/proc/sys/net/ipv4/ip_local_port_range", 64);
        if (range == null) return -1;
        String text = Text.latin1(range).trim();
        int gap = 0;
        while (gap < text.length() && text.charAt(gap) > ' ') gap++;
        return Integer.parseInt(upper ? text.substring(gap).trim() : text.substring(0, gap));
    }

    static int getLower0() { return bound(false); }
    static int getUpper0() { return bound(true); }
}
