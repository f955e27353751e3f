package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.report.Json;
import dev.cgnat.bench.report.RunReport;
import dev.cgnat.bench.report.Threshold;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The options that commands share which end with a run. */
final class RunOutputTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** A command whose run is over at once. */
    @Command(name = "sample")
    @SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
    private static final class Sample implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private RunOutput output;

        private boolean ran;

        @Override
        public Integer call() throws Exception {
            output.require(spec, List.of("web"));
            ran = true;
            return output.finish(spec, run());
        }
    }

    @Test
    void printsTheRunAsTextAsJsonAndAsCsv() throws IOException {
        assertThat(run(new Sample())).isZero();
        assertThat(out.toString()).startsWith("sim           evening of a small network");
        out.getBuffer().setLength(0);
        assertThat(run(new Sample(), "-o", "json")).isZero();
        assertThat(Json.read(out.toString(), RunReport.class)).isEqualTo(run().judged(List.of()));
        out.getBuffer().setLength(0);
        assertThat(run(new Sample(), "-o", "csv")).isZero();
        assertThat(out.toString()).startsWith("at-seconds,in-use,held,");
    }

    @Test
    void aCrossedThresholdEndsWithNinetyNineAndIsOnThePageToo() {
        Path page = folder.resolve("run.html");
        assertThat(run(new Sample(), "--threshold", "refused==0", "--report", page.toString()))
                .isEqualTo(ExitCode.THRESHOLD);
        assertThat(out.toString()).contains("refused==0: CROSSED, value 3120.0");
        assertThat(page).content().contains("\"text\":\"refused==0\",\"value\":3120.0,\"crossed\":true");
    }

    @Test
    void anUnknownMetricKeepsTheRunFromBeginning() {
        assertThat(run(new Sample(), "--threshold", "success.web>=0.9")).isZero();
        Sample sample = new Sample();
        assertThat(run(sample, "--threshold", "success.torrent>=0.9")).isEqualTo(ExitCode.USAGE);
        assertThat(sample.ran).isFalse();
        assertThat(err.toString())
                .contains("threshold: success.torrent (expected: success alone, or with one of .web)");
    }

    private int run(Sample sample, String... arguments) {
        return new CommandLine(sample)
                .registerConverter(Threshold.class, Threshold::parse)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private static RunReport run() throws IOException {
        try (InputStream in = Objects.requireNonNull(RunOutputTest.class.getResourceAsStream("report/run.json"))) {
            return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), RunReport.class);
        }
    }
}
