package dev.cgnat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.bench.report.ComparisonReport.Change;
import dev.cgnat.bench.report.ComparisonReport.Difference;
import dev.cgnat.bench.report.ComparisonReport.Row;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ComparisonReportTest {
    private static final RunReport RUN = Samples.runReport();

    @Test
    void aRunIsTheSameAsItselfInEveryMetric() {
        ComparisonReport report = ComparisonReport.of(RUN, RUN, OptionalDouble.of(0));
        assertThat(report.differences()).isEmpty();
        assertThat(report.rows()).hasSizeGreaterThan(20).allMatch(row -> row.change() == Change.SAME);
        assertThat(report.isCrossed()).isFalse();
        assertThat(ComparisonReport.of(Samples.emptyRun(), Samples.emptyRun(), OptionalDouble.of(0))
                        .isCrossed())
                .isFalse();
    }

    /** From 100, each to {@code b}, with 5 % allowed. */
    @ParameterizedTest
    @CsvSource({
        "granted, 94, WORSE, true",
        "granted, 95, WORSE, false",
        "granted, 200, BETTER, false",
        "refused.held, 106, WORSE, true",
        "refused.held, 105, WORSE, false",
        "refused.held, 1, BETTER, false",
        "peak-in-use, 106, WORSE, true",
        "peak-in-use, 50, BETTER, false",
        "first-refusal, 94, WORSE, true",
        "first-refusal, 300, BETTER, false",
        "offered, 10, OTHER, false",
        "peak-sessions, 900, OTHER, false"
    })
    void eachMetricHasItsDirection(String metric, int b, Change change, boolean regressed) {
        Row row = row(metric, with(metric, 100), with(metric, b));
        assertThat(row.change()).isEqualTo(change);
        assertThat(row.regressed()).isEqualTo(regressed);
        assertThat(row.percent().orElseThrow()).isEqualTo(b - 100.0);
    }

    @Test
    void whatGetsWorseFromNothingIsWorseByMoreThanAnyPerCent() {
        Row row = row("refused.held", with("refused.held", 0), with("refused.held", 1));
        assertThat(row.regressed()).isTrue();
        assertThat(row.percent()).isEmpty();
        assertThat(row("granted", with("granted", 0), with("granted", 1)).change())
                .isEqualTo(Change.BETTER);
    }

    @Test
    void aFirstRefusalWhereThereWasNoneIsWorse() {
        RunReport never =
                totals(t -> new RunReport.Totals(9, 9, new TreeMap<>(), 0, 0, 1, 1, 1, OptionalDouble.empty()));
        Row worse = row("first-refusal", never, RUN);
        assertThat(worse.regressed()).isTrue();
        assertThat(worse.a()).isEmpty();
        assertThat(row("first-refusal", RUN, never).change()).isEqualTo(Change.BETTER);
    }

    @Test
    void whatOnlyTheFirstRunMeasuredIsWorse() {
        assertThat(row("connect.p99", RUN, Samples.emptyRun()).regressed()).isTrue();
        assertThat(row("connect.p99", Samples.emptyRun(), RUN).change()).isEqualTo(Change.OTHER);
    }

    @Test
    void refusalsThatTakeNoTimeForThereAreNoneAreNotWorse() {
        LoadReport none = Json.read(
                Json.line(Samples.loadReport()).replace("\"refusal\":{\"count\":12", "\"refusal\":{\"count\":0"),
                LoadReport.class);
        assertThat(ComparisonReport.of(Samples.loadReport(), none, OptionalDouble.of(0))
                        .isCrossed())
                .isFalse();
        assertThat(none.value("refusal.p99")).isNaN();
    }

    @Test
    void differentParametersAreToldFirst() {
        RunReport other = new RunReport(
                1,
                "sim",
                RUN.title(),
                new TreeMap<>(Map.of("workload", "evening.yaml", "hold-down", "30s")),
                OptionalLong.of(8),
                RUN.versions(),
                RUN.interrupted(),
                RUN.durationSeconds(),
                RUN.capacity(),
                RUN.totals(),
                RUN.samples(),
                RUN.subscribers(),
                RUN.behaviours(),
                RUN.addresses(),
                RUN.destinations(),
                RUN.connectMs(),
                RUN.notes(),
                RUN.thresholds());
        ComparisonReport report = ComparisonReport.of(RUN, other, OptionalDouble.empty());
        assertThat(report.differences())
                .containsExactly(
                        new Difference("hold-down", Optional.empty(), Optional.of("30s")),
                        new Difference("seed", Optional.of("7"), Optional.of("8")),
                        new Difference("until", Optional.of("2m"), Optional.empty()));
        assertThat(report.text()).startsWith("the runs differ in\n  hold-down            none -> 30s\n");
    }

    @Test
    void runsOfDifferentCommandsAreNotCompared() {
        assertThatThrownBy(() -> ComparisonReport.of(RUN, Samples.loadReport(), OptionalDouble.empty()))
                .hasMessage("command: sim and load (expected: two runs of the same command)");
    }

    @Test
    void comparisonAsText() {
        assertThat(ComparisonReport.of(with("granted", 17_000), with("granted", 15_000), OptionalDouble.of(5))
                        .text())
                .isEqualTo(Samples.golden("compare.txt"));
    }

    @Test
    void loadsAreComparedByTheirOwnMetrics() {
        ComparisonReport report = ComparisonReport.of(Samples.loadReport(), Samples.loadReport(), OptionalDouble.of(0));
        assertThat(report.rows())
                .extracting(Row::metric)
                .contains("established", "refused.general", "proxy-refused.held", "broken.reset", "echo.p999");
        assertThat(report.isCrossed()).isFalse();
    }

    private static Row row(String metric, RunReport a, RunReport b) {
        return ComparisonReport.of(a, b, OptionalDouble.of(5)).rows().stream()
                .filter(row -> row.metric().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    private static RunReport with(String metric, int value) {
        return totals(t -> new RunReport.Totals(
                metric.equals("offered") ? value : t.offered(),
                metric.equals("granted") ? value : t.granted(),
                metric.equals("refused.held") ? new TreeMap<>(Map.of("held", (long) value)) : t.refused(),
                t.bypassed(),
                t.retries(),
                metric.equals("peak-in-use") ? value : t.peakInUse(),
                t.peakHeld(),
                metric.equals("peak-sessions") ? value : t.peakSessions(),
                metric.equals("first-refusal") ? OptionalDouble.of(value) : t.firstRefusalSeconds()));
    }

    private static RunReport totals(UnaryOperator<RunReport.Totals> change) {
        return new RunReport(
                RUN.schemaVersion(),
                RUN.command(),
                RUN.title(),
                RUN.parameters(),
                RUN.seed(),
                RUN.versions(),
                RUN.interrupted(),
                RUN.durationSeconds(),
                RUN.capacity(),
                change.apply(RUN.totals()),
                RUN.samples(),
                RUN.subscribers(),
                RUN.behaviours(),
                RUN.addresses(),
                RUN.destinations(),
                RUN.connectMs(),
                RUN.notes(),
                RUN.thresholds());
    }
}
