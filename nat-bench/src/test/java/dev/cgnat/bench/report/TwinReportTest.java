package dev.cgnat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.report.RunReport.Totals;
import dev.cgnat.bench.report.TwinReport.Decisions;
import dev.cgnat.bench.report.TwinReport.Distance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TwinReportTest {
    private static final RunReport REAL = Samples.runReport();

    /** A pool of 500 ports, 40 of which were in use instead of resting at the second sample. */
    static final TwinReport TWIN = TwinReport.of(
            REAL,
            other(
                    List.of(sample(0, 0, 0), sample(60, 260, 240), sample(120, 25, 470), sample(180, 10, 0)),
                    16_880,
                    Map.of("exhausted", 210L, "held", 2_790L)),
            new Decisions(37_120, Optional.empty()));

    private static RunReport other(List<Sample> samples, long granted, Map<String, Long> refused) {
        return new RunReport(
                REAL.schemaVersion(),
                REAL.command(),
                REAL.title() + ", in virtual time",
                REAL.parameters(),
                REAL.seed(),
                REAL.versions(),
                false,
                120,
                REAL.capacity(),
                new Totals(20_000, granted, sorted(refused), 0, 0, 500, 480, 900, OptionalDouble.of(41)),
                samples,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of());
    }

    private static SortedMap<String, Long> sorted(Map<String, Long> counts) {
        return new TreeMap<>(counts);
    }

    private static Sample sample(double at, int inUse, int held) {
        return new Sample(at, inUse, held, 0, 500 - inUse - held, inUse, 0, new TreeMap<>());
    }

    @Test
    void aRunIsNotApartFromItself() {
        Distance distance = Distance.between(REAL, REAL);
        assertThat(distance).isEqualTo(new Distance(0, 0, 0, 0, 0, List.of(0.0, 0.0, 0.0)));
    }

    @Test
    void curvesAreApartByTheLargestDifferenceOfAnyStateOfThePool() {
        Distance distance = TWIN.distance();
        assertThat(distance.curve())
                .containsExactly(0.0, 0.08, 0.02); // 40 and 10 of 500; the fourth has no counterpart
        assertThat(distance.ports()).isEqualTo(0.08);
        assertThat(distance.portsAtSeconds()).isEqualTo(60);
        assertThat(distance.meanPorts()).isEqualTo(0.03333);
    }

    @Test
    void differencesOfBothStatesCountTogether() {
        RunReport more = other(List.of(sample(0, 20, 30)), 16_880, Map.of());
        assertThat(Distance.between(REAL, more).ports()).isEqualTo(0.1);
    }

    @Test
    void totalsAreApartInPartsOfTheLarger() {
        assertThat(TWIN.distance().granted()).isZero();
        assertThat(TWIN.distance().refused()).isEqualTo(0.03846); // 120 of 3,120
        RunReport none = other(List.of(), 0, Map.of());
        assertThat(Distance.between(none, none)).isEqualTo(new Distance(0, 0, 0, 0, 0, List.of()));
        assertThat(Distance.between(none, REAL).granted()).isEqualTo(1);
    }

    @Test
    void thresholdsMayAskHowFarTheRunsAreApart() {
        List<Threshold> asked = List.of(
                Threshold.parse("distance.ports<0.05"),
                Threshold.parse("distance.granted==0"),
                Threshold.parse("distance<0.1"),
                Threshold.parse("refused.held<10000"));
        RunMetrics.requireTwin(asked);
        assertThat(TWIN.judged(asked).run().thresholds().stream().map(ThresholdResult::crossed))
                .containsExactly(true, false, false, false);
        assertThatThrownBy(() -> RunMetrics.requireTwin(List.of(Threshold.parse("distance.held<1"))))
                .hasMessage(
                        "threshold: distance.held (expected: distance alone, or with one of .granted .ports .refused)");
        assertThatThrownBy(() -> RunMetrics.require(List.of(Threshold.parse("distance<1")), List.of()))
                .hasMessageStartingWith("threshold: distance (expected: a number: ");
    }

    @Test
    void bothCurvesStandOnOneChart() {
        assertThat(TWIN.text()).isEqualTo(Samples.golden("twin.txt"));
    }

    @Test
    void aDifferentDecisionIsTold() {
        TwinReport different = TwinReport.of(
                REAL, TWIN.simulated(), new Decisions(9, Optional.of("decision 3 was a, and repeated it is b")));
        assertThat(different.text()).contains("decision log  9 decisions, different: decision 3 was a, and");
    }

    @Test
    void theSamplesOfBothStandInOneRow() {
        assertThat(TWIN.csv())
                .startsWith("at-seconds,in-use,held,sessions,granted,refused,simulated.in-use,simulated.held,")
                .contains("\n60.0,300,200,600,9000,210,260,240,260,0,0,0.08\n")
                .hasLineCount(4);
    }

    @Test
    void itIsReadAsItWasWritten() {
        TwinReport judged = TWIN.judged(List.of(Threshold.parse("distance<0.1")));
        assertThat(SavedReports.parse("run", Json.pretty(judged))).isEqualTo(judged);
        assertThat(judged.metrics()).contains("granted", "distance.ports");
        assertThat(ComparisonReport.of(judged, judged, OptionalDouble.of(1)).isCrossed())
                .isFalse();
    }
}
