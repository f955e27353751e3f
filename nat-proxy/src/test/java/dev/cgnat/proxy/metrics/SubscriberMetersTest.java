package dev.cgnat.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.egress.NatGate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Meters of subscribers, addresses, time and the proxy's own state. */
class SubscriberMetersTest {
    private final AtomicReference<NatSnapshot> core = new AtomicReference<>(TestSnapshots.snapshot(300, 0, 0, 2));
    private final ProxyMeters meters = new ProxyMeters(TestSnapshots.CONFIG, "nio", core::get);

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void numberOfSeriesIsTheSameWithTenAndWithAHundredThousandSubscribers() {
        PoolConfig pool = PoolConfig.defaults(
                "main", List.of(new AddressRange(IpAddress.ofIpv4(127, 0, 1, 1), IpAddress.ofIpv4(127, 0, 1, 4))));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        NatGate gate = new NatGate(NatConfig.of(pool), timer);
        try (ProxyMeters ofGate = new ProxyMeters(ProxyConfig.defaults(NatConfig.of(pool)), "nio", gate::snapshot)) {
            open(gate, 0, 10);
            Samples few = Samples.of(ofGate.scrape(""));
            open(gate, 10, 100_000);
            Samples many = Samples.of(ofGate.scrape(""));
            assertThat(subscribers(few)).isEqualTo(10);
            assertThat(subscribers(many)).isEqualTo(100_000);
            assertThat(many.ours().toList()).isEqualTo(few.ours().toList());
        } finally {
            timer.shutdownNow();
        }
    }

    @Test
    void statesOfSubscribersAreDisjoint() {
        Samples samples = scrape();
        assertThat(samples.value("cgn_subscribers{pool=\"main\",state=\"at_limit\"}"))
                .isEqualTo(6);
        assertThat(samples.value("cgn_subscribers{pool=\"main\",state=\"near_limit\"}"))
                .isEqualTo(4);
        assertThat(samples.value("cgn_subscribers{pool=\"main\",state=\"active\"}"))
                .isEqualTo(18 - 6 - 4);
        assertThat(samples.value("cgn_subscriber_ports_in_use_max{pool=\"main\"}"))
                .isEqualTo(8);
        assertThat(samples.value("cgn_exhausted_seconds_total{pool=\"main\"}")).isEqualTo(46);
    }

    @Test
    void bucketsOfPeaksAreCumulative() {
        Samples samples = scrape();
        assertThat(samples.types().get("cgn_subscriber_peak_ports")).isEqualTo("histogram");
        assertThat(samples.value("cgn_subscriber_peak_ports_bucket{pool=\"main\",le=\"8.0\"}"))
                .isEqualTo(2);
        assertThat(samples.value("cgn_subscriber_peak_ports_bucket{pool=\"main\",le=\"16.0\"}"))
                .isEqualTo(2 + 4);
        assertThat(samples.value("cgn_subscriber_peak_ports_bucket{pool=\"main\",le=\"+Inf\"}"))
                .isEqualTo(132);
        assertThat(samples.value("cgn_subscriber_peak_ports_count{pool=\"main\"}"))
                .isEqualTo(132);
        assertThat(samples.value("cgn_subscriber_peak_ports_sum{pool=\"main\"}"))
                .isEqualTo(58);
    }

    @Test
    void portsInUseAreToldByAddressUnlessTheConfigurationSaysNo() {
        assertThat(scrape().value("cgn_address_ports_in_use{external_ip=\"127.0.1.2\",pool=\"main\"}"))
                .isEqualTo(100);
        ProxyConfig config = ProxyConfig.defaults(TestSnapshots.CONFIG.nat());
        ProxyConfig without = new ProxyConfig(
                config.profile(),
                config.transport(),
                config.listeners(),
                config.nat(),
                config.onExhaustion(),
                config.windowsEvents(),
                config.subscriber(),
                config.bypass(),
                config.timeouts(),
                config.tcp(),
                config.maxSessions(),
                config.handshakesPerSource(),
                config.drainTimeout(),
                config.access(),
                config.admin(),
                new MetricsConfig(Optional.empty(), List.of(), false, Map.of()));
        try (ProxyMeters others = new ProxyMeters(without, "nio", core::get)) {
            assertThat(others.scrape("").text()).doesNotContain("cgn_address_ports_in_use");
        }
    }

    @Test
    void forecastIsAskedForAtEachScrapeAndIsInfiniteBeforeThereIsOne() {
        String series = "cgn_seconds_to_exhaustion{pool=\"main\"}";
        assertThat(scrape().value(series)).isInfinite();
        meters.forecastBy(pool -> pool.length());
        assertThat(scrape().value(series)).isEqualTo(4);
    }

    @Test
    void drainingAndReloadsAreToldAsTheyAre() {
        AtomicBoolean draining = new AtomicBoolean();
        meters.drainingBy(draining::get);
        assertThat(scrape().value("cgn_draining")).isZero();
        draining.set(true);
        assertThat(scrape().value("cgn_draining")).isOne();
        meters.reloads().succeeded(Instant.ofEpochSecond(1_234_567));
        assertThat(scrape().value("cgn_config_last_reload_successful")).isOne();
        meters.reloads().failed();
        Samples after = scrape();
        assertThat(after.value("cgn_config_last_reload_successful")).isZero();
        assertThat(after.value("cgn_config_last_reload_timestamp_seconds")).isEqualTo(1_234_567);
    }

    @Test
    void timesFallIntoTheirBuckets() {
        meters.pool("main").allocationTook(3_000);
        meters.pool("main").sessionLasted(2_000_000_000L);
        meters.pool("main").waited(20_000_000, true);
        Samples samples = scrape();
        assertThat(samples.value("cgn_port_allocation_duration_seconds_bucket{pool=\"main\",le=\"1.0E-6\"}"))
                .isZero();
        assertThat(samples.value("cgn_port_allocation_duration_seconds_bucket{pool=\"main\",le=\"5.0E-6\"}"))
                .isOne();
        assertThat(samples.value("cgn_session_duration_seconds_bucket{pool=\"main\",le=\"1.0\"}"))
                .isZero();
        assertThat(samples.value("cgn_session_duration_seconds_bucket{pool=\"main\",le=\"5.0\"}"))
                .isOne();
        assertThat(samples.value("cgn_queue_wait_seconds_count{outcome=\"granted\",pool=\"main\"}"))
                .isOne();
        assertThat(samples.value("cgn_queue_wait_seconds_count{outcome=\"refused\",pool=\"main\"}"))
                .isZero();
    }

    private static void open(NatGate gate, int from, int to) {
        Endpoint web = new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1), 80);
        Endpoint inside = new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 1);
        for (int i = from; i < to; i++) {
            FlowRequest request = new FlowRequest("main", new Subscriber("s" + i), inside, web);
            assertThat(gate.open(request, outcome -> {})).isInstanceOf(Outcome.Granted.class);
        }
    }

    private static double subscribers(Samples samples) {
        return samples.value("cgn_subscribers{pool=\"main\",state=\"active\"}");
    }

    private Samples scrape() {
        return Samples.of(meters.scrape(""));
    }
}
