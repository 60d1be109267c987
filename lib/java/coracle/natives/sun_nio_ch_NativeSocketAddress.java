package coracle.natives;

import coracle.ffi.Function;

final class sun_nio_ch_NativeSocketAddress {
    @Function(value = "AF_INET", library = "fact") static native int AFINET();
    @Function(value = "AF_INET6", library = "fact") static native int AFINET6();
    @Function(value = "struct sockaddr_in", library = "fact") static native int sizeofSockAddr4();
    @Function(value = "struct sockaddr_in6", library = "fact") static native int sizeofSockAddr6();
    @Function(value = "sockaddr.sa_family:size", library = "fact") static native int sizeofFamily();
    @Function(value = "sockaddr.sa_family", library = "fact") static native int offsetFamily();
    @Function(value = "sockaddr_in.sin_port", library = "fact") static native int offsetSin4Port();
    @Function(value = "sockaddr_in.sin_addr", library = "fact") static native int offsetSin4Addr();
    @Function(value = "sockaddr_in6.sin6_port", library = "fact") static native int offsetSin6Port();
    @Function(value = "sockaddr_in6.sin6_flowinfo", library = "fact") static native int offsetSin6FlowInfo();
    @Function(value = "sockaddr_in6.sin6_addr", library = "fact") static native int offsetSin6Addr();
    @Function(value = "sockaddr_in6.sin6_scope_id", library = "fact") static native int offsetSin6ScopeId();
}
