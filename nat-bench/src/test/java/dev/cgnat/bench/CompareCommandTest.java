package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CompareCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theSameRunHasNotRegressed() throws IOException {
        String run = file("a.json", golden("run.json"));
        assertThat(run("compare", run, run, "--max-regress", "0%")).isZero();
        assertThat(out.toString()).endsWith("worse by more than 0 %: none\n");
    }

    @Test
    void aRunThatIsWorseByMoreThanAllowedEndsWithNinetyNine() throws IOException {
        String a = file("a.json", golden("run.json"));
        String b = file("b.json", golden("run.json").replace("\"granted\" : 16880", "\"granted\" : 16000"));
        assertThat(run("compare", a, b, "--max-regress", "5%")).isEqualTo(ExitCode.THRESHOLD);
        assertThat(out.toString()).contains("worse by more than 5 %: granted, success");
        assertThat(run("compare", a, b, "--max-regress", "5.3%")).isZero();
        assertThat(run("compare", a, b)).isZero();
    }

    @Test
    void whatCannotBeComparedEndsWithTwo() throws IOException {
        String sim = file("a.json", golden("run.json"));
        String load = file("b.json", golden("load.json"));
        assertThat(run("compare", sim, load)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("command: sim and load (expected: two runs of the same command)");
        String newer = file("c.json", golden("run.json").replace("\"schema-version\" : 1", "\"schema-version\" : 9"));
        assertThat(run("compare", sim, newer)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("c.json: schema-version: 9 (expected: 1,");
    }

    @Test
    void aPageThatCannotBeWrittenIsToldBeforeTheRun() throws IOException {
        String run = file("a.json", golden("run.json"));
        String nowhere = folder.resolve("no/such/r.html").toString();
        assertThat(run("report", run, "-o", nowhere)).isEqualTo(ExitCode.USAGE);
        assertThat(run("load", "127.0.0.1:1", "--report", nowhere)).isEqualTo(ExitCode.USAGE);
        assertThat(run("load", "127.0.0.1:1", "--hdr-log", nowhere)).isEqualTo(ExitCode.USAGE);
        assertThat(run("demo", "--report", nowhere)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("report: " + nowhere + " (expected: a file in a directory that exists)")
                .contains("hdr-log: " + nowhere);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String golden(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(CompareCommandTest.class.getResourceAsStream("report/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private int run(String... arguments) {
        CommandLine commandLine = NatBenchMain.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }
}
