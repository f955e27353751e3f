package dev.cgnat.proxy.transport;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What Linux has for connections that never meant to reach this host: IP_TRANSPARENT and SO_ORIGINAL_DST. */
public final class TransparentSocket {
    /** Lets a socket have addresses that are not the host's; one bit for both families (linux/in.h). */
    public static final ChannelOption<Integer> IP_TRANSPARENT = new IntegerUnixChannelOption("IP_TRANSPARENT", 0, 19);

    /** A sockaddr_in, by linux/netfilter_ipv4.h. */
    private static final ChannelOption<ByteBuffer> SO_ORIGINAL_DST =
            new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);

    /** A sockaddr_in6, by linux/netfilter_ipv6/ip6_tables.h. */
    private static final ChannelOption<ByteBuffer> IP6T_SO_ORIGINAL_DST =
            new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", 41, 80, 28);

    /** In both kinds of sockaddr. */
    private static final int PORT_AT = 2;

    private TransparentSocket() {}

    /**
     * Makes sure that a listener of {@code transport} can ask for original destinations.
     *
     * @throws IOException that says what is missing
     */
    public static void requireOptions(Transport transport) throws IOException {
        if (!UnixChannel.class.isAssignableFrom(transport.serverChannel())) {
            throw new IOException("transport " + transport.label()
                    + " cannot tell where a connection was bound for. Expected: epoll or io-uring, which Linux has");
        }
    }

    /**
     * Makes sure that a listener of {@code transport} can take connections to addresses of other hosts.
     *
     * @throws IOException that says what is missing
     */
    public static void requireTransparency(Transport transport) throws IOException {
        requireOptions(transport);
        ServerSocketChannel probe = new ReflectiveChannelFactory<>(transport.serverChannel()).newChannel();
        try {
            probe.config().setOption(IP_TRANSPARENT, 1);
        } catch (ChannelException e) {
            throw new IOException(
                    "a socket for addresses of other hosts is refused (" + SocketError.reason(e)
                            + "). Expected: the capability CAP_NET_ADMIN or CAP_NET_RAW",
                    e);
        } finally {
            probe.unsafe().closeForcibly();
        }
    }

    /** Where a connection was bound for before NAT of this host turned it to here; empty if none of that is recorded. */
    public static Optional<Endpoint> originalDestination(SocketChannel redirected) {
        boolean isIpv4 = Endpoint.from(redirected.localAddress()).address().isIpv4();
        try {
            ByteBuffer sockaddr = redirected.config().getOption(isIpv4 ? SO_ORIGINAL_DST : IP6T_SO_ORIGINAL_DST);
            byte[] address = new byte[isIpv4 ? 4 : 16];
            sockaddr.get(isIpv4 ? 4 : 8, address);
            int port = Short.toUnsignedInt(sockaddr.getShort(PORT_AT)); // in network order, as is a new ByteBuffer
            return Optional.of(new Endpoint(IpAddress.from(InetAddress.getByAddress(address)), port));
        } catch (ChannelException e) { // ENOENT, or the client has gone
            return Optional.empty();
        } catch (UnknownHostException e) {
            throw new AssertionError("only a wrong length is refused", e);
        }
    }

    /** Where {@code client}'s listener listens. */
    public static Endpoint listenerOf(Channel client) {
        return Endpoint.from((InetSocketAddress) client.parent().localAddress());
    }
}
