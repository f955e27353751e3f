package dev.cgnat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.jmh.BenchCase;
import dev.cgnat.bench.jmh.Machine;
import dev.cgnat.bench.jmh.Measurement;
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
import java.util.OptionalDouble;
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

    @Test
    void jmhAsText() {
        assertThat(jmh().text()).isEqualTo(Samples.golden("jmh.txt"));
    }

    @Test
    void jmhAsJson() {
        assertThat(Json.pretty(jmh()) + "\n").isEqualTo(Samples.golden("jmh.json"));
    }

    @Test
    void runAsText() {
        String text = judgedRun().text();
        assertThat(text).isEqualTo(Samples.golden("run.txt"));
        assertThat(text.lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void runAsCsv() {
        assertThat(judgedRun().csv()).isEqualTo(Samples.golden("run.csv"));
    }

    @Test
    void loadAsCsv() {
        assertThat(Samples.loadReport().run().csv()).isEqualTo(Samples.golden("load.csv"));
    }

    @Test
    void runAsJson() {
        assertThat(Json.pretty(judgedRun()) + "\n").isEqualTo(Samples.golden("run.json"));
    }

    private static RunReport judgedRun() {
        return Samples.runReport()
                .judged(List.of(Threshold.parse("refused==0"), Threshold.parse("fairness.torrent>=0.3")));
    }

    private static JmhReport jmh() {
        return JmhReport.of(
                new Machine(Optional.of("Sample CPU"), 2, "17.0.1+2", OptionalDouble.of(0.126)),
                List.of(
                        new Measurement(benchCase("baseline", 1000), 10.04, 95_000_000.4, 100, 0.1004, 0, 0),
                        new Measurement(benchCase("vpp-tries", 1000), 60.16, 16_000_000, 104, 0.578, 0.004, 0.3487),
                        new Measurement(benchCase("vpp-tries", 2000), 65, 15_000_000, 102, 0.637, 0, 0.34)),
                List.of("sample: java.lang.OutOfMemoryError: Java heap space"));
    }

    private static BenchCase benchCase(String name, long slots) {
        return new BenchCase(
                name, "baseline", "SampleBench.pair", slots, slots * 9 / 10, 1, false, Map.of(), List.of());
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
