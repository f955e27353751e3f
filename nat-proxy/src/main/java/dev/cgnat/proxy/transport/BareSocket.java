package dev.cgnat.proxy.transport;

import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket that does not block, by its descriptor and family: an object of Netty's {@link Socket} asks the kernel for the family
 * when it is made, which is a system call for each.
 *
 * <p><b>Costs</b>: one system call for each call here. <b>Ownership</b>: one thread at a time.
 */
final class BareSocket extends FileDescriptor {
    private static final @Nullable PrivateCalls CALLS = PrivateCalls.find();

    private final boolean isIpv6;
    private @Nullable Socket whole;

    /** @param fd an open socket */
    BareSocket(int fd, boolean isIpv6) {
        super(fd);
        this.isIpv6 = isIpv6;
    }

    /** Of the family that is asked for, where Netty's own factory follows a system property. */
    static BareSocket open(SocketProtocolFamily family) {
        return new BareSocket(Whole.newDescriptor(family), family == SocketProtocolFamily.INET6);
    }

    boolean isIpv6() {
        return isIpv6;
    }

    /** For calls that a flow does not make; not to be closed. */
    Socket whole() {
        Socket known = whole;
        if (known == null) {
            known = new Whole(intValue());
            whole = known;
        }
        return known;
    }

    void bind(SocketAddress local) throws IOException {
        if (CALLS != null && local instanceof InetSocketAddress internet) {
            InetAddress address = internet.getAddress();
            NativeInetAddress bytes = NativeInetAddress.newInstance(address);
            int result =
                    CALLS.bind(intValue(), usesIpv6(address), bytes.address(), bytes.scopeId(), internet.getPort());
            if (result < 0) {
                throw Errors.newIOException("bind", result);
            }
        } else {
            whole().bind(local);
        }
    }

    /** Whether that is done already. */
    boolean connect(SocketAddress to) throws IOException {
        if (CALLS != null && to instanceof InetSocketAddress internet) {
            InetAddress address = internet.getAddress();
            NativeInetAddress bytes = NativeInetAddress.newInstance(address);
            int result =
                    CALLS.connect(intValue(), usesIpv6(address), bytes.address(), bytes.scopeId(), internet.getPort());
            return result >= 0 || Errors.handleConnectErrno("connect", result);
        }
        return whole().connect(to);
    }

    private boolean usesIpv6(InetAddress address) {
        return isIpv6 || address instanceof Inet6Address;
    }

    /** As {@link #readAddress}, but a call that is made for sockets, and costs less. */
    int receive(long memory, int from, int to) throws IOException {
        if (CALLS == null) {
            return readAddress(memory, from, to);
        }
        int result = CALLS.receive(intValue(), memory, from, to);
        if (result > 0) {
            return result;
        }
        return result == 0 ? -1 : Errors.ioResult("recv", result);
    }

    /**
     * As {@link #writeAddress}, but a call that is made for sockets, and costs less.
     *
     * @param isBeforeEnd whether the output ends at once behind these bytes: its FIN then goes in their last segment
     */
    int send(long memory, int from, int to, boolean isBeforeEnd) throws IOException {
        if (CALLS == null) {
            return writeAddress(memory, from, to);
        }
        int result = isBeforeEnd
                ? CALLS.sendBeforeMore(intValue(), isIpv6, memory, from, to)
                : CALLS.send(intValue(), memory, from, to);
        return result >= 0 ? result : Errors.ioResult("send", result);
    }

    void shutdown(boolean input, boolean output) throws IOException {
        if (CALLS != null) {
            if (!isOpen()) {
                throw new ClosedChannelException();
            }
            int result = CALLS.shutdown(intValue(), input, output);
            if (result < 0) {
                // Errors.ioResult would call a connection that has just been reset "not yet connected", as if that were
                // a mistake.
                throw Errors.newIOException("shutdown", result);
            }
        } else {
            whole().shutdown(input, output);
        }
    }

    void setIntOpt(int level, int name, int value) throws IOException {
        if (CALLS != null) {
            CALLS.setIntOpt(intValue(), level, name, value);
        } else {
            whole().setIntOpt(level, name, value);
        }
    }

    /** Netty's own, with what it keeps for its subclasses. */
    private static final class Whole extends Socket {
        private Whole(int fd) {
            super(fd);
        }

        static int newDescriptor(SocketProtocolFamily family) {
            return newSocketStream0(family);
        }
    }
}
