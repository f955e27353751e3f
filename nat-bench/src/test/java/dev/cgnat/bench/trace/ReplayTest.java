package dev.cgnat.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.cgnat.bench.report.Json;
import dev.cgnat.bench.report.ReplayReport;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.core.config.ReuseScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final String VPC = "srcaddr dstaddr srcport dstport protocol start end tcp-flags\n";
    private static final int SYN = 2;
    private static final int FIN = 1;
    private static final int RST = 4;
    private static final int NO_FLAGS = 0;

    private final List<String> warnings = new ArrayList<>();
    private HoldDownConfig holdDown = HoldDownConfig.same(Duration.ofSeconds(10));
    private int ports = 100;
    private ReuseScope scope = ReuseScope.FOUR_TUPLE;
    private Optional<QueueConfig> queue = Optional.empty();
    private Duration reorder = Duration.ofSeconds(60);
    private Duration stitch = Duration.ofSeconds(60);

    private ReplayPlan plan() {
        PoolConfig pool = PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(203, 0, 113, 1))))
                .withPorts(new PortRange(1024, 1023 + ports))
                .withReuseScope(scope)
                .withPooling(Pooling.ARBITRARY)
                .withHoldDown(holdDown);
        PoolConfig used = queue.map(pool::withQueue).orElse(pool);
        return new ReplayPlan(
                NatConfig.of(used),
                used,
                EnumSet.allOf(Protocol.class),
                new ReplayPlan.Timers(
                        Duration.ofSeconds(10), Duration.ofHours(2), Duration.ofMinutes(5), Duration.ofSeconds(60)),
                reorder,
                stitch,
                1);
    }

    private ReplayReport replay(String... logs) throws IOException {
        List<LogSource> sources = new ArrayList<>();
        for (String log : logs) {
            sources.add(Logs.source("log " + sources.size(), log));
        }
        return replay(sources);
    }

    private ReplayReport replay(List<LogSource> sources) throws IOException {
        LogCounts counts = new LogCounts(false, 5, warnings::add);
        Replay replay = Replay.open(plan(), sources, Logs.options(), counts, bytes -> {});
        return replay.run().report("test", new TreeMap<>(), new TreeMap<>());
    }

    /** A line from inside. */
    private static String out(int port, int start, int end, int flags) {
        return "10.0.0.1 192.0.2.1 " + port + " 443 6 " + start + " " + end + " " + flags + "\n";
    }

    /** A line with the packets that answer it. */
    private static String in(int port, int start, int end, int flags) {
        return "192.0.2.1 10.0.0.1 443 " + port + " 6 " + start + " " + end + " " + flags + "\n";
    }

    private static String zeek(String... lines) {
        return ZeekSample.HEADER + String.join("\n", lines) + "\n";
    }

    private static String tcp(int port, double start, double duration) {
        return ZeekSample.tsv(
                String.valueOf(start),
                "10.0.0.1:" + port,
                "192.0.2.1:443",
                "tcp",
                String.valueOf(duration),
                "SF",
                "ShFf");
    }

    @Test
    void refusesWhatDoesNotFitAndTellsWhenAndWhatWouldHave() throws IOException {
        ports = 2;
        ReplayReport report =
                replay(zeek(tcp(1, 100, 5), tcp(2, 101, 5), tcp(3, 102, 1), tcp(4, 108, 1), tcp(5, 116, 1)));
        RunReport run = report.run();
        assertThat(run.totals().granted()).isEqualTo(3);
        assertThat(run.totals().refused()).containsExactly(entry("exhausted", 1L), entry("held", 1L));
        assertThat(run.totals().firstRefusalSeconds()).hasValue(2);
        assertThat(run.totals().peakSessions()).isEqualTo(2);
        assertThat(run.durationSeconds()).isEqualTo(17);
        assertThat(run.samples()).hasSize(17);
        assertThat(run.samples().get(2).refused()).containsExactly(entry("exhausted", 1L));
        assertThat(run.samples().get(8).refused()).containsExactly(entry("held", 1L));
        assertThat(run.subscribers().orElseThrow().peakPorts().max()).isEqualTo(2);
        assertThat(run.destinations()).containsExactly(new RunReport.Use("192.0.2.1:443", 2, 3, 2));
        assertThat(run.addresses()).containsExactly(new RunReport.Use("203.0.113.1", 2, 3, 0));
        assertThat(report.needed()).contains(new ReplayReport.Needed("tcp 192.0.2.1:443", 4, 2, OptionalInt.of(2)));
    }

    @Test
    void whatIsNeededFitsAndOneLessDoesNot() throws IOException {
        List<String> lines = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            lines.add(tcp(1024 + i, 1000 + i * 0.05, random.nextDouble() * 20));
        }
        String log = zeek(lines.toArray(String[]::new));
        for (ReuseScope any : ReuseScope.values()) {
            scope = any;
            ports = 60_000;
            int needed = replay(log).needed().orElseThrow().ports();
            ports = needed;
            assertThat(replay(log).run().totals().refusedTotal()).as(any.name()).isZero();
            ports = needed - 1;
            assertThat(replay(log).run().totals().refusedTotal()).as(any.name()).isPositive();
        }
    }

    @Test
    void theSameLogGivesTheSameReportToTheByte() throws IOException {
        List<String> lines = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 3000; i++) {
            lines.add(ZeekSample.tsv(
                    String.valueOf(1000 + i * 0.01),
                    "10.0." + random.nextInt(4) + "." + random.nextInt(9) + ":" + (1024 + i),
                    "192.0.2." + random.nextInt(3) + ":443",
                    random.nextBoolean() ? "tcp" : "udp",
                    String.valueOf(random.nextDouble() * 9),
                    "SF",
                    "ShFf"));
        }
        String log = zeek(lines.toArray(String[]::new));
        String first = Json.pretty(replay(log));
        assertThat(first).contains("\"held\"", "\"schema-version\" : 1", "\"command\" : \"replay\"");
        assertThat(Json.pretty(replay(log))).isEqualTo(first);
        Collections.shuffle(lines, random); // all within the window
        ReplayReport shuffled = replay(zeek(lines.toArray(String[]::new)));
        assertThat(Json.pretty(shuffled)).isEqualTo(first);
    }

    @Test
    void aFlowOfSeveralLinesIsOneFlowWithBothItsDirections() throws IOException {
        ReplayReport report = replay(VPC
                + out(4000, 100, 160, SYN)
                + in(4000, 100, 160, SYN | 16)
                + out(4000, 165, 220, NO_FLAGS)
                + in(4000, 165, 220, NO_FLAGS)
                + out(4000, 230, 240, FIN)
                + in(4000, 230, 240, FIN)
                + out(4001, 500, 501, FIN));
        assertThat(report.run().totals().granted()).isEqualTo(2);
        assertThat(report.log().stitched()).isEqualTo(2);
        assertThat(report.log().replies()).isEqualTo(3);
        assertThat(inUseAfter(report, 139)).isEqualTo(1);
        assertThat(inUseAfter(report, 141)).isZero();
        assertThat(report.log().lines()).isEqualTo(7);
    }

    @Test
    void aGapThatIsTooLongMakesAnotherFlow() throws IOException {
        String log = VPC + out(4000, 100, 160, NO_FLAGS) + out(4000, 190, 220, NO_FLAGS);
        assertThat(replay(log).run().totals().granted()).isEqualTo(1);
        stitch = Duration.ofSeconds(29);
        assertThat(replay(log).run().totals().granted()).isEqualTo(2);
    }

    @Test
    void afterAFinTheSameEndpointsAreAnotherFlow() throws IOException {
        ReplayReport report = replay(VPC + out(4000, 100, 110, FIN) + out(4000, 112, 120, FIN));
        assertThat(report.run().totals().granted()).isEqualTo(2);
        assertThat(report.log().stitched()).isZero();
    }

    @Test
    void zeekTellsOfAConnectionInOneLineSoThatTheNextIsAnother() throws IOException {
        ReplayReport report = replay(zeek(tcp(4000, 100, 10), tcp(4000, 100.5, 1), tcp(4000, 110, 1)));
        assertThat(report.run().totals().granted()).isEqualTo(3);
    }

    @Test
    void aSilentFlowKeepsItsPortUntilItsIdleTimerRunsOut() throws IOException {
        ReplayReport report = replay(zeek(
                ZeekSample.tsv("100", "10.0.0.1:1", "192.0.2.1:53", "udp", "1", "SF", "Dd"),
                ZeekSample.tsv("100", "10.0.0.1:8", "192.0.2.1:0", "icmp", "1", "OTH", "-"),
                tcp(9, 800, 0)));
        assertThat(inUseAfter(report, 60)).isEqualTo(2);
        assertThat(inUseAfter(report, 62)).isEqualTo(1);
        assertThat(inUseAfter(report, 300)).isEqualTo(1);
        assertThat(inUseAfter(report, 302)).isZero();
    }

    @Test
    void anAttemptWithoutAnswerIsGivenUpAfterTheConnectTimer() throws IOException {
        holdDown = HoldDownConfig.same(Duration.ZERO);
        ReplayReport report =
                replay(zeek(ZeekSample.tsv("100", "10.0.0.1:1", "192.0.2.1:2", "tcp", "-", "S0", "S"), tcp(9, 200, 0)));
        assertThat(inUseAfter(report, 9)).isEqualTo(1);
        assertThat(inUseAfter(report, 11)).isZero();
    }

    @Test
    void aPortRestsAsTheCauseOfItsEndSays() throws IOException {
        holdDown = new HoldDownConfig(
                Duration.ofSeconds(20), Duration.ZERO, Duration.ofSeconds(3), Duration.ZERO, Duration.ofSeconds(7));
        assertThat(restsFor("SF", "ShFf")).isEqualTo(20);
        assertThat(restsFor("SF", "ShfF")).isZero();
        assertThat(restsFor("RSTR", "Shr")).isEqualTo(3);
        assertThat(restsFor("REJ", "Sr")).isEqualTo(7);
    }

    private long restsFor(String state, String history) throws IOException {
        ReplayReport report = replay(
                zeek(ZeekSample.tsv("100", "10.0.0.1:1", "192.0.2.1:2", "tcp", "0.5", state, history), tcp(9, 200, 0)));
        return report.run().samples().stream()
                .filter(sample -> sample.held() > 0)
                .count();
    }

    @Test
    void aResetInAnswerToASynIsARefusalByTheDestination() throws IOException {
        holdDown = new HoldDownConfig(
                Duration.ofSeconds(20), Duration.ZERO, Duration.ofSeconds(3), Duration.ZERO, Duration.ofSeconds(7));
        ReplayReport report = replay(VPC + out(1, 100, 100, SYN) + in(1, 100, 100, RST) + out(2, 200, 200, FIN));
        assertThat(report.run().samples().stream().filter(sample -> sample.held() > 0))
                .as("after a reset it would be 2, after no answer it would begin 10 s later")
                .hasSize(6);
    }

    @Test
    void whatBeganOutsideIsLeftOutWithAllItsLines() throws IOException {
        ReplayReport report = replay(VPC
                + in(22, 100, 160, SYN)
                + out(22, 101, 160, SYN | 16)
                + in(22, 161, 170, FIN)
                + out(23, 200, 201, FIN));
        assertThat(report.run().totals().offered()).isEqualTo(1);
        assertThat(report.log().skipped()).containsExactly(entry("inbound", 3L));
        assertThat(replay(zeek(ZeekSample.tsv("1", "192.0.2.1:1", "10.0.0.1:22", "tcp", "1", "SF", "ShFf")))
                        .log()
                        .skipped())
                .containsExactly(entry("inbound", 1L));
    }

    @Test
    void flowsWhollyInsideOrOutsideAreSkippedAndCounted() throws IOException {
        ReplayReport report = replay(zeek(
                ZeekSample.tsv("1", "10.0.0.1:1", "10.9.9.9:22", "tcp", "1", "SF", "ShFf"),
                ZeekSample.tsv("1", "192.0.2.1:1", "198.51.100.1:22", "tcp", "1", "SF", "ShFf"),
                ZeekSample.tsv("1", "2001:db8:1::1:1", "2001:db9::1:22", "tcp", "1", "SF", "ShFf"),
                ZeekSample.tsv("1", "2001:db8:1::2:1", "2001:db9::1:22", "tcp", "1", "SF", "ShFf"),
                ZeekSample.tsv("1", "2001:db8:2::2:1", "2001:db9::1:22", "tcp", "1", "SF", "ShFf")));
        assertThat(report.log().skipped()).containsExactly(entry("inside", 1L), entry("outside", 1L));
        assertThat(report.run().totals().granted()).isEqualTo(3);
        assertThat(report.run().subscribers().orElseThrow().count())
                .as("of IPv6, a /64 is a subscriber")
                .isEqualTo(2);
    }

    @Test
    void severalLogsAreMergedByTime() throws IOException {
        ports = 1;
        holdDown = HoldDownConfig.same(Duration.ZERO);
        String odd = zeek(tcp(1, 100, 1), tcp(3, 300, 1), tcp(5, 500, 1));
        String even = zeek(tcp(2, 200, 1), tcp(4, 400, 1), tcp(6, 500.5, 1));
        ReplayReport report = replay(even, odd);
        assertThat(report.run().totals().granted()).isEqualTo(5);
        assertThat(report.run().totals().refused()).containsExactly(entry("exhausted", 1L));
        assertThat(report.log().late()).isZero();
        assertThat(report.run().durationSeconds()).isEqualTo(401.5);
    }

    @Test
    void whatComesLaterThanTheWindowBeginsLateAndIsTold() throws IOException {
        reorder = Duration.ofSeconds(10);
        String log = zeek(tcp(1, 1000, 1), tcp(2, 1100, 1), tcp(3, 1050, 100), tcp(4, 1020, 1), tcp(5, 1095, 1));
        ReplayReport report = replay(log);
        assertThat(report.log().late()).isEqualTo(2);
        assertThat(report.log().skipped()).containsExactly(entry("too-late", 1L));
        assertThat(report.run().totals().granted()).isEqualTo(4);
        assertThat(inUseAfter(report, 85)).as("not at 1050").isZero();
        double latest = report.log().latestSeconds().orElseThrow();
        assertThat(latest).isBetween(80.0, 81.0);
        reorder = Duration.ofSeconds((long) Math.ceil(latest));
        ReplayReport wide = replay(log);
        assertThat(wide.log().late()).isZero();
        assertThat(inUseAfter(wide, 85)).isEqualTo(1);
    }

    private static int inUseAfter(ReplayReport report, double seconds) {
        return report.run().samples().stream()
                .filter(sample -> sample.atSeconds() >= seconds)
                .findFirst()
                .orElseThrow()
                .inUse();
    }

    @Test
    void flowsThatWaitForAPortAreServedOrGivenUp() throws IOException {
        ports = 1;
        holdDown = HoldDownConfig.same(Duration.ZERO);
        queue = Optional.of(new QueueConfig(Duration.ofSeconds(5), 100));
        ReplayReport report = replay(zeek(tcp(1, 100, 4), tcp(2, 101, 10), tcp(3, 102, 1), tcp(4, 200, 1)));
        assertThat(report.run().totals().granted()).isEqualTo(3);
        assertThat(report.run().totals().refused()).containsExactly(entry("exhausted", 1L));
        assertThat(inUseAfter(report, 30)).isZero();
    }

    @Test
    void aFlowThatIsOverBeforeItsTurnGivesItsPortBackAtOnce() throws IOException {
        ports = 1;
        holdDown = HoldDownConfig.same(Duration.ZERO);
        queue = Optional.of(new QueueConfig(Duration.ofSeconds(60), 100));
        ReplayReport report = replay(zeek(tcp(1, 100, 20), tcp(2, 101, 1), tcp(3, 102, 1), tcp(4, 200, 1)));
        assertThat(report.run().totals().granted()).isEqualTo(4);
        assertThat(inUseAfter(report, 21)).isZero();
    }

    @Test
    void aLongSilenceCostsFewSamples() throws IOException {
        ReplayReport report = replay(zeek(tcp(1, 0, 1), tcp(2, 1_700_000_000, 1)));
        assertThat(report.run().samples()).hasSizeBetween(1000, 2000);
        assertThat(report.run().samples().stream()
                        .mapToLong(RunReport.Sample::granted)
                        .sum())
                .isBetween(1L, 2L);
        double distance = report.run().samples().get(0).atSeconds();
        assertThat(report.run().samples().get(9).atSeconds()).isEqualTo(10 * distance);
    }

    @Test
    void anEmptyLogGivesAnEmptyReport() throws IOException {
        ReplayReport report = replay(ZeekSample.HEADER);
        assertThat(report.run().totals().offered()).isZero();
        assertThat(report.needed()).isEmpty();
        assertThat(report.text()).contains("0 lines");
    }

    @Test
    void whatIsStoppedReportsWhatThereIsSoFar() throws IOException {
        String[] lines = new String[5000];
        Arrays.setAll(lines, i -> tcp(i + 1024, 100 + i, 1));
        LogCounts counts = new LogCounts(false, 5, warnings::add);
        Replay[] replay = new Replay[1];
        replay[0] =
                Replay.open(plan(), List.of(Logs.source("x", zeek(lines))), Logs.options(), counts, new LongConsumer() {
                    private long read;

                    @Override
                    public void accept(long bytes) {
                        read += bytes;
                        if (read > 200_000) {
                            replay[0].stop();
                        }
                    }
                });
        ReplayReport report = replay[0].run().report("test", new TreeMap<>(), new TreeMap<>());
        assertThat(report.run().interrupted()).isTrue();
        assertThat(report.run().totals().granted()).isBetween(100L, 4900L);
    }

    @Test
    void aStrictReplayEndsAtTheFirstBrokenLine() throws IOException {
        LogCounts strict = new LogCounts(true, 5, warnings::add);
        Replay replay = Replay.open(
                plan(), List.of(Logs.source("x", zeek(tcp(1, 1, 1), "broken"))), Logs.options(), strict, bytes -> {});
        assertThatThrownBy(replay::run).isInstanceOf(FlowLogException.class).hasMessageStartingWith("x:10: ");
    }
}
