package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.proxy.testing.Metrics;
import dev.cgnat.proxy.testing.Namespace;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** External addresses that this host loses while flows live on them, and gets back. */
class AddressLossIT {
    private static final Duration GUARD = Duration.ofMinutes(5);

    @Test
    void lostAddressGetsNoNewFlowsAndComesBackWhileItsFlowsLiveOn() throws Exception {
        Tools.require("ip");
        try (Namespace namespace = Namespace.create()) {
            namespace.run(Scenario.class, GUARD);
        }
    }

    /** Inside the namespace. */
    static final class Scenario {
        private static final String FIRST = "10.99.0.1";
        private static final String SECOND = "10.99.0.2";

        private Scenario() {}

        public static void main(String[] ignored) throws Exception {
            address("add", FIRST);
            address("add", SECOND);
            try (Rig rig = Rig.start(Proxies.with(pool(FIRST, SECOND, 20_000, 20_009)))) {
                Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
                List<SocksClient> flows = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    flows.add(rig.socksFrom("127.9.0." + (1 + i), sink.address()));
                }
                assertThat(flows).allMatch(SocksClient::isGranted);
                List<SocksClient> onFirst = flows.stream()
                        .filter(flow -> addressOf(flow).equals(FIRST))
                        .toList();
                assertThat(onFirst).hasSize(3);

                address("del", FIRST); // nobody asks for a flow, and it is seen nevertheless
                await().atMost(Wire.GUARD).until(() -> rig.pool().disabledAddresses() == 1);
                assertThat(Metrics.value(rig, "cgn_pool_addresses", "state=\"disabled\""))
                        .isOne();
                assertThat(Metrics.get(rig, "/readyz").statusCode()).isEqualTo(200);
                assertThat(rig.pool().sessions()).isEqualTo(6);
                for (int i = 0; i < 6; i++) { // the first three come from subscribers that keep the lost address
                    SocksClient next = rig.socksFrom("127.9.0." + (1 + i), sink.address());
                    assertThat(next.isGranted()).isTrue();
                    assertThat(addressOf(next)).isEqualTo(SECOND);
                }
                SocksClient last = rig.socksFrom("127.9.0.9", sink.address());
                assertThat(addressOf(last)).isEqualTo(SECOND);
                assertThat(rig.socksFrom("127.9.0.9", sink.address()).code()).isEqualTo(SocksClient.GENERAL_FAILURE);

                address("del", SECOND); // a flow may ask before the watch has seen it
                assertThat(rig.socksFrom("127.9.0.9", sink.address()).code()).isEqualTo(SocksClient.GENERAL_FAILURE);
                await().atMost(Wire.GUARD).until(() -> rig.pool().disabledAddresses() == 2);
                assertThat(Metrics.get(rig, "/readyz").statusCode()).isEqualTo(503);
                assertThat(Metrics.get(rig, "/readyz").body()).contains("pool main has lost all its addresses");

                address("add", FIRST);
                address("add", SECOND);
                await().atMost(Wire.GUARD).until(() -> rig.pool().disabledAddresses() == 0);
                assertThat(Metrics.get(rig, "/readyz").statusCode()).isEqualTo(200);
                for (SocksClient flow : flows) {
                    assertThat(flow.wire().send("x").read(1)).asString().isEqualTo("x");
                }
                assertThat(addressOf(rig.socksFrom("127.9.0.10", sink.address())))
                        .isEqualTo(FIRST);
            }
        }

        private static String addressOf(SocksClient flow) {
            return flow.bound().getAddress().getHostAddress();
        }

        private static void address(String verb, String address) throws Exception {
            Namespace.command("ip", "addr", verb, address + "/32", "dev", "lo");
        }
    }
}
