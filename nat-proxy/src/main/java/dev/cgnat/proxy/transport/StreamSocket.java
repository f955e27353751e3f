package dev.cgnat.proxy.transport;

import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;

/** Opens sockets of the family that is asked for; Netty's own factory follows a system property. */
final class StreamSocket extends Socket {
    private StreamSocket(int fd) {
        super(fd);
    }

    /** A TCP socket that does not block. */
    static Socket open(SocketProtocolFamily family) {
        return new StreamSocket(newSocketStream0(family));
    }
}
