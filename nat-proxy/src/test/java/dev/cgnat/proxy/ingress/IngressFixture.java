package dev.cgnat.proxy.ingress;

import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.LiveConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.egress.AddressSwitch;
import dev.cgnat.proxy.egress.AddressWatch;
import dev.cgnat.proxy.egress.Descriptors;
import dev.cgnat.proxy.egress.Egress;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.egress.OwnListeners;
import dev.cgnat.proxy.egress.RefusalText;
import dev.cgnat.proxy.egress.Routes;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.relay.FlowSettings;
import dev.cgnat.proxy.session.Sessions;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import dev.cgnat.proxy.transport.TcpOptions;
import dev.cgnat.proxy.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.InetSocketAddressResolver;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A listener's clients in memory, over a pool of one port and outside legs that the test plays. */
final class IngressFixture {
    private static final List<EmbeddedSocketChannel> CLIENTS = new ArrayList<>();

    final Deque<Promise<InetAddress>> resolving = new ArrayDeque<>();
    /** How often the resolver was asked for what is no address. */
    int resolutions;

    final ProxyConfig config;
    final NatGate gate;
    final Egress egress;
    final Handshakes handshakes;
    private final ProxyMeters meters;
    private final IngressContext context;
    private final EmbeddedChannel clock = new EmbeddedChannel();

    IngressFixture(ListenerConfig.Type type, ExhaustionAction action) {
        this(type, action, UnaryOperator.identity());
    }

    /** With a listener that is not as plain as the others. */
    IngressFixture(ListenerConfig.Type type, ExhaustionAction action, UnaryOperator<ListenerConfig> change) {
        this(type, action, change, SubscriberConfig.defaults(), LimitConfig.defaults(), LimitConfig.NONE);
    }

