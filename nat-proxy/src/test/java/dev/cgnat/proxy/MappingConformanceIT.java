package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.MappingConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.testing.KernelNat;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Group A of the conformance list: which external endpoint a flow gets, and when it gets none. */
@ExtendWith(NoLeaks.class)
class MappingConformanceIT {
    private static final int GENERAL_FAILURE = SocksClient.GENERAL_FAILURE;

    @Test
    @Tag("conformance-a01")
    void theServerSeesAPoolAddressAndAPortOfItsRange() throws Exception {
        List<String> kernels;
        try (KernelNat kernel = KernelNat.snatTo(KernelNat.EXTERNAL + ":20000-20003")) {
            kernels = kernel.open(List.of(KernelNat.CLIENT + ":0>" + KernelNat.SERVER + ":80"));
        }
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.13.1", 20_000, 20_003)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            rig.socks(sink.address()).wire().send("x").read(1);
            InetSocketAddress seen = sink.connections().get(0).peer();
            KernelNat.print("A01", seen, kernels);
            assertThat(seen.getAddress().getHostAddress()).isEqualTo("127.0.13.1");
            assertThat(seen.getPort()).isBetween(20_000, 20_003);
            assertThat(kernels).hasSize(1).allMatch(peer -> peer.matches("10\\.9\\.3\\.1:2000[0-3]"));
        }
    }

    @Test
    @Tag("conformance-a05")
    @Tag("conformance-a07")
    void fourPortsCarryFourFlowsToEachOfThreeDestinationsAndRefuseTheFifth() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.13.2", 20_000, 20_003)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2", "127.0.0.2", "127.0.0.3");
            List<SocksClient> flows = new ArrayList<>();
            for (InetSocketAddress destination : sink.addresses()) {
                for (int i = 0; i < 4; i++) {
                    flows.add(rig.socks(destination));
                }
            }
            assertThat(flows).allMatch(SocksClient::isGranted);
            await().atMost(Wire.GUARD).until(() -> sink.connections().size() == 12);
            for (int port = 20_000; port < 20_004; port++) {
                int wanted = port;
                assertThat(sink.connections())
                        .filteredOn(connection -> connection.peer().getPort() == wanted)
                        .extracting(Sink.Connection::local)
                        .containsExactlyInAnyOrderElementsOf(sink.addresses());
            }

            assertThat(rig.socks(sink.address()).code()).isEqualTo(GENERAL_FAILURE);
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, 1L);
            for (SocksClient flow : flows) {
                assertThat(flow.wire().send("x").read(1)).asString().isEqualTo("x");
            }
        }
    }

    @Test
    @Tag("conformance-a13")
    void twoSubscribersWithTheSamePortToTheSameServerAreToldApart() throws Exception {
        List<String> kernels;
        try (KernelNat kernel = KernelNat.snatTo(KernelNat.EXTERNAL + ":20000-20003")) {
            String server = ">" + KernelNat.SERVER + ":80";
            kernels = kernel.open(List.of("10.9.1.1:40000" + server, "10.9.1.2:40000" + server));
        }
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.13.3", 20_000, 20_003)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient first = rig.socksFrom("127.20.3.1", sink.address());
            Wire second = rig.keep(Wire.from(
                    "127.20.3.2", first.wire().local().getPort(), rig.proxy().address(Proxies.SOCKS)));
            SocksClient granted = SocksClient.ask(second, SocksClient.request(sink.address()));
            assertThat(granted.isGranted()).isTrue();
            KernelNat.print("A13", List.of(first.bound(), granted.bound()), kernels);
            assertThat(granted.bound()).isNotEqualTo(first.bound());
            assertThat(kernels).hasSize(2).doesNotHaveDuplicates().doesNotContain("-");
        }
    }

    @Test
    @Tag("conformance-a17")
    void anInternalEndpointHasOneExternalOneTowardsAllIfMappingsAreEndpointIndependent() throws Exception {
        PoolConfig pool = pool("127.0.13.4", 20_000, 20_999)
                .withReuseScope(ReuseScope.ADDRESS)
                .withMapping(new MappingConfig(Mapping.ENDPOINT_INDEPENDENT, Duration.ZERO));
        try (Rig rig = Rig.start(Proxies.with(pool))) {
            List<InetSocketAddress> seen = twoFlowsOfOneEndpoint(rig, "127.20.4.1");
            assertThat(seen.get(1)).isEqualTo(seen.get(0));
        }
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.13.5", 20_000, 20_999)))) {
            List<InetSocketAddress> seen = new ArrayList<>();
            for (int i = 1; i <= 5; i++) { // by luck two are equal once in a thousand times, five pairs never
                seen.addAll(twoFlowsOfOneEndpoint(rig, "127.20.4.1" + i));
            }
            assertThat(seen.stream().distinct()).hasSizeGreaterThan(5);
        }
    }

    @Test
    @Tag("conformance-a18")
    void allFlowsOfASubscriberLeaveFromOneAddress() throws Exception {
        List<String> kernels;
        List<String> flows = Stream.generate(() -> KernelNat.CLIENT + ":0>" + KernelNat.SERVER + ":80")
                .limit(200)
                .toList();
        try (KernelNat kernel = KernelNat.snatTo("10.9.3.1-10.9.3.4 persistent")) {
            kernels = kernel.open(flows);
        }
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.13.8", "127.0.13.11", 20_000, 20_999)))) {
            Sink sink = rig.sink(Sink.holding(), "127.0.0.2");
            List<SocksClient> granted = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                granted.add(rig.socksFrom("127.20.5.1", sink.address()));
            }
            List<String> addresses = granted.stream()
                    .map(flow -> flow.bound().getAddress().getHostAddress())
                    .distinct()
                    .toList();
            List<String> kernelsAddresses = kernels.stream()
                    .map(peer -> peer.split(":", -1)[0])
                    .distinct()
                    .toList();
            KernelNat.print("A18", addresses, kernelsAddresses);
            assertThat(granted).allMatch(SocksClient::isGranted);
            assertThat(addresses).hasSize(1);
            assertThat(kernelsAddresses).hasSize(1);
        }
    }

    /** The client's port is the same, its listeners and destinations differ; the external endpoints as the servers see them. */
    private static List<InetSocketAddress> twoFlowsOfOneEndpoint(Rig rig, String source) throws IOException {
        Sink sink = rig.sink(Sink.echoing(), "127.0.0.2", "127.0.0.3");
        SocksClient first = rig.socksFrom(source, sink.address());
        first.wire().send("x").read(1);
        InetSocketAddress other = sink.addresses().get(1);
        String authority = other.getAddress().getHostAddress() + ":" + other.getPort();
        Wire second = rig.keep(
                Wire.from(source, first.wire().local().getPort(), rig.proxy().address(Proxies.CONNECT)));
        second.send("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");
        assertThat(second.readHttpHeader()).startsWith("HTTP/1.1 200 ");
        second.send("x").read(1);
        return sink.connections().stream().map(Sink.Connection::peer).toList();
    }
}
