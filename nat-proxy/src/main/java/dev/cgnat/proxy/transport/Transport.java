package dev.cgnat.proxy.transport;

import dev.cgnat.proxy.config.TransportKind;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
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

    /** The best transport that this machine has. */
    public static Transport best() {
        return of(TransportKind.AUTO);
    }

    /**
     * The transport that {@code kind} asks for.
     *
     * @throws IllegalStateException if it asks for epoll and this machine has none
     */
    public static Transport of(TransportKind kind) {
        if (kind == TransportKind.EPOLL && !Epoll.isAvailable()) {
            throw new IllegalStateException(
                    "transport: epoll (expected: auto or nio on this machine)", Epoll.unavailabilityCause());
        }
        if (kind == TransportKind.NIO || !Epoll.isAvailable()) {
            return new Transport(
                    NIO,
                    NioServerSocketChannel.class,
                    NioSocketChannel.class,
                    NioDatagramChannel.class,
                    NioIoHandler.newFactory());
        }
        return new Transport(
                "epoll",
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                EpollDatagramChannel.class,
                EpollRegistrations.newFactory());
    }

    /**
     * How much the channels of a flow read at once: as much as comes, up to 256 KiB. Larger reads move more bytes per
     * processor second than anything else does, and a slow reader costs one of them.
     */
    public static RecvByteBufAllocator flowReads() {
        return new AdaptiveRecvByteBufAllocator(64, 2048, 256 * 1024);
    }

    /** Event loops named {@code name}-1, {@code name}-2 …; the caller shuts them down. */
    public EventLoopGroup newEventLoops(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name), ioHandler);
    }
}
