package dev.cgnat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.size.Ceiling;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whole reports against texts; a difference is a change that users see. */
final class ReportGoldenTest {
    private static final List<Threshold> THRESHOLDS =
            List.of(Threshold.parse("refused.exhausted==0"), Threshold.parse("connect.p99<5ms"));

    @Test
    void loadAsText() {
        assertThat(Samples.loadReport().judged(THRESHOLDS).text()).isEqualTo(Samples.golden("load.txt"));
    }

    @Test
    void loadAsJson() {
        assertThat(Json.pretty(Samples.loadReport().judged(THRESHOLDS)) + "\n").isEqualTo(Samples.golden("load.json"));
    }

    @Test
    void ceilingAsText() {
        assertThat(ceiling().text()).isEqualTo(Samples.golden("ceiling.txt"));
    }

    @Test
    void ceilingAsJson() {
        assertThat(Json.pretty(ceiling()) + "\n").isEqualTo(Samples.golden("ceiling.json"));
    }

    @Test
    void demoAsText() {
        assertThat(demo().text()).isEqualTo(Samples.golden("demo.txt"));
    }

    @Test
    void demoAsJson() {
        assertThat(Json.pretty(demo()) + "\n").isEqualTo(Samples.golden("demo.json"));
    }

    private static CeilingReport ceiling() {
        PoolConfig pool = PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))))
                .withPorts(new PortRange(32_768, 60_999));
        return CeilingReport.of("sample", List.of(Ceiling.of(pool, LimitConfig.defaults(), 10, Duration.ZERO)));
    }

    private static DemoReport demo() {
        return new DemoReport(
                1,
                "demo",
                500,
                1,
                250,
                499,
                499,
                499,
                new TreeMap<>(Map.of("exhausted", 20L, "held", 1L)),
                99.8,
                99.1,
                12.5,
                false,
                List.of(
                        new DemoReport.Phase(
                                "fill",
                                "clients fill it",
                                "each needs a port of its own, as all go to one destination and the scope is four-tuple",
                                7,
                                499,
                                499,
                                Map.of(),
                                499,
                                0,
                                499,
                                "499 granted",
                                true,
                                Optional.empty()),
                        new DemoReport.Phase(
                                "dry",
                                "more come",
                                "none is left",
                                2.5,
                                21,
                                0,
                                new TreeMap<>(Map.of("exhausted", 20L, "held", 1L)),
                                499,
                                0,
                                499,
                                "all refused as exhausted",
                                false,
                                Optional.of("one was held"))),
                List.of("1 ports of the pool are kept by sockets of others"));
    }
}
