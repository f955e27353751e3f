package dev.cgnat.proxy;

import static org.awaitility.Awaitility.await;

import dev.cgnat.proxy.testing.PrometheusProcess;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pool runs dry, and the real Prometheus can tell. */
class LivePrometheusIT {
    private static final int PORTS = 5;
    private static final int REFUSED = 3;

    @Test
    void prometheusSeesThePoolRunDry(@TempDir Path folder) throws Exception {
        try (Rig rig = Rig.start(Proxies.with(Proxies.pool("127.0.10.125", 20_000, 20_000 + PORTS - 1)));
                PrometheusProcess prometheus =
                        PrometheusProcess.start(folder, rig.proxy().adminAddress())) {
            InetSocketAddress server = rig.sink(Sink.holding(), "127.0.0.1").address();
            for (int i = 0; i < PORTS + REFUSED; i++) {
                rig.socks(server);
            }
            awaitValue(prometheus, "cgn_pool_ports{pool=\"main\",state=\"in_use\"}", PORTS);
            awaitValue(prometheus, "sum(cgn_pool_ports)", PORTS);
            awaitValue(prometheus, "cgn_sessions{state=\"established\"}", PORTS);
            awaitValue(prometheus, "cgn_destination_utilization_max_ratio", 1);
            awaitValue(prometheus, "cgn_port_allocation_failures_total{reason=\"exhausted\"}", REFUSED);
            awaitValue(prometheus, "cgn_sessions_opened_total{listener=\"socks\",result=\"no_port\"}", REFUSED);
            rig.closeClients();
            awaitValue(prometheus, "sum(cgn_sessions)", 0);
        }
    }

    private static void awaitValue(PrometheusProcess prometheus, String query, double expected) {
        await(query)
                .atMost(Duration.ofMinutes(2))
                .until(() -> prometheus.value(query), OptionalDouble.of(expected)::equals);
    }
}
