package dev.cgnat.proxy.testing;

import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.relay.Resets;
import dev.cgnat.proxy.transport.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The servers of a test: listeners on loopback that note who came, when, and how it ended.
 *
 * <p>Any thread may ask; behaviours run on the sink's one event loop.
 */
public final class Sink implements AutoCloseable {
    private static final int BACKLOG = 4096;

    private final EventLoopGroup loop = Transport.of(TransportKind.AUTO).newEventLoops(1, "sink");
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    private Sink() {}

    /** What a server does. By itself it reads, and answers a FIN with its own. */
    public interface Behaviour {
        default void onOpen(Connection connection) {}

        /** {@code bytes} is released after this. */
        default void onBytes(Connection connection, ByteBuf bytes) {}

        default void onFin(Connection connection) {
            connection.close();
        }
    }

    /** How a client ended its side. */
    public enum End {
        OPEN,
        FIN,
        RESET
    }

    /** Reads, says nothing. */
    public static Behaviour holding() {
        return new Behaviour() {};
    }

    /** Says what it hears. */
    public static Behaviour echoing() {
        return new Behaviour() {
            @Override
            public void onBytes(Connection connection, ByteBuf bytes) {
                connection.channel.writeAndFlush(bytes.retain());
            }
        };
    }

    /** One listener for each of {@code hosts}, on ports that the kernel chooses; a host may come more than once. */
    public static Sink start(Behaviour behaviour, String... hosts) {
        Sink sink = new Sink();
        for (String host : hosts) {
            Channel listener = new ServerBootstrap()
                    .group(sink.loop)
                    .channel(Transport.of(TransportKind.AUTO).serverChannel())
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline().addLast(sink.new Handler(behaviour, channel));
                        }
                    })
                    .bind(host, 0)
                    .syncUninterruptibly()
                    .channel();
            sink.addresses.add((InetSocketAddress) listener.localAddress());
        }
        return sink;
    }

    /** In the order of the hosts. */
    public List<InetSocketAddress> addresses() {
        return addresses;
    }

    public InetSocketAddress address() {
        return addresses.get(0);
    }

    /** All that ever came, in their order, less those that were forgotten. */
    public List<Connection> connections() {
        return List.copyOf(connections);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One connection, as the server sees it. */
    public final class Connection {
        private final SocketChannel channel;
        private final InetSocketAddress peer;
        private final InetSocketAddress local;
        private final long openedNanos = System.nanoTime();
        private final AtomicLong received = new AtomicLong();
        private volatile End end = End.OPEN;

        private Connection(SocketChannel channel) {
            this.channel = channel;
            peer = channel.remoteAddress();
            local = channel.localAddress();
        }

        public InetSocketAddress peer() {
            return peer;
        }

        public InetSocketAddress local() {
            return local;
        }

        /** By {@link System#nanoTime}. */
        public long openedNanos() {
            return openedNanos;
        }

        /** How many bytes came. */
        public long received() {
            return received.get();
        }

        public End end() {
            return end;
        }

        public void send(byte... bytes) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        }

        /** Another {@code bytes} as soon as those before are written. */
        public void sendForEver(int bytes) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[bytes])).addListener(written -> {
                if (written.isSuccess()) {
                    channel.eventLoop().execute(() -> sendForEver(bytes));
                }
            });
        }

        public boolean isOutputShutdown() {
            return channel.isOutputShutdown();
        }

        /** Behind all that was sent. */
        public void shutdownOutput() {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> channel.shutdownOutput());
        }

        /** Behind all that was sent. */
        public void close() {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> channel.close());
        }

        public void reset() {
            Resets.reset(channel);
        }

        /** Whether it takes bytes from the kernel. */
        public void setReading(boolean reading) {
            channel.config().setAutoRead(reading);
        }

        /** It is not remembered any more. */
        public void forget() {
            connections.remove(this);
        }
    }

    private final class Handler extends ChannelInboundHandlerAdapter {
        private final Behaviour behaviour;
        private final Connection connection;

        Handler(Behaviour behaviour, SocketChannel channel) {
            this.behaviour = behaviour;
            connection = new Connection(channel);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            connections.add(connection);
            behaviour.onOpen(connection);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            connection.received.addAndGet(bytes.readableBytes());
            try {
                behaviour.onBytes(connection, bytes);
            } finally {
                bytes.release();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent && connection.end == End.OPEN) {
                connection.end = End.FIN;
                behaviour.onFin(connection);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            connection.end = End.RESET;
            ctx.close();
        }
    }
}
