package dev.cgnat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SavedReportsTest {
    @TempDir
    private Path folder;

    @Test
    void aRunIsReadAsItWasWritten() {
        RunReport run = Samples.runReport().judged(List.of(Threshold.parse("refused==0")));
        assertThat(SavedReports.parse("run", Json.pretty(run))).isEqualTo(run);
    }

    @Test
    void aRunOfWhichLittleIsKnownIsReadAsItWasWritten() {
        RunReport run = Samples.emptyRun().judged(List.of(Threshold.parse("connect.p50<1s")));
        assertThat(SavedReports.parse("run", Json.pretty(run))).isEqualTo(run);
    }

    @Test
    void aLoadIsReadAsItWasWritten() throws IOException {
        LoadReport load = Samples.loadReport().judged(List.of(Threshold.parse("connect.p99<5ms")));
        Path file = Files.writeString(folder.resolve("load.json"), Json.pretty(load));
        assertThat(SavedReports.read(file)).isEqualTo(load);
    }

    @Test
    void aLoadInTheCommonShapeHasWhatItsClientsSawAndTheProxySaid() {
        RunReport run = Samples.loadReport().run();
        assertThat(run.totals().offered()).isEqualTo(100);
        assertThat(run.totals().granted()).isEqualTo(88);
        assertThat(run.totals().refused()).containsEntry("exhausted", 9L).containsEntry("held", 3L);
        assertThat(run.totals().peakInUse()).isEqualTo(49);
        assertThat(run.capacity().ports()).isEqualTo(50);
        assertThat(run.notes()).anyMatch(note -> note.contains("the clients were told: general 12"));
        assertThat(run.samples().stream().mapToLong(RunReport.Sample::granted).sum())
                .isEqualTo(88);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"schema-version\": 2, \"command\": \"sim\", \"totals\": {}} | schema-version: 2 (expected: 1,",
                "{\"command\": \"sim\", \"totals\": {}} | no schema-version (expected: what sim, replay, run or load print",
                "{\"schema-version\": 1, \"profile\": \"demo\"} | not a report of a run (expected: ",
                "{\"schema-version\": 1, \"command\": \"sim\", \"totals\": {}} | not a report: ",
                "{\"schema-version\": 1, \"flows\": {}, \"latency-ms\": {}} | not a report: ",
                "[1] | no schema-version",
                "text | not a report: ",
                "{\"schema-version\": 1 | not a report: "
            })
    void whatIsNoReportIsToldByName(String text, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("x.json"), text);
        assertThatThrownBy(() -> SavedReports.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": " + message);
    }

    @Test
    void aFileThatIsNotThereAndOneThatIsNoTextAreToldByName() throws IOException {
        Path none = folder.resolve("none.json");
        assertThatThrownBy(() -> SavedReports.read(none)).hasMessageStartingWith(none + ": no such file (expected: ");
        Path binary = Files.write(folder.resolve("b.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> SavedReports.read(binary)).hasMessageStartingWith(binary + ": not a text (expected: ");
    }
}
