package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.Via;
import dev.cgnat.bench.report.LoadReport;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.report.SavedReports;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a load writes down while it runs comes to what it says at its end. */
final class LoadCourseTest {
    private static final int PORTS = 20;

    @TempDir
    private Path folder;

    private Laboratory laboratory;

    @BeforeEach
    void start() throws IOException {
        PoolConfig pool = PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 7))))
                .withPorts(new PortRange(20_700, 20_700 + PORTS - 1))
                .withHoldDown(HoldDownConfig.same(Duration.ofMinutes(1)));
        laboratory = Laboratory.start(ProxyConfig.defaults(NatConfig.of(pool)), pool, 1);
    }

    @AfterEach
    void stop() {
        laboratory.close();
    }

    @Test
    void withTheProxysCountersTheSamplesShowThePool() throws IOException {
        String admin = laboratory.listening().replaceFirst(".*(http://[^/]+)/metrics", "$1");
        LoadReport load = load("--admin", admin);
        assertThat(load.poolPorts()).hasValue(PORTS);
        assertThat(granted(load)).isEqualTo(load.flows().established()).isPositive();
        assertThat(refused(load)).isEqualTo(load.proxyRefused().orElseThrow()).containsKey("held");
        assertThat(load.samples()).allMatch(one -> one.inUse() + one.held() + one.reserved() + one.free() == PORTS);
        assertThat(load.samples().get(load.samples().size() - 1).free()).isZero();
        assertThat(load.run().capacity().ports()).isEqualTo(PORTS);
        assertThat(load.run().totals().refused()).isEqualTo(load.proxyRefused().orElseThrow());
    }

    @Test
    void withoutThemTheyShowWhatTheClientsSaw() throws IOException {
        LoadReport load = load();
        assertThat(load.poolPorts()).isEmpty();
        assertThat(granted(load)).isEqualTo(load.flows().established()).isPositive();
        assertThat(refused(load)).isEqualTo(load.refused()).containsKey("general");
        assertThat(load.firstRefusalSeconds()).isPresent();
        assertThat(load.run().capacity()).isEqualTo(RunReport.Capacity.unknown());
    }

    @Test
    void theLogOfLatenciesHoldsEveryFlow() throws IOException {
        LoadReport load = load();
        long count = 0;
        for (AbstractHistogram interval : intervals(folder.resolve("latencies.hlog"))) {
            count += interval.getTotalCount();
        }
        assertThat(count).isEqualTo(load.latencyMs().connect().count()).isPositive();
    }

    @Test
    void thePageIsThatOfTheReport() throws IOException {
        load();
        Path again = folder.resolve("again.html");
        assertThat(run(new StringWriter(), "report", folder.resolve("load.json").toString(), "-o", again.toString()))
                .isZero();
        assertThat(again).hasSameTextualContentAs(folder.resolve("load.html"));
    }

    private LoadReport load(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "load",
                Endpoints.text(laboratory.target(0)),
                "--via",
                "socks5://" + Endpoints.text(((Via.Socks5) laboratory.via()).proxy()),
                "--rate",
                "100/s",
                "--duration",
                "1s",
                "--hold",
                "constant:100ms",
                "--report",
                folder.resolve("load.html").toString(),
                "--hdr-log",
                folder.resolve("latencies.hlog").toString(),
                "-o",
                "json"));
        arguments.addAll(List.of(more));
        StringWriter out = new StringWriter();
        assertThat(run(out, arguments.toArray(String[]::new))).isZero();
        Path file = Files.writeString(folder.resolve("load.json"), out.toString());
        return (LoadReport) SavedReports.read(file);
    }

    private static int run(StringWriter out, String... arguments) {
        CommandLine commandLine = NatBenchMain.commandLine();
        commandLine.setOut(new PrintWriter(out));
        return commandLine.execute(arguments);
    }

    private static long granted(LoadReport load) {
        return load.samples().stream().mapToLong(Sample::granted).sum();
    }

    private static Map<String, Long> refused(LoadReport load) {
        Map<String, Long> counts = new TreeMap<>();
        load.samples()
                .forEach(sample -> sample.refused().forEach((reason, count) -> counts.merge(reason, count, Long::sum)));
        return counts;
    }

    private static List<AbstractHistogram> intervals(Path log) throws FileNotFoundException {
        List<AbstractHistogram> all = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                all.add((AbstractHistogram) reader.nextIntervalHistogram());
            }
        }
        return all;
    }
}
