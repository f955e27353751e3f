package dev.cgnat.proxy.transport;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.TransportKind;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The event loops and channel types of one transport.
 *
 * @param label as {@code cgn_build_info} tells it
 */
public record Transport(
        String label,
        Class<? extends ServerSocketChannel> serverChannel,
        Class<? extends SocketChannel> channel,
        Class<? extends DatagramChannel> datagramChannel,
        IoHandlerFactory ioHandler) {
    static final String NIO = "nio";

    private static final String URING_EDGES = "io.netty.iouring.pollAddMultishotEnabled";

    /** The best transport that this machine has, by what was measured: epoll, else NIO. */
    public static Transport best() {
        return of(TransportKind.AUTO);
    }

    /**
     * The transport that {@code kind} asks for.
     *
     * @throws IllegalStateException if it asks for one that this machine has not; containers often forbid io_uring
     */
    public static Transport of(TransportKind kind) {
        return switch (kind) {
            case AUTO -> Epoll.isAvailable() ? epoll() : nio();
            case EPOLL -> epoll();
            case IO_URING -> ioUring();
            case NIO -> nio();
        };
    }

    private static Transport epoll() {
        if (!Epoll.isAvailable()) {
            throw missing("epoll", Epoll.unavailabilityCause());
        }
        return new Transport(
                "epoll",
                EdgeServerChannel.class,
                EdgeSocketChannel.class,
                EpollDatagramChannel.class,
                EpollIoHandler.newFactory());
    }

    private static Transport ioUring() {
        // Polls that tell more than once tell of edges, and Netty forgets one that comes while a read is being called
        // off: with
        // autoRead switched off and on, flows stand still. Read when IoUring is loaded.
        if (System.getProperty(URING_EDGES) == null) {
            System.setProperty(URING_EDGES, "false");
        }
        if (!IoUring.isAvailable()) {
            throw missing("io-uring", IoUring.unavailabilityCause());
        }
        return new Transport(
                "io_uring",
                IoUringServerSocketChannel.class,
                IoUringSocketChannel.class,
                IoUringDatagramChannel.class,
                IoUringIoHandler.newFactory());
    }

    private static Transport nio() {
        return new Transport(
                NIO,
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                NioDatagramChannel.class,
                NioIoHandler.newFactory());
    }

    private static IllegalStateException missing(String kind, Throwable cause) {
        return new IllegalStateException("transport: " + kind + " (expected: auto or nio on this machine)", cause);
    }

    /**
     * How much the channels of a flow read at once: as much as comes, up to 256 KiB. Larger reads move more bytes per
     * processor second than anything else does, and a slow reader costs one of them.
     */
    public static RecvByteBufAllocator flowReads() {
        return new AdaptiveRecvByteBufAllocator(64, 2048, 256 * 1024);
    }

    /** The family of sockets for {@code address}. */
    public static SocketProtocolFamily familyOf(IpAddress address) {
        return address.isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    /** A socket that will be bound to, and connect to, addresses of {@code family}, as far as that makes a difference. */
    public SocketChannel newChannel(SocketProtocolFamily family) {
        return channel == EdgeSocketChannel.class
                ? new EdgeSocketChannel(family)
                : new ReflectiveChannelFactory<SocketChannel>(channel).newChannel();
    }

    /** A socket that will listen on an address of {@code family}, as far as that makes a difference. */
    public ServerSocketChannel newServerChannel(SocketProtocolFamily family) {
        return serverChannel == EdgeServerChannel.class
                ? new EdgeServerChannel(family)
                : new ReflectiveChannelFactory<ServerSocketChannel>(serverChannel).newChannel();
    }

    /** Whether several sockets may listen on one port, each for the connections of one event loop. */
    public boolean sharesPorts() {
        return channel != NioSocketChannel.class;
    }

    /** Event loops named {@code name}-1, {@code name}-2 …; the caller shuts them down. */
    public EventLoopGroup newEventLoops(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name), ioHandler);
    }
}
