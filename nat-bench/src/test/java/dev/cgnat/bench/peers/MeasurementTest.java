package dev.cgnat.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.peers.Measurement.Column;
import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.work.WorkResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MeasurementTest {
    private static final List<Column> COLUMNS = List.of(
            new Column("per CPU-s", Sample::donePerProcessorSecond), new Column("per s", Sample::donePerSecond));

    private final Measurement measurement = new Measurement();

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        assertThat(Measurement.median(4, 1, 3)).hasValue(3);
        assertThat(Measurement.median(4, 1, 3, 2)).hasValue(2.5);
        assertThat(Measurement.median()).isEmpty();
    }

    @Test
    void ratiosAreBetweenMediansOfTheFirstColumn() {
        measurement.add("haproxy", sample(1_000, 0.5, 0));
        for (long done : new long[] {900, 950, 1_200}) {
            measurement.add("direct", sample(done, 0.5, 0));
        }

        Row row = measurement.row(Peers.direct(), Optional.of("haproxy"), COLUMNS);

        assertThat(row.figures()).containsExactly(Map.entry("per CPU-s", 1_900.0), Map.entry("per s", 475.0));
        assertThat(row.ratio()).hasValue(0.95);
        assertThat(row.spreadPercent()).hasValue(31.6); // 1,200 less 900, of 950
        assertThat(row.samples()).isEqualTo(3);
    }

    @Test
    void samplesOfAQuietMachineCountAloneWhereThereAreAny() {
        measurement.add("direct", sample(100, 1, 0.8));
        measurement.add("direct", sample(200, 1, 0.01));
        measurement.add("direct", sample(300, 1, 0.15));

        Row row = measurement.row(Peers.direct(), Optional.empty(), COLUMNS);

        assertThat(row.samples()).isEqualTo(1);
        assertThat(row.figures()).containsEntry("per CPU-s", 200.0);
        assertThat(row.foreign()).hasValue(0.01);
        assertThat(row.ratio()).isEmpty();
    }

    @Test
    void withoutAQuietMomentAllSamplesCountAndTheLoadIsTold() {
        measurement.add("direct", sample(100, 1, 0.8));
        measurement.add("direct", sample(200, 1, 1.2));

        Row row = measurement.row(Peers.direct(), Optional.of("haproxy"), COLUMNS);

        assertThat(row.samples()).isEqualTo(2);
        assertThat(row.foreign()).hasValue(1);
        assertThat(row.ratio()).isEmpty(); // the other one was not measured
    }

    @Test
    void whatHasNoProcessHasNoProcessorTime() {
        measurement.add("direct", sample(100, 0, 0));

        assertThat(measurement.row(Peers.direct(), Optional.empty(), COLUMNS).figures())
                .containsOnlyKeys("per s");
    }

    @Test
    void samplesInWhichJavaCompiledCountOnlyWhereThereAreNoOthers() {
        for (double compilers : new double[] {0.01, 0.02, 0.5}) {
            long done = Math.round(compilers * 1_000);
            measurement.add(
                    "direct",
                    new Sample(new WorkResult(done, new TreeMap<>(), 2, new TreeMap<>(), ""), 1, compilers, 0));
        }

        Row row = measurement.row(Peers.direct(), Optional.empty(), COLUMNS);

        assertThat(row.samples()).isEqualTo(2);
        assertThat(row.figures()).containsEntry("per CPU-s", 15.0);
        assertThat(row.note()).hasValue("compilers 1.5 %");
    }

    @Test
    void whatCompilersHadIsSaid() {
        for (double compilers : new double[] {0.025, 0.05, 0.2}) {
            WorkResult result = new WorkResult(100, new TreeMap<>(Map.of("reset", 1L)), 2, new TreeMap<>(), "");
            measurement.add("direct", new Sample(result, 0.5, compilers, 0));
        }

        assertThat(measurement.row(Peers.direct(), Optional.empty(), COLUMNS).note())
                .hasValue("compilers 10.0 %; failed: {reset=3}");
    }

    @Test
    void aPeerWithoutSamplesSaysWhy() {
        assertThat(measurement.row(Peers.direct(), Optional.empty(), COLUMNS).note())
                .hasValue("not measured");
        Peer absent = new Peer(
                "absent",
                Optional.of("no-such-program"),
                List.of(),
                Optional.empty(),
                Map.of(),
                Peer.socks(1),
                Optional.of("127.0.0.1:1"),
                "127.0.0.1:2",
                1,
                false);
        assertThat(measurement.row(absent, Optional.empty(), COLUMNS).note()).hasValue("not installed");
    }

    private static Sample sample(long done, double processorSeconds, double foreign) {
        return new Sample(new WorkResult(done, new TreeMap<>(), 2, new TreeMap<>(), ""), processorSeconds, 0, foreign);
    }
}
