package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How often a port is used at a time, as the servers see it. */
@ExtendWith(NoLeaks.class)
@ParameterizedClass
@EnumSource(
        value = TransportKind.class,
        names = {"AUTO", "IO_URING", "NIO"})
class ReuseIT {
    private static final int PORTS = 900;
    private static final int DESTINATIONS = 5;

    private final TransportKind transport;

    ReuseIT(TransportKind transport) {
        this.transport = transport;
        Tools.require(transport);
    }

    @Test
    @Tag("rfc7857-s3")
    void onePortServesEveryDestinationAndNoTupleIsUsedTwice() throws Exception {
        requireDescriptors(4 * PORTS * DESTINATIONS + 1_000);
        PoolConfig pool = pool("127.0.10.1", 20_000, 20_000 + PORTS - 1);
        try (Rig rig = Rig.start(Proxies.with(pool).transport(transport))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6");
            List<SocksClient> flows = new ArrayList<>();
            for (InetSocketAddress destination : sink.addresses()) {
                for (int i = 0; i < PORTS; i++) {
                    flows.add(rig.socks(destination));
                }
            }

            assertThat(flows).allMatch(SocksClient::isGranted);
            await().atMost(Wire.GUARD).until(() -> sink.connections().size() == PORTS * DESTINATIONS);
            assertThat(sink.connections().stream().collect(Collectors.groupingBy(Sink.Connection::local)))
                    .hasSize(DESTINATIONS)
                    .allSatisfy((destination, connections) ->
                            assertThat(connections).hasSize(PORTS).doesNotHaveDuplicates());
            assertThat(tuples(sink)).doesNotHaveDuplicates();
            assertThat(flows.stream().map(SocksClient::bound).distinct()).hasSize(PORTS);

            for (InetSocketAddress destination : sink.addresses()) {
                assertThat(rig.socks(destination).code()).isEqualTo(SocksClient.GENERAL_FAILURE);
            }
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, (long) DESTINATIONS);
            assertThat(rig.pool().sessions()).isEqualTo(PORTS * DESTINATIONS);
            assertThat(rig.pairs().free()).isZero();

            SocksClient survivor = flows.get(PORTS);
            assertThat(survivor.wire().send("still here").read(10)).asString().isEqualTo("still here");
            SocksClient leaver = flows.get(0);
            leaver.close();
            await().atMost(Wire.GUARD).until(() -> rig.pool().sessions() == PORTS * DESTINATIONS - 1);
            SocksClient next = rig.socks(sink.address());
            assertThat(next.isGranted()).isTrue();
            assertThat(next.bound()).isEqualTo(leaver.bound());
        }
    }

    /** Two addresses A, a range r of 20 ports, three endpoints on two hosts. */
    @ParameterizedTest
    @CsvSource({"HOST, 20", "ADDRESS, 40", "REMOTE_HOST, 80", "FOUR_TUPLE, 120"})
    void scopeDecidesHowManyFlowsFit(ReuseScope scope, int capacity) throws Exception {
        PoolConfig pool = pool("127.0.10.2", "127.0.10.3", 20_000, 20_019)
                .withReuseScope(scope)
                .withPooling(PoolingConfig.defaults().withBehaviour(Pooling.ARBITRARY));
        try (Rig rig = Rig.start(Proxies.with(pool).transport(transport))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2", "127.0.0.2", "127.0.0.3");
            List<SocksClient> granted = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                for (InetSocketAddress destination : sink.addresses()) {
                    SocksClient flow = rig.socks(destination);
                    if (flow.isGranted()) {
                        granted.add(flow);
                    }
                }
            }

            assertThat(granted).hasSize(capacity);
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, 150L - capacity);
            await().atMost(Wire.GUARD).until(() -> sink.connections().size() == capacity);
            assertThat(sink.connections().stream().map(keyOf(scope))).doesNotHaveDuplicates();
        }
    }

    @Test
    void replyTellsTheExternalEndpointThatTheServerSees() throws Exception {
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.4", 20_000, 20_099)).transport(transport))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient flow = rig.socks(sink.address());
            flow.wire().send("x").read(1);
            assertThat(sink.connections())
                    .singleElement()
                    .extracting(Sink.Connection::peer)
                    .isEqualTo(flow.bound());
        }
    }

    private static List<String> tuples(Sink sink) {
        return sink.connections().stream()
                .map(connection -> connection.peer() + ">" + connection.local())
                .toList();
    }

    /** The key that a scope promises to use once. */
    private static Function<Sink.Connection, String> keyOf(ReuseScope scope) {
        return switch (scope) {
            case HOST -> connection -> "" + connection.peer().getPort();
            case ADDRESS -> connection -> "" + connection.peer();
            case REMOTE_HOST ->
                connection -> connection.peer() + ">" + connection.local().getAddress();
            case FOUR_TUPLE -> connection -> connection.peer() + ">" + connection.local();
        };
    }

    private static void requireDescriptors(long count) {
        long limit =
                ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
        if (limit < count) {
            Tools.missing(count + " file descriptors (ulimit -n is " + limit + ")");
        }
    }
}
