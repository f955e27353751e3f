package dev.cgnat.proxy.ingress;

import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.relay.Resets;
import dev.cgnat.proxy.transport.SocketError;
import dev.cgnat.proxy.transport.TcpOptions;
import dev.cgnat.proxy.transport.TransparentSocket;
import dev.cgnat.proxy.transport.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The listeners of a proxy and the clients that came in by them. Any thread may call. */
public final class Ingress implements AutoCloseable {
    /** Connections that may wait to be accepted; the kernel caps it at net.core.somaxconn. */
    private static final int BACKLOG = 4096;

    private final EventLoopGroup loops;
    private final Transport transport;
    private final TcpOptions tcpOptions;
    private final AddressResolverGroup<InetSocketAddress> resolver;
    private final Map<String, List<Channel>> listeners = new ConcurrentHashMap<>();
    /** Closed as a whole, it closes late comers too. */
    private final ChannelGroup clients = new DefaultChannelGroup("clients", GlobalEventExecutor.INSTANCE, true);

    public Ingress(
            EventLoopGroup loops,
            Transport transport,
            TcpOptions tcpOptions,
            AddressResolverGroup<InetSocketAddress> resolver) {
        this.loops = loops;
        this.transport = transport;
        this.tcpOptions = tcpOptions;
        this.resolver = resolver;
    }

    /** The channels of all clients. */
    public ChannelGroup clients() {
        return clients;
    }

    /**
     * Opens a listener. A client and its outside leg live on the event loop that accepts it: where several sockets may share
     * a port, each loop has one of its own, and the kernel spreads the clients over them.
     */
    public void listen(IngressContext context) throws IOException {
        requireTransparency(context.listener());
        Channel first = bind(context, loops.next(), context.listener().bind().toInetSocketAddress(), false);
        List<Channel> sockets = new CopyOnWriteArrayList<>(List.of(first));
        listeners.put(context.listener().name(), sockets);
        if (transport.sharesPorts()) {
            // The first was bound alone, so that a port that is another's is noticed; from here on it may be shared.
            first.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
            for (EventExecutor loop : loops) {
                if (loop != first.eventLoop()) {
                    sockets.add(bind(context, (EventLoop) loop, first.localAddress(), true));
                }
            }
        }
    }

    private Channel bind(IngressContext context, EventLoop loop, SocketAddress address, boolean isShared)
            throws IOException {
        // Of the family of its address: else 0.0.0.0 would hear IPv6 clients too.
        SocketProtocolFamily family =
                Transport.familyOf(context.listener().bind().address());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop, transport.sharesPorts() ? loop : loops)
                .channelFactory(() -> transport.newServerChannel(family))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AdmissionHandler(context))
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, Transport.flowReads())
                .childHandler(new ClientPipeline(context));
        tcpOptions.applyTo(bootstrap);
        if (context.listener().type() == ListenerConfig.Type.TPROXY) {
            bootstrap.option(TransparentSocket.IP_TRANSPARENT, 1);
        }
        if (isShared) {
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "listener " + context.listener().name() + ": cannot listen on "
                            + context.listener().bind() + " (" + SocketError.reason(bound.cause())
                            + "). Expected: an address of this host and a port that is free",
                    bound.cause());
        }
        return bound.channel();
    }

    /** What Netty's bootstrap would only warn of. */
    private void requireTransparency(ListenerConfig listener) throws IOException {
        try {
            switch (listener.type()) {
                case TPROXY -> TransparentSocket.requireTransparency(transport);
                case REDIRECT -> TransparentSocket.requireOptions(transport);
                case SOCKS, HTTP_CONNECT, FORWARD -> {}
            }
        } catch (IOException e) {
            throw new IOException("listener " + listener.name() + ": " + e.getMessage(), e);
        }
    }

    /** Where the listener of that name listens. */
    public InetSocketAddress address(String listener) {
        List<Channel> sockets = listeners.get(listener);
        if (sockets == null) {
            throw new IllegalArgumentException(
                    "listener: " + listener + " (expected: one of " + listeners.keySet() + ")");
        }
        return (InetSocketAddress) sockets.get(0).localAddress();
    }

    /** Lets nobody in any more; completes when the last client has gone, or has been reset after {@code timeout}. */
    public CompletableFuture<Void> drain(Duration timeout) {
        if (loops.isShuttingDown()) {
            return CompletableFuture.completedFuture(null);
        }
        stopListening();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        clients.newCloseFuture().addListener(closed -> gone.complete(null));
        loops.next().schedule(this::resetClients, timeout.toNanos(), TimeUnit.NANOSECONDS);
        return gone;
    }

    /** Ends everything at once. */
    @Override
    public void close() {
        stopListening();
        resetClients();
        clients.close().awaitUninterruptibly();
        resolver.close();
    }

    private void stopListening() {
        listeners
                .values()
                .forEach(sockets -> sockets.forEach(socket -> socket.close().awaitUninterruptibly()));
    }

    private void resetClients() {
        clients.forEach(Resets::reset);
    }
}
