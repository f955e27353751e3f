package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.report.SavedReport;
import dev.cgnat.bench.report.SavedReports;
import dev.cgnat.bench.report.TwinReport;
import dev.cgnat.bench.report.TwinReport.Decisions;
import dev.cgnat.bench.twin.Decision;
import dev.cgnat.bench.twin.Recording;
import dev.cgnat.bench.twin.Repetition;
import dev.cgnat.bench.twin.Scenario;
import dev.cgnat.bench.twin.Scenarios;
import dev.cgnat.core.NatCall;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios over real sockets and in virtual time. */
@Timeout(300)
final class TwinIT {
    /** Where the machine itself keeps flows waiting for longer, the run tells of the machine. */
    private static final double BUSY_MILLIS = 30;

    /** A halt of that length alone keeps ports of one flow in forty from being lent in time. */
    private static final double HALT_MILLIS = 100;

    private static final int ATTEMPTS = 3;
    private static final double TOTALS_APART = 0.03;
    private static final double CURVES_APART = 0.05;

    /** Two seconds in which kept connections end in all three ways, and a pool of twelve ports refuses others. */
    private static final String SMALL = """
            profile: linux-default
            set: ["pools.0.addresses=[127.77.4.1]", "pools.0.ports=[24000-24011]", "pools.0.hold-down=300ms"]
            until: 2s
            sample: 200ms
            groups:
              - { name: kept, keeps: { connections: 6, pause: 50ms }, lifetime: exponential:200ms,
                  ends: { client-fin: 1, server-fin: 1, reset: 1 } }
              - { name: new, subscribers: 4, opens: { rate: 10/s }, lifetime: constant:200ms,
                  retry: { times: 1, after: 100ms } }
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /**
     * What was decided must be the same to the letter on any machine. How near the curves are is told by a machine that keeps up
     * alone: a busy one has a few more tries, and is not judged if it never gets near.
     */
    @ParameterizedTest
    @ValueSource(strings = {"burst", "churn", "mixed-lifetimes"})
    void theSimulatorTellsWhatSocketsDo(String name) {
        TwinReport twin = decidedAlike(name);
        for (int i = 1; i < ATTEMPTS && !isNear(twin) && isBusy(twin); i++) {
            twin = decidedAlike(name);
        }
        if (!isNear(twin) && isBusy(twin)) {
            String busy = String.format(
                    Locale.ROOT,
                    "%s: this machine kept connections waiting in each of %d runs, in the last for %.0f ms (p99, expected: at"
                            + " most %.0f), and %.0f ms at most (expected: at most %.0f), so the curves were not judged",
                    name,
                    ATTEMPTS,
                    twin.run().connectMs().orElseThrow().p99(),
                    BUSY_MILLIS,
                    twin.run().connectMs().orElseThrow().max(),
                    HALT_MILLIS);
            System.err.println("SKIPPED: " + busy);
            abort(busy);
        }
        assertThat(twin.run().totals().granted()).isGreaterThan(500);
        assertThat(twin.run().totals().refusedTotal()).isGreaterThan(100);
        assertThat(twin.distance().granted()).as(twin.text()).isLessThanOrEqualTo(TOTALS_APART);
        assertThat(twin.distance().refused()).as(twin.text()).isLessThanOrEqualTo(TOTALS_APART);
        assertThat(twin.distance().curve())
                .as(twin.text())
                .hasSizeGreaterThanOrEqualTo(10)
                .allMatch(apart -> apart <= CURVES_APART);
    }

    private static boolean isNear(TwinReport twin) {
        return twin.distance().granted() <= TOTALS_APART
                && twin.distance().refused() <= TOTALS_APART
                && twin.distance().ports() <= CURVES_APART;
    }

    private static boolean isBusy(TwinReport twin) {
        LatencySummary waited = twin.run().connectMs().orElseThrow();
        return waited.p99() > BUSY_MILLIS || waited.max() > HALT_MILLIS;
    }

    /** Both runs, of which the one over sockets was repeated decision for decision. */
    private TwinReport decidedAlike(String name) {
        TwinReport twin = both(name);
        assertThat(twin.decisions().difference()).isEmpty();
        assertThat(twin.decisions().count())
                .isGreaterThanOrEqualTo(Math.toIntExact(2 * twin.run().totals().granted()));
        assertThat(twin.run().notes()).noneMatch(note -> note.startsWith("neither established nor refused"));
        return twin;
    }

    private TwinReport both(String scenario) {
        assertThat(run(scenario, "-o", "json")).as(err.toString()).isZero();
        return (TwinReport) report();
    }

    @Test
    void aRealRunIsRepeatedDecisionForDecisionAndATamperedOneIsNot() throws Exception {
        Scenario scenario = Scenarios.load(small());
        SocketResult result;
        try (SocketRun run = SocketRun.start(scenario, line -> {})) {
            run.settled().get();
            result = run.finish();
        }
        Recording recording = result.recording();
        List<Decision> again =
                Repetition.of(scenario.config().nat(), scenario.seed(), recording.calls(), (nat, until) -> {});
        assertThat(again).isEqualTo(recording.decisions());
        assertThat(again).extracting(Decision::what).anyMatch(what -> what.contains(": client_fin, free at "));
        assertThat(again).extracting(Decision::what).anyMatch(what -> what.contains(": server_fin, free at "));
        assertThat(again).extracting(Decision::what).anyMatch(what -> what.contains(": reset, free at "));
        assertThat(again).anyMatch(Decision::isRefusal);

        List<String> seen = result.seen().stream()
                .map(sighting -> " -> " + sighting.peer() + " -> ")
                .toList();
        assertThat(seen).hasSize(Math.toIntExact(result.clients().counts().established()));
        assertThat(seen) // the servers saw the endpoints that were decided
                .allMatch(external -> again.stream().anyMatch(one -> one.what().contains(external)));

        List<NatCall> opened = recording.calls().stream()
                .filter(NatCall.Open.class::isInstance) // a call that freed nothing would not be missed
                .toList();
        NatCall leftOut = opened.get(opened.size() / 2);
        List<Decision> withoutOneCall = Repetition.of(
                scenario.config().nat(),
                scenario.seed(),
                recording.calls().stream().filter(call -> !call.equals(leftOut)).toList(),
                (nat, until) -> {});
        Decisions compared = Repetition.compared(recording.decisions(), withoutOneCall);
        assertThat(compared.difference()).isPresent();
    }

    @Test
    void aScenarioRunsOnOneClockAlone() throws IOException {
        String file = small().toString();
        assertThat(run(file, "--real", "-o", "json", "--threshold", "granted>20"))
                .as(err.toString())
                .isZero();
        RunReport real = (RunReport) report();
        assertThat(real.notes()).anyMatch(note -> note.endsWith(" decisions, identical when repeated in virtual time"));
        assertThat(real.samples()).hasSize(10);
        assertThat(real.totals().retries()).isPositive();
        assertThat(run(file, "--sim", "-o", "json")).as(err.toString()).isZero();
        RunReport simulated = (RunReport) report();
        assertThat(simulated.samples()).hasSize(10);
        assertThat(simulated.capacity()).isEqualTo(real.capacity());
        assertThat(run(file, "--sim", "-o", "json")).isZero();
        assertThat(report()).isEqualTo(simulated);
    }

    @Test
    void bothRunsMakeOnePage() throws IOException {
        Path page = folder.resolve("run.html");
        assertThat(run(small().toString(), "--report", page.toString(), "--threshold", "distance<0"))
                .as(err.toString())
                .isEqualTo(99);
        assertThat(out.toString()).contains("o sockets, + simulated, X both").contains("threshold     distance<0: ");
        assertThat(Files.readString(page)).contains("\"simulated\":{").contains("in virtual time");
    }

    @Test
    void whatCannotBeRunIsRefusedBeforeItBegins() throws IOException {
        assertThat(run("brust")).isEqualTo(3);
        assertThat(err.toString()).contains("brust: error: no such scenario, did you mean \"burst\"?");
        assertThat(run("burst", "--real", "--sim")).isEqualTo(2);
        assertThat(run("burst", "--real", "--threshold", "distance<0.05")).isEqualTo(2);
        assertThat(run("burst", "--threshold", "distance.of<1")).isEqualTo(2);
        Path file = Files.writeString(folder.resolve("foreign.yaml"), SMALL.replace("127.77.4.1", "192.0.2.1"));
        assertThat(run(file.toString(), "--real")).isEqualTo(4);
    }

    private Path small() throws IOException {
        return Files.writeString(folder.resolve("small.yaml"), SMALL);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        return NatBenchMain.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.concat(Stream.of("run"), Stream.of(arguments)).toArray(String[]::new));
    }

    private SavedReport report() {
        try {
            return SavedReports.read(Files.writeString(folder.resolve("report.json"), out.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
