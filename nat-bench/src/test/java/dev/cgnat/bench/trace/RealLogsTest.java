package dev.cgnat.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.config.SubscriberConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Logs of real networks, which are no part of the project: every {@code *.log} and {@code *.json} of a folder that {@code
 * -Dcgnat.flow-logs} names, or of {@code shared/data} beside the repository.
 */
class RealLogsTest {
    private static final List<String> PRIVATE =
            List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8", "fe80::/10");

    @Test
    void readsAndReplaysRealLogsWithoutABrokenLine() throws Exception {
        Path folder = Path.of(System.getProperty("cgnat.flow-logs", "../../shared/data"));
        if (!Files.isDirectory(folder)) {
            System.err.println("SKIPPED: no real flow logs (-Dcgnat.flow-logs=FOLDER gives some)");
            abort("no folder " + folder);
        }
        List<Path> logs;
        try (Stream<Path> files = Files.list(folder)) {
            logs = files.filter(file -> file.toString().matches(".*\\.(log|json)"))
                    .sorted()
                    .toList();
        }
        assertThat(logs).isNotEmpty();
        ProxyConfig config = ConfigLoader.load(Optional.empty(), Optional.of("linux-default"));
        for (Path log : logs) {
            List<String> warnings = new ArrayList<>();
            LogCounts counts = new LogCounts(false, 5, warnings::add);
            ReplayPlan plan = new ReplayPlan(
                    config.nat(),
                    config.nat().pools().get(0),
                    EnumSet.allOf(Protocol.class),
                    new ReplayPlan.Timers(
                            Duration.ofSeconds(10), Duration.ofHours(2), Duration.ofMinutes(5), Duration.ofMinutes(1)),
                    Duration.ofHours(24),
                    Duration.ofSeconds(60),
                    1);
            LogOptions options = new LogOptions(
                    Optional.empty(),
                    Optional.empty(),
                    ZoneOffset.UTC,
                    Inside.of(PRIVATE, SubscriberConfig.defaults(), List.of()));
            Replay.open(plan, List.of(LogSource.of(log)), options, counts, bytes -> {})
                    .run()
                    .report("real", new TreeMap<>(), new TreeMap<>());
            long dataLines;
            try (Stream<String> lines = Files.lines(log)) {
                dataLines = lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .count();
            }
            assertThat(warnings).as(log.toString()).isEmpty();
            assertThat(counts.lines()).as(log.toString()).isEqualTo(dataLines);
        }
    }
}
