package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.AddressChoice;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.Profile;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What users see of the allocator's policies, through real sockets. */
@ExtendWith(NoLeaks.class)
class AllocatorIT {
    private static final Endpoint ANY_PORT = new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), 0);
    private static final String OTHER = "other";

    @Test
    void aWindowsHostOutOfPortsSaysSoByItsEventAndTellsWhatWouldHaveHelped() throws Exception {
        ProxyConfig windows = ConfigLoader.load(
                Optional.empty(),
                Optional.of("windows-2003-default"),
                List.of("pools.0.addresses=127.0.10.180", "pools.0.ports=20000-20001"));
        PoolConfig pool = windows.nat().pools().get(0);
        assertThat(windows.windowsEvents()).containsExactly("main");
        try (Rig rig = Rig.start(Proxies.with(pool).windowsEvents())) {
            Sink first = rig.sink(Sink.echoing(), "127.0.0.2");
            Sink second = rig.sink(Sink.echoing(), "127.0.0.3");
            List<SocksClient> flows = ask(rig, Proxies.SOCKS, "127.0.0.1", first, 2);
            assertThat(flows).allMatch(SocksClient::isGranted);

            String live = refusal(rig, second);
            assertThat(live)
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("\r\nx-windows-event: 4231\r\n")
                    .contains("details=\"exhausted\"")
                    .endsWith(
                            "the NAT refused the flow: exhausted (127.0.10.180: 2 slots, 2 live, 0 held, 0 reserved,"
                                    + " 0 free; would be granted with one more external address or port), Windows event 4231\n");

            flows.get(0).close();
            await().atMost(Wire.GUARD).until(() -> rig.pairs().held() == 1);
            assertThat(refusal(rig, second).toLowerCase(Locale.ROOT))
                    .contains("x-windows-event: 4231", "retry-after: 1", "held (", "a shorter hold-down");
        }
    }

    @Test
    void otherPoolsNameNoEvent() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.10.181", 20_000, 20_000)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            assertThat(ask(rig, Proxies.SOCKS, "127.0.0.1", sink, 1)).allMatch(SocksClient::isGranted);
            assertThat(refusal(rig, sink))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("exhausted (127.0.10.181: 1 slots, 1 live")
                    .doesNotContainIgnoringCase("windows");
        }
    }

    /** Seed 1's starvation: every port taken on one address leaves programs without the option none. */
    @Test
    void onceAnAddressIsFullLegacyClientsGetNothingAndScalableOnesTheOtherAddress() throws Exception {
        int ports = 4;
        PoolConfig pool = pool("127.0.10.182", "127.0.10.183", 20_000, 20_000 + ports - 1)
                .withReuseScope(ReuseScope.ADDRESS)
                .withPooling(PoolingConfig.defaults()
                        .withBehaviour(Pooling.ARBITRARY)
                        .withChooseAddress(AddressChoice.FILL_FIRST));
        Proxies proxies = Proxies.with(pool).listener(listener(Optional.empty(), ClientClass.LEGACY));
        try (Rig rig = Rig.start(proxies)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            List<SocksClient> scalable = ask(rig, Proxies.SOCKS, "127.0.0.1", sink, ports);
            assertThat(scalable)
                    .extracting(flow -> flow.bound().getAddress().getHostAddress())
                    .containsOnly("127.0.10.182");

            assertThat(ask(rig, OTHER, "127.0.0.1", sink, 2)).noneMatch(SocksClient::isGranted);
            List<SocksClient> more = ask(rig, Proxies.SOCKS, "127.0.0.1", sink, ports + 1);
            assertThat(more).filteredOn(SocksClient::isGranted).hasSize(ports);
            assertThat(more.get(0).bound().getAddress().getHostAddress()).isEqualTo("127.0.10.183");
        }
    }

    @Test
    void aLegacyFlowTakesItsPortOnEveryAddress() throws Exception {
        PoolConfig pool = pool("127.0.10.184", "127.0.10.185", 20_000, 20_001)
                .withReuseScope(ReuseScope.ADDRESS)
                .withPooling(PoolingConfig.defaults()
                        .withBehaviour(Pooling.ARBITRARY)
                        .withChooseAddress(AddressChoice.FILL_FIRST));
        Proxies proxies = Proxies.with(pool).listener(listener(Optional.empty(), ClientClass.LEGACY));
        try (Rig rig = Rig.start(proxies)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient legacy = ask(rig, OTHER, "127.0.0.1", sink, 1).get(0);
            assertThat(legacy.isGranted()).isTrue();
            List<SocksClient> scalable = ask(rig, Proxies.SOCKS, "127.0.0.1", sink, 3);
            assertThat(scalable)
                    .filteredOn(SocksClient::isGranted)
                    .hasSize(2)
                    .allSatisfy(flow -> assertThat(flow.bound().getPort())
                            .isNotEqualTo(legacy.bound().getPort()));
        }
    }

    @Test
    @Tag("rfc4787-req1")
    void aListenerMayMapByInternalEndpointWhereItsPoolDoesNot() throws Exception {
        PoolConfig pool = pool("127.0.10.186", 20_000, 20_003);
        Proxies proxies =
                Proxies.with(pool).listener(listener(Optional.of(Mapping.ENDPOINT_INDEPENDENT), ClientClass.SCALABLE));
        try (Rig rig = Rig.start(proxies)) {
            Sink first = rig.sink(Sink.echoing(), "127.0.0.2");
            Sink second = rig.sink(Sink.echoing(), "127.0.0.3");
            SocksClient mapped = ask(rig, OTHER, "127.0.0.1", first, 1).get(0);
            assertThat(mapped.isGranted()).isTrue();
            assertThat(rig.pool().mappings()).isEqualTo(1);

            // The mapping's port carries no flow of the others, even to another destination; the other three do twice.
            for (Sink sink : List.of(first, second)) {
                assertThat(ask(rig, Proxies.SOCKS, "127.0.0.1", sink, 4))
                        .filteredOn(SocksClient::isGranted)
                        .hasSize(3)
                        .allSatisfy(flow -> assertThat(flow.bound().getPort())
                                .isNotEqualTo(mapped.bound().getPort()));
            }
            mapped.close();
            await().atMost(Wire.GUARD).until(() -> rig.pool().mappings() == 0);
        }
    }

    @Test
    @Tag("rfc6888-req4")
    void aSubscriberGetsThePortsOfItsBlocksAndNoMore() throws Exception {
        PoolConfig pool = pool("127.0.10.187", 20_000, 20_011).withBlocks(new PortBlockConfig(3, 2, BlockGrowth.ONE));
        try (Rig rig = Rig.start(Proxies.with(pool))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            List<SocksClient> flows = ask(rig, Proxies.SOCKS, "127.20.0.1", sink, 7);
            assertThat(flows).filteredOn(SocksClient::isGranted).hasSize(6);
            assertThat(flows.subList(0, 6))
                    .extracting(flow -> (flow.bound().getPort() - 20_000) / 3)
                    .satisfies(blocks -> assertThat(blocks.stream().distinct()).hasSize(2));
            assertThat(rig.pool().refused()).containsEntry(Refusal.BLOCK_LIMIT, 1L);
            assertThat(refusal(rig, sink)).startsWith("HTTP/1.1 200 "); // another subscriber: 127.0.0.1
            assertThat(rig.pool().blocks().inUse()).isEqualTo(3);

            for (SocksClient flow : flows) {
                flow.close();
            }
            await().atMost(Wire.GUARD).until(() -> rig.pool().blocks().released() == 2);
        }
    }

    @Test
    @Tag("rfc6888-req4")
    void whoOpensTooFastIsToldWhenToComeBack() throws Exception {
        Proxies proxies = Proxies.with(pool("127.0.10.188", 20_000, 20_099))
                .limits(LimitConfig.defaults().withNewPerSecondPerSubscriber(1));
        try (Rig rig = Rig.start(proxies)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            List<String> answers = new ArrayList<>();
            while (answers.isEmpty() || answers.get(answers.size() - 1).startsWith("HTTP/1.1 200 ")) {
                answers.add(refusal(rig, sink)); // a slow machine may get the second one granted too
            }
            assertThat(answers.get(0)).startsWith("HTTP/1.1 200 ");
            assertThat(answers.get(answers.size() - 1).toLowerCase(Locale.ROOT))
                    .startsWith("http/1.1 503 ")
                    .contains("retry-after: 1\r\n", "details=\"rate_limit\"", "less haste");
            assertThat(rig.pool().refused()).containsEntry(Refusal.RATE_LIMIT, 1L);
            assertThat(ask(rig, Proxies.SOCKS, "127.20.0.2", sink, 1)).allMatch(SocksClient::isGranted);
        }
    }

    @Test
    void deterministicNatServesItsOwnClientsAndTellsTheOthersWhy() throws Exception {
        ProxyConfig loaded = ConfigLoader.load(
                Optional.empty(),
                Optional.of("isp-cgn-deterministic"),
                List.of("pools.0.addresses=127.0.10.189", "pools.0.ports=20000-20127"));
        PoolConfig pool = loaded.nat().pools().get(0);
        try (Rig rig = Rig.start(Proxies.with(pool))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            List<SocksClient> own = ask(rig, Proxies.SOCKS, "127.0.0.5", sink, 3);
            assertThat(own)
                    .filteredOn(SocksClient::isGranted)
                    .hasSize(2)
                    .allSatisfy(flow -> assertThat(flow.bound().getPort()).isBetween(20_010, 20_011));
            assertThat(ask(rig, Proxies.SOCKS, "127.20.0.1", sink, 1)).noneMatch(SocksClient::isGranted);
            assertThat(rig.pool().refused()).containsEntry(Refusal.BLOCK_LIMIT, 1L);
        }
    }

    /** Every profile starts, carries a flow and ends: what a user of {@code run --profile NAME} meets first. */
    @Test
    void everyProfileCarriesAFlowAsItIs() throws Exception {
        for (String profile :
                ConfigLoader.profiles().stream().map(Profile::name).toList()) {
            PoolConfig pool = ConfigLoader.loadProfile(profile).nat().pools().get(0);
            PoolConfig own = pool.withAddresses(AddressRange.single(Proxies.address("127.0.10.190")));
            try (Rig rig = Rig.start(Proxies.with(own))) {
                Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
                assertThat(ask(rig, Proxies.SOCKS, "127.0.0.1", sink, 1))
                        .as(profile)
                        .allMatch(SocksClient::isGranted);
            }
        }
    }

    private static ListenerConfig listener(Optional<Mapping> mapping, ClientClass clientClass) {
        return new ListenerConfig(
                OTHER, ListenerConfig.Type.SOCKS, ANY_PORT, Optional.empty(), "main", mapping, clientClass);
    }

    private static List<SocksClient> ask(Rig rig, String listener, String source, Sink sink, int times)
            throws IOException {
        List<SocksClient> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(rig.keep(SocksClient.connectFrom(source, rig.proxy().address(listener), sink.address())));
        }
        return answers;
    }

    /** Header and body of the answer to CONNECT; the header alone if the flow was granted. */
    private static String refusal(Rig rig, Sink sink) throws IOException {
        InetSocketAddress destination = sink.address();
        String authority = destination.getAddress().getHostAddress() + ":" + destination.getPort();
        Wire http = rig.wire(Proxies.CONNECT).send("CONNECT " + authority + " HTTP/1.1\r\n\r\n");
        String header = http.readHttpHeader();
        return header.startsWith("HTTP/1.1 200 ")
                ? header
                : header + new String(http.readToFin(), StandardCharsets.US_ASCII);
    }
}
