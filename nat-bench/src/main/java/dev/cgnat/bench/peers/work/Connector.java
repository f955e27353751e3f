package dev.cgnat.bench.peers.work;

import dev.cgnat.bench.load.Loops;
import dev.cgnat.bench.load.Socks5Handshake;
import dev.cgnat.bench.load.Sources;
import dev.cgnat.bench.load.Via;
import dev.cgnat.proxy.transport.SocketError;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Opens connections by way of one peer, from the clients' addresses in turn. Used on its event loop only. */
final class Connector {
    /** Sockets of others on this many ports in a row are a shortage of ports. */
    private static final int MAX_TRIES = 64;

    private final Sources sources;
    private final Via via;
    private final List<InetSocketAddress> targets;
    private final Bootstrap bootstrap;
    private int turn;

    Connector(Loops loops, Sources sources, WorkOrder order) {
        this.sources = sources;
        via = Via.parse(order.via());
        targets = order.targets().stream().map(Backend::address).toList();
        bootstrap = new Bootstrap()
                .group(loops.group())
                .channel(loops.socketChannel())
                .disableResolver()
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(Wire.CHUNK, 2 * Wire.CHUNK))
                .option(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(64, 512, Wire.CHUNK))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) order.timeoutMillis());
    }

    /** Whether flows must ask the peer for their way. */
    boolean hasHandshake() {
        return via instanceof Via.Socks5;
    }

    /** Begins a connection to the next target; {@code flow} makes a new handler for each try. */
    void open(Supplier<ClientFlow> flow) {
        int number = turn++;
        open(flow, targets.get(number % targets.size()), number % sources.size(), 1);
    }

    private void open(Supplier<ClientFlow> supplier, InetSocketAddress target, int subscriber, int attempt) {
        ClientFlow flow = supplier.get();
        InetSocketAddress first = via instanceof Via.Socks5 socks ? socks.proxy() : target;
        bootstrap
                .clone()
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (via instanceof Via.Socks5) {
                            Socks5Handshake.addTo(channel.pipeline(), target);
                        }
                        channel.pipeline().addLast(flow);
                    }
                })
                .connect(first, sources.next(subscriber))
                .addListener(future -> {
                    if (future.isSuccess()) {
                        return;
                    }
                    SocketError error = SocketError.of(future.cause());
                    boolean isTaken = error == SocketError.ADDRESS_IN_USE || error == SocketError.ADDRESS_NOT_AVAILABLE;
                    if (isTaken && attempt < MAX_TRIES) {
                        open(supplier, target, subscriber, attempt + 1);
                    } else if (future.cause() instanceof ConnectTimeoutException) {
                        flow.endQuietly("timeout");
                    } else {
                        flow.endQuietly(error.name().toLowerCase(Locale.ROOT));
                    }
                });
    }
}
