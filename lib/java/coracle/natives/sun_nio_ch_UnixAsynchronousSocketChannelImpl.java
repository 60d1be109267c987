package coracle.natives;

import java.io.IOException;

final class sun_nio_ch_UnixAsynchronousSocketChannelImpl {
    static void checkConnect(int fd) throws IOException {
        int error = Sockets.option(fd, Sockets.SOL_SOCKET(), Sockets.fact("SO_ERROR"));
        if (error != 0) throw Sockets.error(error);
    }
}
