package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.Sighting;
import dev.cgnat.bench.load.SinkServer;
import dev.cgnat.bench.load.Via;
import dev.cgnat.bench.processes.DriverProcesses;
import dev.cgnat.bench.report.LoadReport;
import dev.cgnat.bench.report.RunReport.Sample;
import dev.cgnat.bench.report.SavedReports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** One load by several processes. */
final class LoadProcessesTest {
    private static final Duration GUARD = Duration.ofMinutes(2);
    private static final int SIGINT = 2;
    /** The first port of the second of two processes. */
    private static final int HALF = 1024 + (65_536 - 1024) / 2;

    @TempDir
    private Path folder;

    private SinkServer sink;
    private String target;

    @BeforeEach
    void start() throws IOException {
        sink = SinkServer.start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        target = Endpoints.text(sink.addresses().get(0));
    }

    @AfterEach
    void stop() {
        sink.close();
    }

    @Test
    void whatTwoProcessesDoIsOneReport() throws IOException {
        StringWriter out = new StringWriter();
        String[] words = {
            "load",
            target,
            "--rate=200/s",
            "--connections=101",
            "--duration=1m",
            "--hold=constant:100ms",
            "--subscribers=7",
            "--payload=32",
            "--processes=2",
            "--threshold=established==101",
            "-o=json"
        };
        CommandLine command = NatBenchMain.commandLine().setOut(new PrintWriter(out));
        assertThat(command.execute(words)).isZero();
        LoadReport load =
                (LoadReport) SavedReports.read(Files.writeString(folder.resolve("load.json"), out.toString()));

        assertThat(load.flows().intended()).isEqualTo(101);
        assertThat(load.flows().established()).isEqualTo(101);
        assertThat(load.flows().echoed()).isEqualTo(101);
        assertThat(load.flows().peakLive()).isBetween(1, 101);
        assertThat(load.bytes()).isEqualTo(new LoadReport.Bytes(101 * 32, 101 * 32));
        assertThat(load.latencyMs().connect().count()).isEqualTo(101);
        assertThat(load.latencyMs().echo().count()).isEqualTo(101);
        assertThat(load.latenessMs().count()).isEqualTo(101);
        assertThat(load.parameters().ratePerSecond()).isEqualTo(200);
        assertThat(load.parameters().subscribers()).isEqualTo(7);
        assertThat(load.samples().stream().mapToLong(Sample::granted).sum()).isEqualTo(101);
        assertThat(load.samples().stream()
                        .mapToLong(sample -> sample.connectMs().orElseThrow().count())
                        .sum())
                .isEqualTo(101);
        assertThat(sink.seen()).hasSize(101);
        assertThat(sink.seen().stream().filter(this::isOfTheFirst)).hasSize(51);
        Collection<Object> subscribers = new HashSet<>();
        sink.seen().forEach(seen -> subscribers.add(seen.peer().address()));
        assertThat(subscribers).hasSize(7);
    }

    @Test
    void interruptReportsWhatAllHaveDone() throws Exception {
        Path errors = folder.resolve("errors");
        Path report = folder.resolve("report.json");
        List<String> words = new ArrayList<>(hearingInterrupts());
        words.addAll(program());
        words.addAll(List.of(
                "load", target, "--rate=50/s", "--duration=10m", "--hold=constant:10m", "--processes=2", "-o=json"));
        Process load = new ProcessBuilder(words)
                .redirectOutput(report.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            await().atMost(GUARD)
                    .until(() -> sink.seen().stream().anyMatch(this::isOfTheFirst)
                            && sink.seen().stream().anyMatch(seen -> !isOfTheFirst(seen)));
            assertThat(new ProcessBuilder("kill", "-INT", Long.toString(load.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(load.waitFor(GUARD.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            load.destroyForcibly();
        }
        assertThat(load.exitValue()).as(Files.readString(errors)).isEqualTo(130);
        LoadReport told = (LoadReport) SavedReports.read(report);
        assertThat(told.interrupted()).isTrue();
        assertThat(told.flows().established()).isEqualTo(sink.seen().size());
        assertThat(told.flows().peakLive()).isEqualTo(sink.seen().size());
    }

    @Test
    void processesEndWithTheOneThatStartedThem() throws Exception {
        List<String> words = new ArrayList<>(program());
        words.addAll(List.of("load", target, "--rate=50/s", "--duration=10m", "--hold=constant:10m", "--processes=2"));
        Process load = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(
                        folder.resolve("said").toFile()) // this JVM's own output may be how it reports its tests
                .start();
        try {
            await().atMost(GUARD).until(() -> sink.seen().size() > 10);
            assertThat(load.descendants()).hasSize(2);
        } finally {
            load.destroyForcibly(); // without any chance to tell the others
        }
        await().atMost(GUARD)
                .until(() ->
                        sink.seen().stream().allMatch(seen -> seen.closeNanos().isPresent()));
    }

    @Test
    void processThatFailsIsNamed() {
        LoadPlan plan = LoadPlan.holding(sink.addresses().get(0), new Via.Direct(), 10, 10);
        assertThatThrownBy(() -> DriverProcesses.start(plan, 2, index -> List.of("sh", "-c", "exit 7")))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("driver process [12] of 2 ended with exit code 7 .*");
    }

    @Test
    void countIsWhatTheFlowsNeedOrWhatWasAsked() {
        LoadPlan plan = LoadPlan.holding(sink.addresses().get(0), new Via.Direct(), 1000, 100_000)
                .withMaxLive(20_000);
        assertThat(options("auto").count(plan)).isEqualTo(5);
        assertThat(options("auto").count(plan.withMaxLive(Integer.MAX_VALUE))).isOne();
        assertThat(options("3").count(plan)).isEqualTo(3);
        assertThat(command("load", target, "--processes=65")).contains("processes: 65 (expected: auto or 1 to 64)");
        assertThat(command("load", target, "--processes=9", "--connections=8"))
                .contains("processes: 9 (expected: auto or 1 to 8)");
        assertThat(command("load", target, "--processes=2", "--workload=connect-per-request"))
                .contains("processes: 2 (expected: 1 with --workload");
    }

    private boolean isOfTheFirst(Sighting seen) {
        return seen.peer().port() < HALF;
    }

    /** Shells make what runs in the background deaf to SIGINT, and a JVM hands that on to whom it starts. */
    private static List<String> hearingInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return List.of();
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .findFirst()
                .orElse("0");
        boolean isDeaf = (Long.parseUnsignedLong(ignored, 16) & 1L << (SIGINT - 1)) != 0;
        return isDeaf ? List.of("env", "--default-signal=INT") : List.of();
    }

    private static List<String> program() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener", // not on standard output
                "-cp",
                System.getProperty("java.class.path"),
                NatBenchMain.class.getName());
    }

    private static ProcessOptions options(String processes) {
        return CommandLine.populateCommand(new ProcessOptions(), "--processes=" + processes);
    }

    /** What it says of wrong use. */
    private static String command(String... words) {
        StringWriter err = new StringWriter();
        CommandLine command = NatBenchMain.commandLine().setErr(new PrintWriter(err));
        assertThat(command.execute(words)).isEqualTo(ExitCode.USAGE);
        return err.toString();
    }
}
