package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.report.Json;
import dev.cgnat.bench.report.ReplayReport;
import dev.cgnat.bench.report.RunReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ReplayCommandTest {
    private static final String HEADER =
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets"
                    + " bytes start end action log-status\n";
    private static final String LINE =
            "2 123456789010 eni-1235b8ca123456789 10.0.0.1 192.0.2.1 20641 443 6 20 4249 1418530010 1418530070 ACCEPT OK\n";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path log;

    @BeforeEach
    void writeLog() throws IOException {
        log = Files.writeString(folder.resolve("vpc.log"), HEADER + LINE + "broken\n" + LINE.replace("20641", "20642"));
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("replay", log.toString(), "--inside", "10.0.0.0/8"));
        all.addAll(List.of(arguments));
        CommandLine line = NatBenchMain.commandLine();
        return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(all.toArray(String[]::new));
    }

    @Test
    void printsWhatBecameOfTheFlows() {
        assertThat(run("--profile", "aws-nat-gateway")).isZero();
        assertThat(out.toString())
                .contains("offered       2 flows: 2 granted (100.0 %)")
                .contains("log           3 lines, 1 broken, 0 stitched, 0 replies, 0 late")
                .contains("needed        2 ports for tcp 192.0.2.1:443");
        assertThat(err.toString())
                .contains("vpc.log:3: 1 fields (expected: 14)")
                .contains("per second");
    }

    @Test
    void jsonIsARunReportWithTheLogBesideIt() {
        assertThat(run("--profile", "aws-nat-gateway", "-o", "json")).isZero();
        RunReport report = Json.read(out.toString(), RunReport.class);
        assertThat(report.command()).isEqualTo("replay");
        assertThat(report.totals().granted()).isEqualTo(2);
        assertThat(report.parameters())
                .containsEntry("inside", "10.0.0.0/8")
                .containsEntry("profile", "aws-nat-gateway");
        assertThat(Json.read(out.toString(), ReplayReport.class).log().broken()).isEqualTo(1);
    }

    @Test
    void strictEndsAtTheBrokenLineWithExitCode1() {
        assertThat(run("--profile", "aws-nat-gateway", "--strict")).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).contains("vpc.log:3: 1 fields (expected: 14)");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --pool=other        | pool: other (expected: one of [main])
            --zone=Nowhere      | zone: Nowhere (expected: such as UTC
            --format=pcap       | format: pcap (expected: zeek, nfdump, vpc, csv or auto)
            --format=csv        | format: csv without columns
            --columns=start=x   | columns: start=x (expected: start
            --reorder=25h       | reorder: PT25H (expected: 0s to 24h)
            --inside=10.0.0.0/99| inside: 10.0.0.0/99 (expected: a prefix
            --inside=           | inside
            nowhere.log         | log: nowhere.log (expected: a file that can be read)
            """)
    void refusesWhatCannotBe(String argument, String message) {
        assertThat(run("--profile", "aws-nat-gateway", argument)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(message);
    }

    @Test
    void needsAConfiguration() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(run("--profile", "no-such")).isEqualTo(ExitCode.CONFIG);
    }
}
