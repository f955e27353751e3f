package dev.cgnat.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.report.ReplayReport;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.testing.Namespace;
import dev.cgnat.proxy.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nfdump really writes, of real flows in a network of the test's own. */
class NfdumpIT {
    @TempDir
    Path folder;

    @Test
    void readsWhatNfdumpWritesOfRealFlows() throws Exception {
        List.of("softflowd", "nfcapd", "nfdump").forEach(Tools::require);
        Path csv = folder.resolve("flows.csv");
        try (Namespace namespace = Namespace.create()) {
            Process process = namespace
                    .process(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-D" + NfdumpScenario.OUT + "=" + csv,
                            "-cp",
                            System.getProperty("java.class.path"),
                            NfdumpScenario.class.getName())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("said").toFile())
                    .start();
            boolean ended = process.waitFor(300, TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended && process.exitValue() == 0)
                    .as(Files.readString(folder.resolve("said")))
                    .isTrue();
        }
        List<String> warnings = new ArrayList<>();
        LogCounts counts = new LogCounts(false, 5, warnings::add);
        ReplayReport report = replay(csv, counts);
        assertThat(warnings).as(Files.readString(csv)).isEmpty();
        assertThat(report.run().totals().granted())
                .as("a FIN, a reset, a refusal, a datagram and a long one: " + Files.readString(csv))
                .isEqualTo(5);
        assertThat(report.run().subscribers().orElseThrow().count()).isEqualTo(5);
        assertThat(report.log().stitched()).as("of the long one").isPositive();
        assertThat(report.log().replies()).isGreaterThanOrEqualTo(4);
        assertThat(report.log().skipped()).as("the datagram that nobody took").containsKey("icmp-message");
    }

    private static ReplayReport replay(Path csv, LogCounts counts) throws Exception {
        ProxyConfig config = ConfigLoader.load(Optional.empty(), Optional.of("linux-default"));
        ReplayPlan plan = new ReplayPlan(
                config.nat(),
                config.nat().pools().get(0),
                EnumSet.allOf(Protocol.class),
                new ReplayPlan.Timers(
                        Duration.ofSeconds(10), Duration.ofHours(2), Duration.ofMinutes(5), Duration.ofMinutes(1)),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                1);
        LogOptions options = new LogOptions(
                Optional.empty(),
                Optional.empty(),
                ZoneId.systemDefault(),
                Inside.of(List.of("127.1.0.0/16"), SubscriberConfig.defaults(), List.of()));
        return Replay.open(plan, List.of(LogSource.of(csv)), options, counts, bytes -> {})
                .run()
                .report("real", new TreeMap<>(), new TreeMap<>());
    }
}
