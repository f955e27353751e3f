package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.GatewayLab.CLIENT;
import static dev.cgnat.proxy.testing.GatewayLab.DIRECT_PORT;
import static dev.cgnat.proxy.testing.GatewayLab.GATEWAY;
import static dev.cgnat.proxy.testing.GatewayLab.SECOND_SERVER;
import static dev.cgnat.proxy.testing.GatewayLab.SERVER;
import static dev.cgnat.proxy.testing.GatewayLab.SERVER6;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cgnat.proxy.testing.GatewayLab;
import dev.cgnat.proxy.testing.GatewayLab.Host;
import dev.cgnat.proxy.testing.GatewayLab.PeerProcess;
import io.netty.channel.uring.IoUring;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged proxy on the gateway of {@code config/transparent}, by TPROXY. */
class TproxyIT {
    private static final String POOL = "connected 198\\.51\\.100\\.[0-7] 2\\d{4}";
    private static final int PORT = 8080;
    private static final String EXEMPT_SERVER = "203.0.113.4";
    private static final int OWN_PORT = 15_003;

    private static GatewayLab lab;
    private static RunningJar proxy;
    private static PeerProcess client;
    private static PeerProcess serverSide;

    @BeforeAll
    static void start() throws Exception {
        lab = GatewayLab.up("tproxy");
        serverSide = lab.peer(Host.SERVER);
        serverSide.serve(SERVER, PORT);
        serverSide.serve(SERVER, DIRECT_PORT);
        serverSide.serve(SERVER, OWN_PORT);
        serverSide.serve(EXEMPT_SERVER, PORT);
        serverSide.serve(SERVER6, PORT);
        serverSide.serve(SERVER6, DIRECT_PORT);
        client = lab.peer(Host.CLIENT);
        proxy = RunningJar.startBy(
                lab.on(Host.GATEWAY),
                List.of(),
                "run",
                "-c",
                "../config/transparent/tproxy.yaml",
                "--set",
                "listeners.2={ name: everywhere, type: tproxy, bind: '[::]:" + OWN_PORT + "' }",
                "--set",
                "listeners.3={ name: small, type: tproxy, bind: '127.0.0.1:15004', pool: small }",
                "--set",
                "pools.1={ name: small, addresses: 198.51.100.7, ports: 40000-40003 }",
                "--set",
                "acl.allow-sources=[0.0.0.0/0, '::/0']",
                "--set",
                "bypass=['::/0', " + EXEMPT_SERVER + "]");
        proxy.awaitError("metrics on http");
    }

