package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.cgnat.bench.report.Json;
import dev.cgnat.bench.report.SizeReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pools for a log by the published format, made here. */
final class SizeCommandTest {
    private static final String HEADER =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets"
                    + " bytes start end action log-status\n";
    /** 100 flows, one a second, each a minute long. */
    private static final int FLOWS = 100;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path log;

    @BeforeEach
    void writeLog() throws IOException {
        StringBuilder lines = new StringBuilder(HEADER);
        for (int i = 0; i < FLOWS; i++) {
            lines.append(String.format(
                    Locale.ROOT,
                    "2 123456789010 eni-1235b8ca123456789 10.0.0.%d 192.0.2.1 %d 443 6 20 4249 %d %d ACCEPT OK%n",
                    1 + i % 5,
                    20_000 + i,
                    1_418_530_000 + i,
                    1_418_530_060 + i));
        }
        log = Files.writeString(folder.resolve("vpc.log"), lines.append("broken\n"));
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("size"));
        all.addAll(List.of(arguments));
        return NatBenchMain.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    private int runLog(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--log", log.toString(), "--inside", "10.0.0.0/8", "--runs", "2"));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    @Test
    void aLogStandsInThePlaceOfAWorkload() {
        // a flow a second for a minute, and as long at rest: 100 ports at a time
        assertThat(runLog(
                        "--policy",
                        "arbitrary",
                        "--set",
                        "pools.0.ports=1024-1151",
                        "--set",
                        "pools.0.hold-down=60s",
                        "--target-refusal",
                        "1e-3",
                        "-o",
                        "json"))
                .isZero();
        SizeReport report = Json.read(out.toString(), SizeReport.class);
        assertThat(report.recorded().orElseThrow().flows()).isEqualTo(FLOWS);
        assertThat(report.recorded().orElseThrow().subscribers()).isEqualTo(5);
        assertThat(report.recorded().orElseThrow().log().broken()).isEqualTo(1);
        assertThat(report.parameters()).containsEntry("logs", log.toString()).doesNotContainKey("until");
        SizeReport.Pool pool = report.pools().get(0);
        assertThat(pool.analyticPorts()).isEqualTo(FLOWS);
        assertThat(pool.ports()).isEqualTo(FLOWS);
        assertThat(pool.smaller().orElseThrow().mean()).isGreaterThan(1e-3);
        assertThat(pool.sensitivity()).isNotEmpty();
        assertThat(err.toString()).containsOnlyOnce("vpc.log:102: 1 fields (expected: 14)");
    }

    @Test
    void theTextSaysWhatTheIntervalIsOf() {
        assertThat(runLog("--policy", "arbitrary,deterministic")).isZero();
        assertThat(out.toString())
                .contains("recorded: 100 flows of 5 subscribers in ")
                .contains("101 lines, 1 broken")
                .contains("the interval is that of what the NAT draws, over replays of these very flows")
                .contains("the busiest moment alone: 100 ports")
                .contains("deterministic ");
    }

    @Test
    void whatLogsMoreThanTheBudgetIsMarkedAndNotRecommended() {
        // 100 flows in less than a quarter of an hour; the same few blocks over and over
        assertThat(runLog("--policy", "arbitrary,blocks,deterministic", "--log-budget", "1MB/day", "-o", "json"))
                .isZero();
        SizeReport report = Json.read(out.toString(), SizeReport.class);
        double flowsPerDay = FLOWS * 86_400 / report.recorded().orElseThrow().seconds();
        SizeReport.TranslationLog flows = report.pools().get(0).log();
        assertThat(flows.granularity()).isEqualTo("session-with-destinations");
        assertThat(flows.bytesPerDay()).isCloseTo(flowsPerDay * 564, within(1.0));
        assertThat(flows.withinBudget()).contains(false);
        SizeReport.TranslationLog blocks = report.pools().get(1).log();
        assertThat(blocks.granularity()).isEqualTo("block");
        assertThat(blocks.bytesPerDay())
                .isCloseTo(flowsPerDay / FLOWS * 5 * 341, within(1.0)); // one for each subscriber
        assertThat(blocks.withinBudget()).contains(true);
        assertThat(report.pools().get(2).log().bytesPerDay()).isZero();
        assertThat(report.recommended()).contains(fewestPorts(report).policy());
        assertThat(fewestPorts(report).sensitivity()).isNotEmpty();
    }

    private static SizeReport.Pool fewestPorts(SizeReport report) {
        return report.pools().stream()
                .filter(pool -> pool.log().withinBudget().orElse(true))
                .min(Comparator.comparing(SizeReport.Pool::ports))
                .orElseThrow();
    }

    @Test
    void aBudgetThatNoPolicyKeepsToIsAFailure() {
        assertThat(runLog("--policy", "arbitrary", "--log-budget", "1MB/day")).isEqualTo(ExitCode.FAILURE);
        assertThat(out.toString())
                .contains(" *\n* more than the log budget\n")
                .contains("recommended: none")
                .contains("log: session-with-destinations");
    }

    @Test
    void aSimulationIsLoggedAsItWouldGoOnForADay() {
        assertThat(run(
                        "--workload",
                        "connect-per-request",
                        "--until",
                        "10m",
                        "--runs",
                        "2",
                        "--policy",
                        "endpoint-independent",
                        "--log-format",
                        "ipfix",
                        "-o",
                        "json"))
                .isZero();
        SizeReport report = Json.read(out.toString(), SizeReport.class);
        double perDay = report.offered().flowsPerSecond() * 86_400;
        assertThat(report.pools().get(0).log().bytesPerDay()).isCloseTo(perDay * 46, withinPercentage(5));
        assertThat(report.pools().get(0).log().withinBudget()).isEmpty();
    }

    @Test
    void aPolicyThatCannotServeTheSubscribersIsLeftOutUnlessItIsAskedFor() throws IOException {
        String far = Files.readString(log).replaceAll("10\\.0\\.0\\.1 ", "10.255.0.1 ");
        Files.writeString(log, far);
        assertThat(runLog("--set", "pools.0.ports=1024-1151")).isZero();
        assertThat(err.toString()).contains("deterministic: left out, as it cannot be: inside: 16711680 addresses");
        assertThat(out.toString()).contains("four-tuple, paired").doesNotContain("deterministic");
        assertThat(runLog("--set", "pools.0.ports=1024-1151", "--policy", "deterministic"))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void subscribersOfIpv6AreServedByAllPoliciesButTheFormula() throws IOException {
        Files.writeString(
                log,
                Files.readString(log)
                        .replaceAll("10\\.0\\.0\\.(\\d) ", "2001:db8:0:$1::1 ")
                        .replace("192.0.2.1 ", "2001:db9::1 "));
        // by default IPv6 needs no translation
        Path all = Files.writeString(folder.resolve("all.yaml"), "bypass: []\n");
        assertThat(run("--log", log.toString(), "--inside", "2001:db8::/32", "--runs", "2", "-c", all.toString()))
                .isZero();
        assertThat(err.toString()).contains("deterministic: left out, as it cannot be: last: ");
        assertThat(out.toString()).contains("recorded: 100 flows of 5 subscribers");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --log-budget=10GiB | log-budget: 10GiB (expected: an amount a day
            --until=1h        | until: 1h (expected: without --log
            --log=.           | log: . (expected: a file that can be read)
            --log=-           | log: - (expected: a file that can be read)
            --log=/dev/null   | log: /dev/null (expected: a file that can be read again and again)
            --inside=nowhere  | inside: nowhere (expected: a prefix
            --reorder=25h     | reorder: PT25H (expected: 0s to 24h)
            --target-refusal=2 | target-refusal: 2.0 (expected: more than 0
            --workload=residential | mutually exclusive
            --subscribers=5   | --workload
            """)
    void refusesWhatCannotBe(String argument, String message) {
        assertThat(runLog(argument)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(message);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aLogWithoutFlowsFromInsideIsRefused() {
        assertThat(run("--log", log.toString(), "--inside", "172.16.0.0/12")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("log: no flow from inside to outside (expected: at least one; skipped: {");
    }

    @Test
    void needsFlowsAndToldPrefixes() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(run("--log", log.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--inside=PREFIX");
    }

    @Test
    void strictEndsAtTheBrokenLineWithExitCode1() {
        assertThat(runLog("--strict")).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString())
                .contains("vpc.log:102: 1 fields (expected: 14)")
                .doesNotContain("Exception");
        assertThat(out.toString()).isEmpty();
    }
}
