package dev.cgnat.bench.grade;

import dev.cgnat.bench.load.ConnectHandshake;
import dev.cgnat.bench.load.Descriptors;
import dev.cgnat.bench.load.Loops;
import dev.cgnat.bench.load.Sighting;
import dev.cgnat.bench.load.SinkListener;
import dev.cgnat.bench.load.SinkServer;
import dev.cgnat.bench.load.Socks5Handshake;
import dev.cgnat.bench.load.Sources;
import dev.cgnat.bench.load.Tell;
import dev.cgnat.bench.load.Via;
import dev.cgnat.core.address.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The clients on one side of the NAT and the sinks on the other. It opens flows, keeps what came of them in its {@link Ledger},
 * spends no more than its {@link Budget}, and leaves nothing open.
 *
 * <p>One thread uses it.
 */
final class Range implements AutoCloseable {
    private static final int OWN_SHORTAGE_TRIES = 64;
    /** What the poller and the JVM may need meanwhile. */
    private static final int SPARE_DESCRIPTORS = 128;
    /** Below the kernel's first retransmission of a SYN after 1 s, so that each try asks once. */
    private static final long SHORT_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long PATIENCE_PER_GRANT = 10;

    /** A sink, and the port of the NAT that leads there if it is a forward. */
    private record Target(InetSocketAddress sink, Optional<InetSocketAddress> forward) {}

    private final GradePlan plan;
    private final Loops loops;
    private final Optional<SinkServer> server;
    private final Map<Destination, Target> targets = new EnumMap<>(Destination.class);
    private final InternalEndpoints endpoints;
    private final Budget budget;
    private final Ledger ledger = new Ledger();
    private Duration patience;

    private Range(GradePlan plan, Loops loops, Optional<SinkServer> server, Sources sources) {
        this.plan = plan;
        this.loops = loops;
        this.server = server;
        endpoints = new InternalEndpoints(sources, new SplittableRandom(plan.seed()));
        budget = new Budget(plan.bounds().maxConnections(), plan.bounds().maxTime());
        patience = plan.bounds().patience();
        List<InetSocketAddress> sinks = server.map(SinkServer::addresses).orElse(plan.sinks());
        for (int i = 0; i < sinks.size(); i++) {
            InetSocketAddress sink = sinks.get(i);
            Destination destination = i == 0
                    ? Destination.MAIN
                    : sink.getAddress().equals(sinks.get(0).getAddress())
                            ? Destination.OTHER_PORT
                            : Destination.OTHER_HOST;
            Optional<InetSocketAddress> forward =
                    plan.isForward() ? Optional.of(plan.forwards().get(i)) : Optional.empty();
            targets.putIfAbsent(destination, new Target(sink, forward));
        }
    }

    /** Starts the sinks, unless they are elsewhere. */
    static Range open(GradePlan plan) throws IOException {
        Sources sources = Sources.of(plan.sources(), plan.subscribers(), Sources.ALL_PORTS, 0);
        Optional<SinkServer> server = plan.remote()
                ? Optional.empty()
                : Optional.of(SinkServer.start(plan.sinks(), new Unheard(), SinkServer.Talk.TELL));
        return new Range(plan, Loops.start("grade", 1), server, sources);
    }

    GradePlan plan() {
        return plan;
    }

    Budget budget() {
        return budget;
    }

    Ledger ledger() {
        return ledger;
    }

    InternalEndpoints endpoints() {
        return endpoints;
    }

    boolean has(Destination destination) {
        return targets.containsKey(destination);
    }

    /** How many flows may live at a time here: each costs a descriptor at both ends, and a third of them stays spare. */
    int maxLive() {
        int each = server.isPresent() ? 3 : 2;
        return Math.max(1, (Descriptors.available() - SPARE_DESCRIPTORS) / each);
    }

    /** Opens a flow from a port of the range's choice; another one if something here keeps that port. */
    Attempt open(int subscriber, Destination destination) {
        Attempt attempt = new Attempt.Failed("");
        for (int i = 0; i < OWN_SHORTAGE_TRIES && attempt instanceof Attempt.Failed; i++) {
            attempt = open(subscriber, endpoints.any(subscriber), 0, destination);
        }
        return attempt;
    }

    /** Opens a flow by one of the ways, and waits for its outcome. */
    Attempt open(int subscriber, Endpoint internal, int way, Destination destination) {
        Flow flow = new Flow(new Flow.Intent(
                subscriber,
                internal,
                destination,
                plan.ways().get(way % plan.ways().size())));
        begin(flow, patience);
        return settle(flow);
    }

    /** How long an answer is worth waiting for: the plan's patience, less once a refusal was silence. */
    Duration patience() {
        return patience;
    }

    /** The outcome of a flow that was begun, once it is there; it goes into the ledger. */
    Attempt settle(Flow flow) {
        Attempt attempt = flow.outcome().join();
        ledger.note(flow, attempt);
        if (attempt instanceof Attempt.Refused refused && refused.kind() == RefusalKind.SILENCE) {
            long[] took = ledger.granted().stream()
                    .mapToLong(granted -> granted.grantedNanos() - granted.begunNanos())
                    .sorted()
                    .toArray();
            long usual = took.length == 0 ? 0 : took[took.length / 2];
            long enough = Math.max(SHORT_PATIENCE_NANOS, PATIENCE_PER_GRANT * usual);
            patience =
                    Duration.ofNanos(Math.min(enough, plan.bounds().patience().toNanos()));
        }
        return attempt;
    }

    /** Begins to open a flow; what has no answer within {@code patience} is called silence. */
    void begin(Flow flow, Duration patience) {
        Optional<String> spent = budget.take();
        if (spent.isPresent()) {
            flow.outcome().complete(new Attempt.Bounded(spent.get()));
            return;
        }
        Flow.Intent intent = flow.intent();
        Target target = targets.get(intent.destination());
        if (target == null) {
            throw new IllegalStateException("destination: " + intent.destination() + " (expected: one with a sink)");
        }
        new Bootstrap()
                .group(loops.group())
                .channel(loops.socketChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(patience.toMillis(), Integer.MAX_VALUE))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        initPipeline(channel.pipeline(), flow, target);
                    }
                })
                .connect(firstHop(intent.way(), target), intent.internal().toInetSocketAddress())
                .addListener(future -> {
                    if (!future.isSuccess()) {
                        flow.onConnectFailure(future.cause());
                    }
                });
        loops.group().schedule(flow::giveUp, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void initPipeline(ChannelPipeline pipeline, Flow flow, Target target) {
        if (flow.intent().way() instanceof Via.Socks5) {
            Socks5Handshake.addTo(pipeline, target.sink());
        } else if (flow.intent().way() instanceof Via.HttpConnect) {
            ConnectHandshake.addTo(pipeline, target.sink());
        }
        pipeline.addLast(Tell.answers(), flow);
    }

    private static InetSocketAddress firstHop(Via way, Target target) {
        if (way instanceof Via.Socks5 socks) {
            return socks.proxy();
        }
        if (way instanceof Via.HttpConnect http) {
            return http.proxy();
        }
        return target.forward().orElse(target.sink());
    }

    @Override
    public void close() {
        ledger.live().forEach(Flow::reset);
        loops.close();
        server.ifPresent(SinkServer::close);
    }

    /** The clients hear from the sinks directly. */
    private static final class Unheard implements SinkListener {
        @Override
        public void opened(Sighting sighting) {}

        @Override
        public void closed(Sighting sighting) {}
    }
}
