package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.GatewayLab.CLIENT;
import static dev.cgnat.proxy.testing.GatewayLab.DIRECT_PORT;
import static dev.cgnat.proxy.testing.GatewayLab.GATEWAY;
import static dev.cgnat.proxy.testing.GatewayLab.SECOND_SERVER;
import static dev.cgnat.proxy.testing.GatewayLab.SERVER;
import static dev.cgnat.proxy.testing.GatewayLab.SERVER6;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.testing.GatewayLab;
import dev.cgnat.proxy.testing.GatewayLab.Host;
import dev.cgnat.proxy.testing.GatewayLab.PeerProcess;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged proxy on the gateway of {@code config/transparent}, by REDIRECT. */
class RedirectIT {
    private static final String POOL = "connected 198\\.51\\.100\\.[0-7] 2\\d{4}";
    private static final int PORT = 8080;
    private static final int LISTENER_PORT = 15_002;

    private static GatewayLab lab;
    private static RunningJar proxy;
    private static PeerProcess client;

    @BeforeAll
    static void start() throws Exception {
        lab = GatewayLab.up("redirect");
        PeerProcess server = lab.peer(Host.SERVER);
        server.serve(SERVER, PORT);
        server.serve(SECOND_SERVER, PORT + 1);
        server.serve(SERVER, DIRECT_PORT);
        server.serve(SERVER6, PORT);
        server.serve(SERVER6, DIRECT_PORT);
        client = lab.peer(Host.CLIENT);
        proxy = RunningJar.startBy(
                lab.on(Host.GATEWAY),
                List.of(),
                "run",
                "-c",
                "../config/transparent/redirect.yaml",
                "--set",
                "acl.allow-sources=[0.0.0.0/0, '::/0']");
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
    @Tag("conformance-e23")
    void forwardedConnectionGoesWhereItWasBoundFor() {
        assertThat(client.open("a", SERVER, PORT)).matches(POOL);
        assertThat(client.open("b", SECOND_SERVER, PORT + 1)).matches(POOL);
        assertThat(client.tell("ask a hello")).isEqualTo("hello");
        assertThat(client.open("c", SERVER, DIRECT_PORT)).startsWith("connected " + CLIENT + " ");
        List.of("a", "b", "c").forEach(name -> client.tell("close " + name));
    }

    @Test
    @Tag("conformance-e23")
    void connectionOfALocalProcessGoesWhereItWasBoundFor() throws Exception {
        assertThat("connected " + lab.greetingOfLocalProcess(SERVER, PORT)).matches(POOL);
        assertThat(lab.greetingOfLocalProcess(SERVER, DIRECT_PORT)).startsWith(GATEWAY + " ");
    }

    /** Untranslated, it leaves from the gateway's address; the client's own would come by TPROXY. */
    @Test
    @Tag("conformance-e23")
    void forwardedIpv6ConnectionGoesWhereItWasBoundFor() throws Exception {
        double before = lab.untranslated();
        assertThat(client.open("a", SERVER6, PORT)).startsWith("connected 2001:db8:2:0:0:0:0:1 ");
        assertThat(client.tell("ask a hello")).isEqualTo("hello");
        assertThat(lab.untranslated() - before).isEqualTo(1);
        assertThat(client.open("b", SERVER6, DIRECT_PORT)).startsWith("connected 2001:db8:1:0:0:0:0:2 ");
        assertThat(lab.untranslated() - before).isEqualTo(1);
        List.of("a", "b").forEach(name -> client.tell("close " + name));
    }

    @Test
    @Tag("conformance-e23")
    void ipv6ConnectionOfALocalProcessGoesWhereItWasBoundFor() throws Exception {
        double before = lab.untranslated();
        assertThat(lab.greetingOfLocalProcess(SERVER6, PORT)).startsWith("2001:db8:2:0:0:0:0:1 ");
        assertThat(lab.untranslated() - before).isEqualTo(1);
        assertThat(lab.greetingOfLocalProcess(SERVER6, DIRECT_PORT)).startsWith("2001:db8:2:0:0:0:0:1 ");
        assertThat(lab.untranslated() - before).isEqualTo(1);
    }

    /** One rejection and no flow: had it been served, it would have come back to the listener from a port of the pool. */
    @ParameterizedTest
    @Tag("conformance-e23")
    @ValueSource(strings = {"10.77.0.1", GATEWAY, "2001:db8:1::1"})
    void connectionToTheListenerItselfIsResetAndNotServed(String address) throws Exception {
        double rejected = loops();
        double flows = lab.allocations();
        assertThat(client.open("a", address, LISTENER_PORT)).isEqualTo("reset");
        assertThat(loops() - rejected).isEqualTo(1);
        assertThat(lab.allocations()).isEqualTo(flows);
    }

    @Test
    @Tag("conformance-e23")
    void connectionOfWhichNoOriginalDestinationIsRecordedIsReset() throws Exception {
        lab.rules(Host.GATEWAY, """
                table inet unrecorded {
                    chain prerouting {
                        type filter hook prerouting priority raw;
                        iifname "inside" tcp dport 15002 notrack
                    }
                    chain output {
                        type filter hook output priority raw;
                        oifname "inside" tcp sport 15002 notrack
                    }
                }
                """);
        double rejected = loops();
        double flows = lab.allocations();
        assertThat(client.open("a", "10.77.0.1", LISTENER_PORT)).isEqualTo("reset");
        lab.run(Host.GATEWAY, "nft", "delete", "table", "inet", "unrecorded");
        assertThat(loops() - rejected).isEqualTo(1);
        assertThat(lab.allocations()).isEqualTo(flows);
    }

    @Test
    void ownConnectionThatARuleTurnsBackIsResetAndNotServedAgain() throws Exception {
        lab.rules(
                Host.GATEWAY,
                "insert rule inet cgnat_redirect output ip saddr 198.51.100.0/29 tcp dport 8011 redirect to :15002");
        double rejected = loops();
        double flows = lab.allocations();
        assertThat(client.open("a", SERVER, 8011)).isEqualTo("reset");
        assertThat(loops() - rejected).isEqualTo(1);
        assertThat(lab.allocations() - flows).isEqualTo(1);
    }

    private static double loops() throws Exception {
        return lab.metric("cgn_client_rejections_total", "reason=\"loop\"");
    }
}
