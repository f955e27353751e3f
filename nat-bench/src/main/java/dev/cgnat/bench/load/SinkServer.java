package dev.cgnat.bench.load;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.transport.SocketError;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A TCP server that echoes every byte, or answers questions, and tells who connected from where, and when.
 *
 * <p>A peer that does not read is not read from either, so memory stays bounded.
 */
public final class SinkServer implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 << 10, 64 << 10);

    /** What a server says to those who connect. */
    public enum Talk {
        /** What it hears. */
        ECHO,
        /** Whom it sees, if asked, and it ends the connection as asked: see {@link Tell}. */
        TELL
    }

    private final Loops loops;
    private final Sightings sightings;
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();

    private SinkServer(Loops loops, Sightings sightings) {
        this.loops = loops;
        this.sightings = sightings;
    }

    /** Serves on every address of {@code listen} (port 0 takes a free one) and remembers all that it sees. */
    public static SinkServer start(List<InetSocketAddress> listen) throws IOException {
        Sightings sightings = new Sightings();
        return start(listen, sightings, sightings, Talk.ECHO);
    }

    /** As {@link #start(List)}, but remembers nothing: it tells {@code listener}. */
    public static SinkServer start(List<InetSocketAddress> listen, SinkListener listener) throws IOException {
        return start(listen, listener, Talk.ECHO);
    }

    /** As {@link #start(List, SinkListener)}, with a choice of what it says. */
    public static SinkServer start(List<InetSocketAddress> listen, SinkListener listener, Talk talk)
            throws IOException {
        return start(listen, listener, new Sightings(), talk);
    }

    private static SinkServer start(
            List<InetSocketAddress> listen, SinkListener listener, Sightings sightings, Talk talk) throws IOException {
        SinkServer server = new SinkServer(Loops.start("sink", 1), sightings);
        try {
            for (InetSocketAddress address : listen) {
                server.listen(address, listener, talk);
            }
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private void listen(InetSocketAddress address, SinkListener listener, Talk talk) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Observe(listener));
                        if (talk == Talk.TELL) {
                            Tell.addTo(channel.pipeline());
                        } else {
                            channel.pipeline().addLast(new Echo());
                        }
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            BindException failure = new BindException("listen: " + Endpoints.text(address) + " cannot be bound ("
                    + SocketError.reason(bound.cause()) + "); choose another address, or port 0");
            failure.initCause(bound.cause());
            throw failure;
        }
        listeners.add(bound.channel());
    }

    /** Where it listens, in the order asked for, with the ports that port 0 became. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream()
                .map(channel -> (InetSocketAddress) channel.localAddress())
                .toList();
    }

    /** Every connection so far, if it was started without a listener, else none. */
    public List<Sighting> seen() {
        return sightings.all();
    }

    @Override
    public void close() {
        listeners.forEach(channel -> channel.close().awaitUninterruptibly());
        loops.close();
    }

    private static final class Observe extends ChannelInboundHandlerAdapter {
        private final SinkListener listener;
        private Optional<Sighting> sighting = Optional.empty();

        Observe(SinkListener listener) {
            this.listener = listener;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            long now = System.nanoTime();
            if (ctx.channel().remoteAddress() instanceof InetSocketAddress peer
                    && ctx.channel().localAddress() instanceof InetSocketAddress local) {
                Sighting begun = new Sighting(Endpoint.from(peer), Endpoint.from(local), now, OptionalLong.empty());
                sighting = Optional.of(begun);
                listener.opened(begun);
            }
            ctx.fireChannelActive();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            sighting.ifPresent(begun -> listener.closed(begun.closedAt(System.nanoTime())));
            ctx.fireChannelInactive();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, and that is all that matters
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.write(message, ctx.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close(); // a reset by the peer is an ordinary end of what a NAT carries
        }
    }
}
