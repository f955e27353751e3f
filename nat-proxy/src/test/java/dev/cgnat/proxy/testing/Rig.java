package dev.cgnat.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.ListenedProxy;
import dev.cgnat.proxy.NatProxy;
import dev.cgnat.proxy.StartException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A running proxy with its clients and servers, all of which end with it.
 *
 * <p>{@link #close} also checks what must hold after every test: no flow is left when the clients have gone, every flow has one
 * record of its beginning and one of its end, no 4-tuple was live twice, no port is in use, and no server ever saw anybody but a
 * pool address with a port in range.
 */
public final class Rig implements AutoCloseable {
    private final NatProxy proxy;
    private final List<Sink> sinks = new ArrayList<>();
    private final List<Closeable> clients = new ArrayList<>();

    private final FlowRecords records;

    private Rig(NatProxy proxy, FlowRecords records) {
        this.proxy = proxy;
        this.records = records;
    }

    public static Rig start(Proxies proxies) throws StartException {
        FlowRecords records = new FlowRecords();
        return new Rig(ListenedProxy.start(proxies.config(), records::onEvent), records);
    }

    /** With a server that was started before, as the target of a forward must be. */
    public static Rig start(Proxies proxies, Sink sink) throws StartException {
        Rig rig = start(proxies);
        rig.sinks.add(sink);
        return rig;
    }

    /** Descriptors that this process has open. */
    public static long openDescriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    /** What a translation log would have. */
    public FlowRecords records() {
        return records;
    }

    public NatProxy proxy() {
        return proxy;
    }

    /** What an administrator sees. */
    public Api api() {
        return new Api(proxy.adminAddress());
    }

    public PoolSnapshot pool() {
        return proxy.snapshot().pools().get(0);
    }

    /** The (address, port) pairs of the pool, as TCP uses them. */
    public PairCounts pairs() {
        return pool().pairs(Protocol.TCP);
    }

    public List<Sink> sinks() {
        return sinks;
    }

    public Sink sink(Sink.Behaviour behaviour, String... hosts) {
        Sink sink = Sink.start(behaviour, hosts);
        sinks.add(sink);
        return sink;
    }

    /** Asks for a flow by SOCKS. */
    public SocksClient socks(InetSocketAddress destination) throws IOException {
        return keep(SocksClient.connect(proxy.address(Proxies.SOCKS), destination));
    }

    /** As {@link #socks}, for the subscriber {@code source}. */
    public SocksClient socksFrom(String source, InetSocketAddress destination) throws IOException {
        return keep(SocksClient.connectFrom(source, proxy.address(Proxies.SOCKS), destination));
    }

    /** A connection with that listener, on which nothing was said yet. */
    public Wire wire(String listener) throws IOException {
        return keep(Wire.to(proxy.address(listener)));
    }

    /** Closed with the rig. */
    public <T extends Closeable> T keep(T client) {
        clients.add(client);
        return client;
    }

    /**
     * Lets every event loop open what it keeps, such as the socket of its name resolver; then no flow is left. Which loop a
     * client comes to is the kernel's choice, so a number of flows would not do.
     */
    public void warmUp(InetSocketAddress destination) throws IOException {
        while (records.threads() < Runtime.getRuntime().availableProcessors()) {
            SocksClient.connect(proxy.address(Proxies.SOCKS), destination).close();
            awaitNoFlow();
        }
    }

    /** Clients of {@code listener} that were rejected for {@code reason}, as the metrics tell. */
    public long rejections(String listener, String reason) throws IOException {
        return (long) Metrics.value(
                this, "cgn_client_rejections_total", "listener=\"" + listener + "\"", "reason=\"" + reason + "\"");
    }

    public void closeClients() throws IOException {
        for (Closeable client : clients) {
            client.close();
        }
    }

    /** Returns when no flow is left. */
    public void awaitNoFlow() {
        await("no flow left")
                .pollInterval(Duration.ofMillis(5))
                .atMost(Wire.GUARD)
                .until(() -> pool().sessions() == 0 && pool().waiting() == 0);
    }

    @Override
    public void close() throws IOException {
        try {
            closeClients();
            awaitNoFlow();
            records.requireBalanced();
            assertThat(pairs().inUse()).as("ports in use without a flow").isZero();
            for (Sink sink : sinks) {
                assertThat(sink.connections()).allSatisfy(this::requireFromPool);
            }
        } finally {
            proxy.close();
            sinks.forEach(Sink::close);
        }
    }

    private void requireFromPool(Sink.Connection connection) {
        PoolConfig pool = pool().config();
        IpAddress address = IpAddress.from(connection.peer().getAddress());
        assertThat(pool.addresses()).as("address of %s", connection.peer()).anyMatch(range -> range.contains(address));
        assertThat(pool.ports())
                .as("port of %s", connection.peer())
                .anyMatch(range -> range.contains(connection.peer().getPort()));
    }
}
