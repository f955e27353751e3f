package dev.cgnat.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.metrics.TestSnapshots;
import dev.cgnat.proxy.testing.PrometheusProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is served, read by the real Prometheus and asked back from it. */
class PrometheusIT {
    private static final PoolConfig POOL =
            PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))));

    private final AtomicInteger inUse = new AtomicInteger(12);

    @Test
    void prometheusReadsWhatTheProxyCounts(@TempDir Path folder) throws Exception {
        try (ProxyMeters meters = new ProxyMeters(ProxyConfig.defaults(NatConfig.of(POOL)), "nio", this::snapshot);
                AdminServer server = AdminClient.start(MetricsConfig.defaults(), meters, () -> AdminClient.READY);
                PrometheusProcess prometheus = PrometheusProcess.start(folder, server.address())) {
            meters.listener("socks").bytesOut(4321);
            meters.pool("main").refused(Refusal.DRAINING);
            awaitValue(prometheus, "up{job=\"natproxy\"}", 1);
            awaitValue(prometheus, "cgn_pool_ports{state=\"in_use\"}", 12);
            awaitValue(prometheus, "sum(cgn_pool_ports)", 64_512);
            awaitValue(prometheus, "cgn_bytes_total{direction=\"out\"}", 4321);
            awaitValue(prometheus, "cgn_port_allocation_failures_total{reason=\"draining\"}", 1);
            awaitValue(prometheus, "count(cgn_build_info{transport=\"nio\"})", 1);
            inUse.set(13);
            awaitValue(prometheus, "cgn_pool_ports{state=\"in_use\"}", 13);
            assertThat(prometheus.value("cgn_no_such_metric")).isEmpty();
            assertThatThrownBy(() -> prometheus.value("cgn_pool_ports{")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void awaitValue(PrometheusProcess prometheus, String query, double expected) {
        await(query)
                .atMost(Duration.ofMinutes(2))
                .until(() -> prometheus.value(query), OptionalDouble.of(expected)::equals);
    }

    private NatSnapshot snapshot() {
        int used = inUse.get();
        return new NatSnapshot(List.of(TestSnapshots.pool(POOL, 64_512, used, 3)), 1);
    }
}
