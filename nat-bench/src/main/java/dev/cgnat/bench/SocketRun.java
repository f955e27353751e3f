package dev.cgnat.bench;

import dev.cgnat.bench.load.Arrivals;
import dev.cgnat.bench.load.CloseMode;
import dev.cgnat.bench.load.Descriptors;
import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.load.LoadDriver;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.LoadResult;
import dev.cgnat.bench.load.Loops;
import dev.cgnat.bench.load.Sighting;
import dev.cgnat.bench.load.Sightings;
import dev.cgnat.bench.load.SinkServer;
import dev.cgnat.bench.load.Sources;
import dev.cgnat.bench.load.Via;
import dev.cgnat.bench.twin.Recorder;
import dev.cgnat.bench.twin.Scenario;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.WorkloadDemand;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.proxy.NatProxy;
import dev.cgnat.proxy.config.ListenerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A scenario over real sockets: clients, a real proxy whose NAT is recorded, and servers, all in this process and on loopback.
 * Each destination of the scenario is a server with an address of its own where the scenario's has one.
 *
 * <p><b>Costs</b>: four descriptors for a flow.
 */
final class SocketRun implements AutoCloseable {
    private static final IpAddress LOOPBACK = IpAddress.ofIpv4(127, 0, 0, 1);
    private static final IpAddress FIRST_SERVER = IpAddress.ofIpv4(127, 200, 0, 1);
    private static final String SOURCES = "127.1.0.0/16";
    /** Below what kernels choose from, so that no server gets in the way. */
    private static final PortRange SOURCE_PORTS = new PortRange(1024, 19_999);

    private static final int DESCRIPTORS_PER_FLOW = 4;
    private static final String LISTENER = "socks";
    private static final int WARM_UP_PER_SECOND = 100;
    private static final List<CloseMode> KINDS = List.of(CloseMode.values());
    private static final int LEAST_ROUNDS = KINDS.size();
    private static final int MOST_ROUNDS = 8;
    private static final double WARM_MILLIS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Scenario scenario;
    private final Recorder recorder;
    private final NatProxy proxy;
    private final SinkServer sink;
    private final Sightings sightings;
    private final Loops loops;
    private final WorkloadDemand demand;
    private final LoadDriver driver;

    private SocketRun(
            Scenario scenario, NatProxy proxy, SinkServer sink, Sightings sightings, Loops loops, Recorder recorder) {
        this.scenario = scenario;
        this.proxy = proxy;
        this.sink = sink;
        this.sightings = sightings;
        this.loops = loops;
        this.recorder = recorder;
        Sources sources = sources(scenario);
        demand = new WorkloadDemand(scenario.workload(), targets(scenario, sink), sources.size(), scenario.seed());
        driver = LoadDriver.start(loops, sources, plan(), demand);
    }

