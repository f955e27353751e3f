package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.report.Json;
import dev.cgnat.bench.report.ReplayReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is ten times larger than the heap goes through it: 3 million lines, made here as they are read. */
class ReplayMemoryIT {
    private static final int HEAP_MEGABYTES = 40;
    private static final long LOG_BYTES = (10L * HEAP_MEGABYTES) << 20;
    private static final int PER_SECOND = 500;

    @TempDir
    Path folder;

    @Test
    void memoryIsBoundedByLiveFlowsAndNotByTheLengthOfTheLog() throws Exception {
        List<String> command = new ArrayList<>(Arrays.asList(Jars.java(
                "bench",
                "replay",
                "-",
                "--inside",
                "10.0.0.0/8",
                "--profile",
                "aws-nat-gateway",
                "--protocols",
                "tcp",
                "--reorder",
                "5s",
                "--stitch",
                "5s",
                "-o",
                "json")));
        command.add(1, "-Xmx" + HEAP_MEGABYTES + "m");
        Path said = folder.resolve("said");
        Path report = folder.resolve("report.json");
        Process process = new ProcessBuilder(command)
                .redirectError(said.toFile())
                .redirectOutput(report.toFile())
                .start();
        long lines;
        try (Writer log = process.outputWriter(StandardCharsets.US_ASCII)) {
            lines = write(new BufferedWriter(log, 1 << 16));
        } catch (IOException e) {
            throw new AssertionError(Files.readString(said), e);
        }
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended && process.exitValue() == 0).as(Files.readString(said)).isTrue();
        ReplayReport result = Json.read(Files.readString(report), ReplayReport.class);
        assertThat(result.log().lines()).isEqualTo(lines);
        assertThat(result.run().totals().granted()).isEqualTo(lines);
    }

    /** Flows of 1 to 3 s from 2000 subscribers to a million destinations, a few for each. */
    private static long write(BufferedWriter log) throws IOException {
        log.write(
                "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration"
                        + "\torig_bytes\tresp_bytes\tconn_state\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\n");
        long bytes = 0;
        long lines = 0;
        while (bytes < LOG_BYTES) {
            int subscriber = (int) (lines % 2000);
            int destination = (int) (lines * 7919 % 1_000_000);
            String line = String.format(
                    Locale.ROOT,
                    "%d.%06d\tCyAhVt2VhEzLgkQhL7\t10.0.%d.%d\t%d\t198.%d.%d.%d\t443\ttcp\tssl\t%d.250000\t612\t6801\tSF\tShADadFf"
                            + "\t11\t1060\t11\t7292\n",
                    1_700_000_000 + lines / PER_SECOND,
                    lines % PER_SECOND * 1_000_000 / PER_SECOND,
                    subscriber / 250,
                    subscriber % 250,
                    1024 + lines % 60_000,
                    18 + destination / 62_500,
                    destination / 250 % 250,
                    destination % 250,
                    1 + lines % 3);
            log.write(line);
            bytes += line.length();
            lines++;
        }
        log.flush();
        return lines;
    }
}