    IngressFixture(
            ListenerConfig.Type type,
            ExhaustionAction action,
            UnaryOperator<ListenerConfig> change,
            SubscriberConfig subscriber,
            LimitConfig limits,
            int handshakesPerSource) {
        OutsideChannel.reset();
        boolean queues = action == ExhaustionAction.QUEUE;
        PoolConfig pool = PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))))
                .withPorts(new PortRange(40_000, 40_000))
                .withHoldDown(HoldDownConfig.same(Duration.ZERO))
                .withQueue(queues ? new QueueConfig(Duration.ofMinutes(1), 10) : QueueConfig.none());
        Optional<ListenerConfig.Target> target = type == ListenerConfig.Type.FORWARD
                ? Optional.of(new ListenerConfig.Target("192.0.2.1", 80))
                : Optional.empty();
        Endpoint bind = new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), 0);
        ListenerConfig listener = change.apply(new ListenerConfig("in", type, bind, target, "main"));
        ProxyConfig defaults = ProxyConfig.defaults(new NatConfig(List.of(pool), limits));
        config = new ProxyConfig(
                "none",
                defaults.transport(),
                List.of(listener),
                defaults.nat(),
                Map.of("main", action),
                Set.of(),
                subscriber,
                List.of(),
                defaults.timeouts(),
                defaults.tcp(),
                OptionalInt.empty(),
                handshakesPerSource,
                defaults.drainTimeout(),
                defaults.access(),
                defaults.admin(),
                defaults.metrics());
        gate = new NatGate(config.nat(), new RefusalText(config.windowsEvents()), clock.eventLoop());
        meters = new ProxyMeters(config, "test", gate::snapshot);
        Transport transport = new Transport(
                "test",
                NioServerSocketChannel.class,
                OutsideChannel.class,
                NioDatagramChannel.class,
                NioIoHandler.newFactory());
        Descriptors descriptors = Descriptors.ofProcess(OptionalInt.of(100));
        AddressWatch watch =
                new AddressWatch(new AddressSwitch(gate), config.nat().pools());
        egress = new Egress(
                gate,
                watch,
                transport,
                descriptors,
                meters,
                new Sessions(Sessions.Watcher.none()),
                Duration.ofSeconds(10),
                TcpOptions.of(config.tcp(), transport));
        FlowSettings settings = new FlowSettings(config.timeouts(), meters.listener("in"), meters.pool("main"));
        handshakes = new Handshakes(handshakesPerSource);
        LiveConfig live = new LiveConfig(config);
        context = new IngressContext(
                live,
                listener,
                gate,
                egress,
                new Routes(live, new OwnListeners()),
                descriptors,
                new Resolvers(),
                settings,
                new DefaultChannelGroup(GlobalEventExecutor.INSTANCE),
                handshakes);
    }

    /** Lets every channel of the test go, and with them what the test has not looked at: what leaks then is a leak. */
    static void closeAll() {
        CLIENTS.forEach(IngressFixture::letGo);
        CLIENTS.clear();
        OutsideChannel.all().forEach(IngressFixture::letGo);
        OutsideChannel.reset();
    }

    private static void letGo(EmbeddedSocketChannel channel) {
        channel.close();
        channel.runPendingTasks();
        channel.releaseOutbound();
    }

    /** A client that has just come in. */
    EmbeddedSocketChannel client() throws Exception {
        return client("127.0.0.1");
    }

    /** As {@link #client()}, from {@code source}. */
    EmbeddedSocketChannel client(String source) throws Exception {
        EmbeddedSocketChannel client = new EmbeddedSocketChannel(InetAddress.getByName(source));
        CLIENTS.add(client);
        client.register();
        client.freezeTime();
        client.pipeline().addLast(new ClientPipeline(context));
        client.pipeline().fireChannelActive(); // it was active before anybody could hear of it
        client.runPendingTasks();
        return client;
    }

    /** Lets the time of {@code client} pass. */
    static void pass(EmbeddedSocketChannel client, Duration time) {
        client.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        client.runScheduledPendingTasks();
        client.runPendingTasks();
    }

    static void send(EmbeddedSocketChannel client, byte[] bytes) {
        client.writeInbound(Unpooled.wrappedBuffer(bytes));
    }

    /** Everything that was written to {@code channel} since the last call. */
    static byte[] received(EmbeddedSocketChannel channel) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(ByteBufUtil.getBytes(part));
            part.release();
        }
        return all.toByteArray();
    }

    PoolSnapshot pool() {
        return gate.snapshot().pool("main");
    }

    /** The value of a series of the scrape, found by its name and a label. */
    double meter(String name, String label) {
        return scrape().lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** How many requests came to an end, whatever it was. */
    double opened() {
        return meter("cgn_sessions_opened_total", "listener=\"in\"");
    }

    double opened(String result) {
        return meter("cgn_sessions_opened_total", "result=\"" + result + "\"");
    }

    double rejected() {
        return rejected("protocol");
    }

    double rejected(String reason) {
        return meter("cgn_client_rejections_total", "reason=\"" + reason + "\"");
    }

    double sessions() {
        return meter("cgn_sessions", "pool=\"main\"");
    }

    private String scrape() {
        return meters.scrape("").text();
    }

    private final class Resolvers extends AddressResolverGroup<InetSocketAddress> {
        @Override
        public AddressResolver<InetSocketAddress> getResolver(EventExecutor executor) {
            return newResolver(executor);
        }

        @Override
        protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
            return new InetSocketAddressResolver(executor, new InetNameResolver(executor) {
                @Override
                protected void doResolve(String name, Promise<InetAddress> promise) {
                    InetAddress address = NetUtil.createInetAddressFromIpAddressString(name);
                    if (address != null) {
                        promise.setSuccess(address);
                        return;
                    }
                    resolutions++;
                    if (name.equals("nowhere.invalid")) {
                        promise.setFailure(new UnknownHostException(name));
                    } else {
                        resolving.add(promise);
                    }
                }

                @Override
                protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
                    throw new UnsupportedOperationException("one address is asked for");
                }
            });
        }
    }
}