    /**
     * Warms up, and begins.
     *
     * @param progress told of what goes on, in a line for people
     * @throws IOException if an address cannot be bound
     */
    static SocketRun start(Scenario scenario, Consumer<String> progress) throws IOException {
        Sightings sightings = new Sightings();
        SinkServer sink = SinkServer.start(servers(scenario.destinations()), sightings, SinkServer.Talk.TELL);
        Loops loops = Loops.start("client", 1);
        try {
            warmUp(scenario, sink, loops, progress);
            Recorder recorder = new Recorder();
            NatProxy proxy = proxy(scenario, recorder);
            try {
                return new SocketRun(scenario, proxy, sink, sightings, loops, recorder);
            } catch (RuntimeException e) {
                proxy.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            loops.close();
            sink.close();
            throw e;
        }
    }

    private static NatProxy proxy(Scenario scenario, Recorder recorder) throws IOException {
        ListenerConfig listener = new ListenerConfig(
                LISTENER,
                ListenerConfig.Type.SOCKS,
                new Endpoint(LOOPBACK, 0),
                Optional.empty(),
                scenario.pool().name());
        return NatProxy.rehearse(
                Laboratory.config(scenario.config(), scenario.pool(), listener),
                scenario.seed(),
                recorder::asked,
                recorder::decided);
    }

    /**
     * Flows of all kinds through a proxy that is then thrown away, until they are quick: a program that has just begun is slower
     * than its clients by seconds, and the simulator has no such beginning.
     */
    private static void warmUp(Scenario scenario, SinkServer sink, Loops loops, Consumer<String> progress)
            throws IOException {
        try (NatProxy proxy = proxy(scenario, new Recorder())) {
            Sources sources = sources(scenario);
            double slowest = Double.MAX_VALUE;
            int round = 0;
            while (round < LEAST_ROUNDS || (round < MOST_ROUNDS && slowest > WARM_MILLIS)) {
                CloseMode close = KINDS.get(round % KINDS.size());
                try (LoadDriver driver = LoadDriver.start(loops, sources, warmUpPlan(proxy, sink, close))) {
                    driver.settled().join();
                    LoadResult result = driver.finish();
                    slowest = Math.max(
                            LatencySummary.of(result.connect()).p99(),
                            LatencySummary.of(result.refusal()).p99());
                }
                round++;
            }
            progress.accept(String.format(
                    Locale.ROOT,
                    "warmed up in %d s: flows are decided within %.1f ms (p99)%s",
                    round,
                    slowest,
                    slowest > WARM_MILLIS ? "; the machine is busy, and the run over sockets will lag" : ""));
        }
    }

    private static LoadPlan warmUpPlan(NatProxy proxy, SinkServer sink, CloseMode close) {
        return LoadPlan.holding(
                        sink.addresses().get(0),
                        new Via.Socks5(proxy.address(LISTENER)),
                        WARM_UP_PER_SECOND,
                        WARM_UP_PER_SECOND)
                .withPayload(0)
                .with(sink.addresses(), close, PATIENCE)
                .withHold(new HoldTime.Constant(Duration.ofMillis(50)));
    }

    private static Sources sources(Scenario scenario) {
        return Sources.of(SOURCES, scenario.workload().subscribers(), SOURCE_PORTS, System.nanoTime());
    }

    private static WorkloadDemand.Targets targets(Scenario scenario, SinkServer sink) {
        List<Endpoint> destinations = scenario.destinations();
        Map<Endpoint, InetSocketAddress> servers = new HashMap<>();
        for (int i = 0; i < destinations.size(); i++) {
            servers.put(destinations.get(i), sink.addresses().get(i));
        }
        List<Group> groups = scenario.workload().groups();
        return (group, destination) -> Objects.requireNonNull(
                servers.get(groups.get(group).destinations().get(destination)));
    }

    /** A free port on an address of its own for each address of the scenario. */
    private static List<InetSocketAddress> servers(List<Endpoint> destinations) {
        Map<IpAddress, IpAddress> addresses = new HashMap<>();
        List<InetSocketAddress> servers = new ArrayList<>();
        for (Endpoint destination : destinations) {
            IpAddress own =
                    addresses.computeIfAbsent(destination.address(), any -> FIRST_SERVER.plus(addresses.size()));
            servers.add(new InetSocketAddress(own.toInetAddress(), 0));
        }
        return servers;
    }

    /** Nothing is sent but what ends a flow: what counts here is how long it has its port. */
    private LoadPlan plan() {
        return new LoadPlan(
                sink.addresses(),
                new Via.Socks5(proxy.address(LISTENER)),
                scenario.workload().flowsPerSecond(),
                Arrivals.POISSON,
                scenario.until(),
                Long.MAX_VALUE,
                new HoldTime.Constant(Duration.ZERO),
                CloseMode.CLIENT,
                0,
                PATIENCE,
                Math.max(1, Descriptors.available() / DESCRIPTORS_PER_FLOW),
                scenario.seed());
    }

    /** Completes when every flow has begun and is decided. */
    CompletableFuture<Void> settled() {
        return driver.settled();
    }

    /** Lets no more flows begin. */
    void stop() {
        driver.stop();
    }

    /** Ends the flows and the proxy, and says what it came to. */
    SocketResult finish() {
        LoadResult clients = driver.finish();
        long startNanos = driver.startNanos();
        proxy.close();
        List<Sighting> seen = seen(startNanos, clients.counts().established());
        return new SocketResult(scenario, clients, demand.retries(), startNanos, recorder.recording(), seen);
    }

    /** Since {@code startNanos}, as those before were to warm up; a server may hear of a connection later than its client. */
    private List<Sighting> seen(long startNanos, long established) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<Sighting> seen = sightings.all().stream()
                    .filter(sighting -> sighting.openNanos() >= startNanos)
                    .toList();
            if (seen.size() >= established || System.nanoTime() - end >= 0) {
                return seen;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void close() {
        driver.close();
        loops.close();
        proxy.close();
        sink.close();
    }
}
