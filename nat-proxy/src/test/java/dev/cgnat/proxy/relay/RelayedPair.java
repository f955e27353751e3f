package dev.cgnat.proxy.relay;

import static org.awaitility.Awaitility.await;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.transport.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A plain client and a plain server, joined by a relay that runs on a real event loop. */
final class RelayedPair implements AutoCloseable {
    private static final int GUARD_SECONDS = 120;

    private final EventLoopGroup loops;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CompletableFuture<CloseCause> cause = new CompletableFuture<>();
    private final AtomicInteger ended = new AtomicInteger();
    private final java.nio.channels.SocketChannel clientChannel;
    private final Socket client;
    private final Socket server;
    private final SocketChannel clientLeg;
    private final SocketChannel outsideLeg;

    private RelayedPair(TransportKind kind) throws Exception {
        Tools.require(kind);
        Transport transport = Transport.of(kind);
        loops = transport.newEventLoops(1, "relay-test");
        NatConfig nat =
                NatConfig.of(PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 0, 1)))));
        ProxyConfig config = ProxyConfig.defaults(nat);
        ProxyMeters meters = new ProxyMeters(config, transport.label(), () -> new NatSnapshot(List.of(), 0));
        FlowSettings settings = new FlowSettings(config.timeouts(), meters.listener("socks"), meters.pool("main"));
        CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted.complete(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        try (ServerSocket destination = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            clientChannel = java.nio.channels.SocketChannel.open(listener.localAddress());
            client = clientChannel.socket();
            outsideLeg = (SocketChannel) new Bootstrap()
                    .group(loops)
                    .channel(transport.channel())
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .handler(new ChannelHandlerAdapter() {})
                    .connect(destination.getLocalSocketAddress())
                    .sync()
                    .channel();
            server = destination.accept();
        }
        listener.close().sync();
        clientLeg = accepted.get(GUARD_SECONDS, TimeUnit.SECONDS);
        loops.submit(() -> {
                    RelayHandler.Pair pair = RelayHandler.join(clientLeg, outsideLeg, settings, this::onEnd);
                    clientLeg.pipeline().addLast(pair.client());
                    outsideLeg.pipeline().addLast(pair.outside());
                    clientLeg.read();
                    outsideLeg.read();
                })
                .sync();
    }

    static RelayedPair open(TransportKind kind) throws Exception {
        return new RelayedPair(kind);
    }

    Socket client() {
        return client;
    }

    Socket server() {
        return server;
    }

    Future<?> inBackground(Action action) {
        return threads.submit(() -> {
            action.run();
            return true;
        });
    }

    /** What the flow said when it ended; waits for it. */
    CloseCause cause() throws Exception {
        return cause.get(GUARD_SECONDS, TimeUnit.SECONDS);
    }

    /** How often the flow said that it ended, once all that was under way is done. */
    int timesEnded() throws InterruptedException {
        loops.submit(() -> {}).sync();
        return ended.get();
    }

    /** Sends towards the server, which does not read, until bytes wait in the relay; returns how many were sent. */
    long sendUntilRelayWaits() throws IOException {
        AtomicLong sent = new AtomicLong();
        ByteBuffer some = ByteBuffer.allocate(16 * 1024);
        clientChannel.configureBlocking(false);
        AtomicLong waited = new AtomicLong();
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(GUARD_SECONDS))
                .until(() -> {
                    if (relayedButUnwritten() == 0) {
                        waited.set(0);
                        sent.addAndGet(clientChannel.write(some.clear()));
                    }
                    return waited.incrementAndGet() == 50;
                });
        clientChannel.configureBlocking(true);
        return sent.get();
    }

    /** Sends towards the server, which does not read, until nothing moves any more. */
    void sendUntilNothingMoves() throws IOException {
        AtomicLong refused = new AtomicLong();
        clientChannel.configureBlocking(false);
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(GUARD_SECONDS))
                .until(() -> {
                    long written = clientChannel.write(ByteBuffer.allocate(1024 * 1024));
                    return written > 0 ? refused.getAndSet(0) < 0 : refused.incrementAndGet() == 10;
                });
        clientChannel.configureBlocking(true);
    }

    /** Waits until the server cannot write any more. */
    void awaitFullBuffers() {
        awaitSteady(this::relayedButUnwritten);
    }

    /** Bytes that wait in the relay for a reader. */
    long relayedButUnwritten() {
        return Math.max(waitingIn(clientLeg), waitingIn(outsideLeg));
    }

    private long waitingIn(SocketChannel channel) {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    private static void awaitSteady(java.util.function.LongSupplier value) {
        AtomicLong last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(GUARD_SECONDS))
                .until(() -> {
                    long now = value.getAsLong();
                    return now > 0 && last.getAndSet(now) == now;
                });
    }

    private void onEnd(CloseCause how) {
        ended.incrementAndGet();
        cause.complete(how);
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        threads.shutdownNow();
        loops.shutdownGracefully(0, GUARD_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    interface Action {
        void run() throws Exception;
    }
}