    @AfterAll
    static void stop() {
        if (proxy != null) {
            proxy.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    @Tag("conformance-e22")
    void forwardedConnectionIsServedWhereARuleMatches() {
        assertThat(client.open("a", SERVER, PORT)).matches(POOL);
        assertThat(client.tell("ask a hello")).isEqualTo("hello");
        assertThat(client.tell("close a")).isEqualTo("ok");
    }

    @Test
    @Tag("conformance-e22")
    void forwardedConnectionIsLeftAloneWhereNoneDoes() {
        assertThat(client.open("a", SERVER, DIRECT_PORT)).startsWith("connected " + CLIENT + " ");
        assertThat(client.tell("close a")).isEqualTo("ok");
    }

    @Test
    @Tag("conformance-e22")
    void connectionOfALocalProcessIsServedWhereARuleMatches() throws Exception {
        assertThat("connected " + lab.greetingOfLocalProcess(SERVER, PORT)).matches(POOL);
    }

    @Test
    @Tag("conformance-e22")
    void connectionOfALocalProcessIsLeftAloneWhereNoneDoes() throws Exception {
        assertThat(lab.greetingOfLocalProcess(SERVER, DIRECT_PORT)).startsWith(GATEWAY + " ");
    }

    @Test
    @Tag("conformance-e22")
    void forwardedIpv6ConnectionIsServedWhereARuleMatches() throws Exception {
        double before = lab.untranslated();
        assertThat(client.open("a", SERVER6, PORT)).startsWith("connected 2001:db8:1:0:0:0:0:2 ");
        assertThat(client.tell("ask a hello")).isEqualTo("hello");
        assertThat(lab.untranslated() - before).isEqualTo(1);
        client.tell("close a");
    }

    @Test
    @Tag("conformance-e22")
    void forwardedIpv6ConnectionIsLeftAloneWhereNoneDoes() throws Exception {
        double before = lab.untranslated();
        assertThat(client.open("a", SERVER6, DIRECT_PORT)).startsWith("connected 2001:db8:1:0:0:0:0:2 ");
        assertThat(lab.untranslated()).isEqualTo(before);
        client.tell("close a");
    }

    @Test
    @Tag("conformance-e22")
    void ipv6ConnectionOfALocalProcessIsServedWhereARuleMatches() throws Exception {
        double before = lab.untranslated();
        assertThat(lab.greetingOfLocalProcess(SERVER6, PORT)).startsWith("2001:db8:2:0:0:0:0:1 ");
        assertThat(lab.untranslated() - before).isEqualTo(1);
    }

    @Test
    @Tag("conformance-e22")
    void ipv6ConnectionOfALocalProcessIsLeftAloneWhereNoneDoes() throws Exception {
        double before = lab.untranslated();
        assertThat(lab.greetingOfLocalProcess(SERVER6, DIRECT_PORT)).startsWith("2001:db8:2:0:0:0:0:1 ");
        assertThat(lab.untranslated()).isEqualTo(before);
    }

    @Test
    @Tag("conformance-a26")
    @Tag("rfc6888-req6")
    void exemptDestinationSeesTheClientItself() throws Exception {
        double flows = lab.allocations();
        assertThat(client.open("a", EXEMPT_SERVER, PORT)).startsWith("connected " + CLIENT + " ");
        assertThat(client.tell("ask a hello")).isEqualTo("hello");
        assertThat(lab.allocations()).isEqualTo(flows);
        client.tell("close a");
    }

    @Test
    @Tag("conformance-a03")
    void noPacketOutsideHasAnInsideSource() throws Exception {
        serverSide.serve(SERVER, 8003);
        lab.rules(Host.SERVER, """
                table inet a03 {
                    counter inside {}
                    counter outside {}
                    chain input {
                        type filter hook input priority filter;
                        tcp dport 8003 counter name outside
                        tcp dport 8003 ip saddr 10.77.0.0/24 counter name inside
                    }
                }
                """);
        for (int i = 0; i < 20; i++) {
            assertThat(client.open("a", SERVER, 8003)).matches(POOL);
            assertThat(client.tell("ask a hello")).isEqualTo("hello");
            client.tell("close a");
        }
        assertThat(lab.packets(Host.SERVER, "a03", "outside")).isGreaterThan(20 * 4);
        assertThat(lab.packets(Host.SERVER, "a03", "inside")).isZero();
    }

    @ParameterizedTest
    @Tag("conformance-a04")
    @ValueSource(ints = {1, 1023, 1024, 65_535})
    void externalPortIsInRangeWhateverTheInsidePort(int port) {
        assertThat(client.tell("open a " + CLIENT + " " + port + " " + SERVER + " " + PORT + " 20000"))
                .matches(POOL);
        client.tell("close a");
    }

    /** Both parties' SYN-ACKs time out at the same moment, so two are lost to make sure that the client repeats its SYN. */
    @Test
    @Tag("conformance-c09")
    void repeatedSynOfTheClientIsOneSynOutsideAndOnePort() throws Exception {
        serverSide.serve(SERVER, 8009);
        lab.rules(Host.GATEWAY, """
                table inet c09 {
                    counter syns {}
                    chain input {
                        type filter hook prerouting priority raw;
                        iifname "inside" tcp dport 8009 tcp flags & (syn | ack) == syn counter name syns
                    }
                    chain output {
                        type filter hook output priority filter;
                        oifname "inside" tcp sport 8009 tcp flags & (syn | ack) == syn | ack numgen inc mod 1000 < 2 drop
                    }
                }
                """);
        lab.rules(Host.SERVER, synCounter("c09", 8009));
        double before = lab.allocations();
        assertThat(client.open("a", SERVER, 8009)).matches(POOL);
        assertThat(lab.packets(Host.GATEWAY, "c09", "syns")).isGreaterThan(1);
        assertThat(lab.packets(Host.SERVER, "c09", "syns")).isEqualTo(1);
        assertThat(lab.allocations() - before).isEqualTo(1);
        client.tell("close a");
    }

    @Test
    @Tag("conformance-c10")
    void repeatedSynAckOfTheServerIsOneFlow() throws Exception {
        serverSide.serve(SERVER, 8010);
        lab.rules(Host.SERVER, synCounter("c10", 8010));
        lab.rules(Host.SERVER, """
                table inet c10 {
                    counter synacks {}
                    chain lost {
                        type filter hook input priority filter;
                        tcp dport 8010 tcp flags & (syn | ack | fin | rst) == ack numgen inc mod 1000 < 1 drop
                    }
                    chain output {
                        type filter hook output priority filter;
                        tcp sport 8010 tcp flags & (syn | ack) == syn | ack counter name synacks
                    }
                }
                """);
        double before = lab.allocations();
        assertThat(client.open("a", SERVER, 8010)).matches(POOL);
        assertThat(client.tell("ask a hello")).isEqualTo("hello");
        assertThat(lab.packets(Host.SERVER, "c10", "synacks")).isGreaterThan(1);
        assertThat(lab.packets(Host.SERVER, "c10", "syns")).isEqualTo(1);
        assertThat(lab.allocations() - before).isEqualTo(1);
        client.tell("close a");
    }

    @Test
    void connectionToTheListenerItselfIsReset() throws Exception {
        double before = loops("everywhere");
        double flows = lab.allocations();
        assertThat(client.open("a", GATEWAY, OWN_PORT)).isEqualTo("reset");
        assertThat(loops("everywhere") - before).isEqualTo(1);
        assertThat(lab.allocations()).isEqualTo(flows);
    }

    @Test
    void portOfTheListenerOnAnotherHostIsADestinationLikeAnyOther() {
        assertThat(client.open("a", SERVER, OWN_PORT)).matches(POOL);
        client.tell("close a");
    }

    @Test
    void ownConnectionThatARuleCatchesIsResetAndNotServedAgain() throws Exception {
        lab.rules(
                Host.GATEWAY,
                "insert rule inet cgnat_tproxy output ip saddr 198.51.100.0/29 tcp dport 8011 meta mark set 1");
        double before = loops("tproxy4");
        double flows = lab.allocations();
        assertThat(client.open("a", SERVER, 8011)).isEqualTo("reset");
        assertThat(loops("tproxy4") - before).isEqualTo(1);
        assertThat(lab.allocations() - flows).isEqualTo(1);
    }

    /** The rule is the gateway's: without one the kernel resets at once, as it does for an address that is not in the pool. */
    @Test
    @Tag("rfc5382-req4")
    void unsolicitedSynHearsNothingForSixSeconds() {
        assertThat(serverSide.tell("open a - 0 198.51.100.3 25000 6000")).isEqualTo("timeout");
        assertThat(serverSide.tell("open a - 0 " + GATEWAY + " 25000 6000")).isEqualTo("refused");
    }

    /** The other transport that knows of destinations, by both kinds of listener. */
    @Test
    void ioUringServesTransparentListenersToo() throws Exception {
        assumeTrue(IoUring.isAvailable(), "io_uring");
        serverSide.serve(SERVER, 8012);
        serverSide.serve(SERVER, 8013);
        lab.rules(Host.GATEWAY, """
                insert rule inet cgnat_tproxy prerouting iifname "inside" tcp dport 8012 tproxy ip to 127.0.0.1:15012 meta mark set 1 accept
                insert rule inet cgnat_tproxy prerouting meta l4proto tcp socket transparent 1 meta mark set 1 accept
                add element inet cgnat_tproxy direct { 8013 }
                table inet uring {
                    chain prerouting {
                        type nat hook prerouting priority dstnat;
                        iifname "inside" tcp dport 8013 redirect to :15013
                    }
                }
                """);
        try (RunningJar other = RunningJar.startBy(
                lab.on(Host.GATEWAY),
                List.of(),
                "run",
                "--set",
                "transport=io-uring",
                "--set",
                "listeners.0={ type: tproxy, bind: '127.0.0.1:15012' }",
                "--set",
                "listeners.1={ type: redirect, bind: '0.0.0.0:15013' }",
                "--set",
                "pools.0={ addresses: 198.51.100.5, ports: 30000-30099 }",
                "--set",
                "acl.allow-sources=10.77.0.0/24",
                "--set",
                "bypass=[]",
                "--set",
                "admin.bind=127.0.0.1:9478")) {
            other.awaitError("metrics on http");
            assertThat(client.open("a", SERVER, 8012)).startsWith("connected 198.51.100.5 300");
            assertThat(client.open("b", SERVER, 8013)).startsWith("connected 198.51.100.5 300");
            assertThat(client.open("c", "10.77.0.1", 15_013)).isEqualTo("reset");
            client.tell("close a");
            client.tell("close b");
        }
    }

    /** The kernel's own NAT, between the same hosts with as many ports, is asked for the same flows. */
    @Test
    @Tag("conformance-a05")
    @Tag("conformance-a07")
    void fourPortsServeFourFlowsToEachDestinationAsTheKernelsDo() throws Exception {
        lab.rules(Host.GATEWAY, """
                insert rule inet cgnat_tproxy prerouting iifname "inside" tcp dport { 8005, 8006 } tproxy ip to 127.0.0.1:15004 meta mark set 1 accept
                insert rule inet cgnat_tproxy prerouting meta l4proto tcp socket transparent 1 meta mark set 1 accept
                add element inet cgnat_tproxy direct { 9005, 9006 }
                table ip kernel_nat {
                    chain postrouting {
                        type nat hook postrouting priority srcnat;
                        oifname "outside" tcp dport { 9005, 9006 } snat to 198.51.100.6:40000-40003
                    }
                }
                """);
        for (int port : new int[] {8005, 8006, 9005, 9006}) {
            serverSide.serve(SERVER, port);
            serverSide.serve(SECOND_SERVER, port);
        }
        double refused = lab.metric(
                "cgn_port_allocation_failures_total", "pool=\"small\",protocol=\"tcp\",reason=\"exhausted\"");

        List<String> ours = openFlows("ours", 8005, 8006);
        List<String> kernels = openFlows("kernel", 9005, 9006);

        System.out.printf("flows over 4 ports to three destinations: %d, kernel %d%n", ours.size(), kernels.size());
        assertThat(kernels).hasSize(12);
        assertThat(ours).hasSize(12).allMatch(seen -> seen.startsWith("connected 198.51.100.7 4000"));
        assertThat(ours.stream().collect(groupingBy(identity(), counting())).values())
                .hasSize(4)
                .containsOnly(3L);
        String fifth = client.open("fifth", SERVER, 8005);
        String kernelsFifth = client.tell("open fifth - 0 " + SERVER + " 9005 2500");
        System.out.printf("the fifth flow to one of them: %s, kernel: %s%n", fifth, kernelsFifth);
        assertThat(fifth).isEqualTo("reset");
        assertThat(lab.metric(
                                "cgn_port_allocation_failures_total",
                                "pool=\"small\",protocol=\"tcp\",reason=\"exhausted\"")
                        - refused)
                .isEqualTo(1);
        for (int i = 0; i < 12; i++) {
            assertThat(client.tell("ask ours" + i + " alive")).isEqualTo("alive");
            client.tell("close ours" + i);
            client.tell("close kernel" + i);
        }
    }

    /** Four flows to each of three destinations, as the servers saw them; those that failed are missing. */
    private static List<String> openFlows(String name, int port, int otherPort) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String host = i / 4 == 2 ? SECOND_SERVER : SERVER;
            seen.add(client.open(name + i, host, i / 4 == 1 ? otherPort : port));
        }
        return seen.stream().filter(answer -> answer.startsWith("connected")).toList();
    }

    private static String synCounter(String table, int port) {
        return """
                table inet %s {
                    counter syns {}
                    chain input {
                        type filter hook input priority raw;
                        tcp dport %d tcp flags & (syn | ack) == syn counter name syns
                    }
                }
                """.formatted(table, port);
    }

    private static double loops(String listener) throws Exception {
        return lab.metric("cgn_client_rejections_total", "listener=\"" + listener + "\",reason=\"loop\"");
    }
}
