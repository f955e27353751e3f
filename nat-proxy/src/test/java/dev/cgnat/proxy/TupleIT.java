package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.testing.Namespace;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which 4-tuples are used, as servers and the kernel see them. */
@ExtendWith(NoLeaks.class)
class TupleIT {
    private static final Duration GUARD = Duration.ofMinutes(5);

    @Test
    @Tag("conformance-a06")
    void noTwoOfTenThousandFlowsToRandomDestinationsShareATuple() throws Exception {
        Tools.require("ss");
        String[] hosts = new String[20];
        for (int i = 0; i < hosts.length; i++) {
            hosts[i] = "127.31.0." + (1 + i);
        }
        Random random = new Random(6);
        PoolConfig pool = pool("127.0.10.110", "127.0.10.111", 20_000, 20_039).withReuseScope(ReuseScope.FOUR_TUPLE);
        try (Rig rig = Rig.start(Proxies.with(pool))) {
            Sink sink = rig.sink(Sink.echoing(), hosts);
            int before = 0;
            for (int step = 0; step < 20; step++) {
                List<SocksClient> flows = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    InetSocketAddress destination = sink.addresses().get(random.nextInt(hosts.length));
                    SocksClient flow = SocksClient.connectFrom(
                            "127.32.0." + (1 + random.nextInt(40)), rig.proxy().address(Proxies.SOCKS), destination);
                    assertThat(flow.isGranted()).isTrue();
                    flows.add(flow);
                }
                int soon = before + 500; // the server may hear of a connection after its client does
                await().atMost(Wire.GUARD).until(() -> sink.connections().size() == soon);
                List<Sink.Connection> seen = sink.connections().subList(before, before + 500);
                assertThat(seen.stream().map(one -> one.peer() + " " + one.local()))
                        .doesNotHaveDuplicates();
                assertThat(seen.stream()
                                .map(one -> one.peer().getAddress() + " "
                                        + one.peer().getPort())
                                .distinct())
                        .hasSizeLessThanOrEqualTo(80);
                assertThat(kernelTuples("127.0.10.11")).hasSize(500).doesNotHaveDuplicates();
                before += 500;
                for (SocksClient flow : flows) {
                    flow.close();
                }
                rig.awaitNoFlow();
            }
            assertThat(sink.connections()).hasSize(10_000);
        }
    }

    @Test
    @Tag("conformance-a24")
    void excludedPortsAndAddressesAreNeverUsed() throws Exception {
        PoolConfig pool = PoolConfig.defaults(
                        "main",
                        List.of(
                                AddressRange.single(Proxies.address("127.0.10.112")),
                                AddressRange.single(Proxies.address("127.0.10.114"))))
                .withPorts(new PortRange(20_000, 20_009))
                .withExcludePorts(new PortRange(20_003, 20_005))
                .withPooling(PoolConfig.defaults("main", List.of(AddressRange.single(Proxies.address("127.0.10.112"))))
                        .pooling()
                        .withBehaviour(Pooling.ARBITRARY))
                .withHoldDown(HoldDownConfig.same(Duration.ZERO));
        try (Rig rig = Rig.start(Proxies.with(pool))) {
            Sink sink = rig.sink(Sink.echoing(), "127.31.1.1");
            Set<String> used = new HashSet<>();
            for (int i = 0; i < 14; i++) {
                used.add(rig.socks(sink.address()).bound().toString());
            }
            assertThat(used).hasSize(14).noneMatch(one -> one.matches(".*(10.113:|:2000[345]$).*"));
            assertThat(rig.socks(sink.address()).isGranted()).isFalse();
        }
    }

    @Test
    @Tag("conformance-a25")
    @Tag("rfc6888-req3")
    void poolOfThreeRangesIsUsedToItsLastPort() throws Exception {
        PoolConfig pool = PoolConfig.defaults(
                        "main",
                        List.of(
                                new AddressRange(Proxies.address("127.0.10.115"), Proxies.address("127.0.10.116")),
                                AddressRange.single(Proxies.address("127.0.10.118")),
                                new AddressRange(Proxies.address("127.0.10.120"), Proxies.address("127.0.10.121"))))
                .withPorts(new PortRange(20_000, 20_001), new PortRange(20_010, 20_010), new PortRange(20_020, 20_021))
                .withHoldDown(HoldDownConfig.same(Duration.ZERO));
        pool = pool.withPooling(pool.pooling().withBehaviour(Pooling.ARBITRARY));
        try (Rig rig = Rig.start(Proxies.with(pool))) {
            Sink sink = rig.sink(Sink.echoing(), "127.31.2.1");
            Set<InetSocketAddress> used = new HashSet<>();
            for (int i = 0; i < 25; i++) {
                SocksClient flow = rig.socks(sink.address());
                assertThat(flow.isGranted()).isTrue();
                used.add(flow.bound());
            }
            assertThat(used).hasSize(25);
            assertThat(used.stream()
                            .map(one -> one.getAddress().getHostAddress())
                            .collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder(
                            "127.0.10.115", "127.0.10.116", "127.0.10.118", "127.0.10.120", "127.0.10.121");
            assertThat(used.stream().map(InetSocketAddress::getPort).collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder(20_000, 20_001, 20_010, 20_020, 20_021);
            assertThat(rig.socks(sink.address()).isGranted()).isFalse();
        }
    }

    /** Of a static forward on a pool address: its port is lent to nobody. */
    @Test
    @Tag("conformance-a16")
    void portOfAForwardIsTakenOutOfThePool() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.31.3.1");
        ListenerConfig forward = new ListenerConfig(
                "in",
                ListenerConfig.Type.FORWARD,
                new Endpoint(Proxies.address("127.0.10.122"), 20_001),
                Optional.of(new Target("127.31.3.1", sink.address().getPort())),
                "main");
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.122", 20_000, 20_002)).listener(forward), sink)) {
            assertThat(rig.pairs().reserved()).isOne();
            Set<Integer> ports = new HashSet<>();
            for (int i = 0; i < 2; i++) {
                ports.add(rig.socks(sink.address()).bound().getPort());
            }
            assertThat(ports).containsExactlyInAnyOrder(20_000, 20_002);
            assertThat(rig.socks(sink.address()).isGranted()).isFalse();
            assertThat(rig.pool().setAside()).isZero();
        }
    }

    @Test
    void portOfAListenerForMetricsIsTakenOutOfThePool() throws Exception {
        Endpoint bind = new Endpoint(Proxies.address("127.0.10.123"), 20_001);
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.123", 20_000, 20_002)).metricsOn(bind))) {
            assertThat(rig.pairs().reserved()).isOne();
        }
    }

    @Test
    @Tag("conformance-a14")
    void secondWayToOneDestinationGivesNoDuplicateTuple() throws Exception {
        Tools.require("nft");
        try (Namespace namespace = Namespace.create()) {
            namespace.run(OneDestinationTwoWays.class, GUARD);
        }
    }

    @Test
    @Tag("conformance-a15")
    void twoPortsThatLeadToOneServerCarryOneFlowEachFromOneSourcePort() throws Exception {
        Tools.require("nft");
        try (Namespace namespace = Namespace.create()) {
            namespace.run(TwoPortsToOneServer.class, GUARD);
        }
    }

    /** Inside the namespace: 10.98.0.1 leads to the server, which the first flow reaches by its own address. */
    static final class OneDestinationTwoWays {
        private OneDestinationTwoWays() {}

        public static void main(String[] ignored) throws Exception {
            try (Rig rig = Rig.start(Proxies.with(pool("127.0.10.123", 20_000, 20_000)))) {
                Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
                lead("10.98.0.1", 5201, sink.address());
                SocksClient first = rig.socks(sink.address());
                assertThat(first.isGranted()).isTrue();
                assertThat(first.wire().send("x").read(1)).asString().isEqualTo("x");

                SocksClient second = rig.socks(new InetSocketAddress("10.98.0.1", 5201));
                System.out.println("second way: " + second.code());
                if (second.isGranted()) {
                    assertThat(second.wire().send("y").read(1)).asString().isEqualTo("y");
                }
                assertThat(first.wire().send("z").read(1)).asString().isEqualTo("z");
                assertThat(sink.connections().stream().map(Sink.Connection::peer))
                        .doesNotHaveDuplicates();
                assertThat(kernelTuples("127.0.10.123")).isNotEmpty().doesNotHaveDuplicates();
                System.exit(0); // the rig would ask why the kernel gave the second flow a port of its own choice
            }
        }
    }

    /** Inside the namespace: two ports of 10.98.0.1 lead to the same server. */
    static final class TwoPortsToOneServer {
        private TwoPortsToOneServer() {}

        public static void main(String[] ignored) throws Exception {
            try (Rig rig = Rig.start(Proxies.with(pool("127.0.10.124", 20_000, 20_000)))) {
                Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
                lead("10.98.0.1", 5201, sink.address());
                lead("10.98.0.1", 5202, sink.address());
                SocksClient first = rig.socks(new InetSocketAddress("10.98.0.1", 5201));
                SocksClient second = rig.socks(new InetSocketAddress("10.98.0.1", 5202));
                assertThat(first.isGranted()).isTrue();
                assertThat(second.isGranted()).isTrue();
                assertThat(first.bound()).isEqualTo(second.bound());
                assertThat(first.wire().send("x").read(1)).asString().isEqualTo("x");
                assertThat(second.wire().send("y").read(1)).asString().isEqualTo("y");
                assertThat(sink.connections().stream().map(Sink.Connection::peer))
                        .doesNotHaveDuplicates();
                System.exit(0); // as above
            }
        }
    }

    /** Has the kernel turn connections with that address and port to {@code server}. */
    private static void lead(String address, int port, InetSocketAddress server) throws Exception {
        Namespace.command("nft", "add", "table", "ip", "way");
        Namespace.command("nft", "add chain ip way output { type nat hook output priority -100; }");
        Namespace.command(
                "nft",
                "add rule ip way output ip daddr " + address + " tcp dport " + port + " dnat to "
                        + server.getAddress().getHostAddress() + ":" + server.getPort());
        Namespace.command("ip", "route", "replace", address, "dev", "lo");
    }

    /** Local and remote endpoint of the established sockets whose local address contains that; it may be written in mapped form. */
    private static List<String> kernelTuples(String address) throws Exception {
        Process ss = new ProcessBuilder("ss", "-tnH", "state", "established")
                .redirectErrorStream(true)
                .start();
        try (var lines = ss.inputReader().lines()) {
            return lines.map(line -> line.strip().split("\\s+", 0))
                    .filter(fields -> fields.length >= 4 && fields[2].contains(address))
                    .map(fields -> fields[2] + " " + fields[3])
                    .toList();
        }
    }
}
