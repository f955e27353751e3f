package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.load.Rate;
import dev.cgnat.proxy.testing.ManPages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({"windows-2003-default, 33.1/s", "windows-vista-plus, 136.5/s", "linux-default, 470.5/s", "demo, 100.0/s"
    })
    void theCeilingOfAProfileIsItsSlotsOverItsHoldDown(String profile, String rate) {
        assertThat(run("ceiling", "--profile", profile)).isZero();
        assertThat(out.toString()).contains(rate).contains("no hold-down: lifetime alone limits");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theCeilingOfAFileIsThatOfItsPools(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("cgnat.yaml");
        Files.writeString(file, """
                pools:
                  - name: small
                    addresses: [127.0.1.0-127.0.1.3]
                    ports: [5000-5099]
                    hold-down: 10s
                """);
        assertThat(run("ceiling", "-c", file.toString(), "--destinations", "3", "-o", "json"))
                .isZero();
        assertThat(out.toString())
                .contains("\"name\" : \"small\"")
                .contains("\"slots-to-one-destination\" : 400")
                .contains("\"slots-to-that-many-hosts\" : 1200")
                .contains("\"per-second\" : 40.0")
                .contains("\"per-second-per-subscriber\" : 10.0");
    }

    @Test
    void theCeilingFollowsAKeyThatIsSet() {
        assertThat(run("ceiling", "--profile", "windows-2003-default", "--set", "pools.0.hold-down=60s"))
                .isZero();
        assertThat(out.toString()).contains("66.3/s");
    }

    @Test
    void aProxyThatIsNotThereCannotBeGraded() {
        assertThat(run("grade", "--via", "socks5://127.0.0.1:1")).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).contains("socks5://127.0.0.1:1 cannot be reached");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aSimulationIsTheSameForTheSameSeed() {
        String[] arguments = {
            "sim", "--profile", "linux-default", "--workload", "web-browsing", "--subscribers", "20", "--until", "5m"
        };
        assertThat(run(arguments)).isZero();
        String first = out.toString();
        assertThat(first).contains("web-browsing through profile linux-default").contains("(100.0 %)");
        assertThat(err.toString())
                .containsPattern(
                        "[\\d,]+ events in [\\d.]+ s of processor time: [\\d,]+ per second, at most [\\d,]+ flows live;"
                                + " the whole process took [\\d.]+ s, and [\\d.]+ s by the clock");
        out.getBuffer().setLength(0);
        assertThat(run(arguments)).isZero();
        assertThat(out.toString()).isEqualTo(first);
    }

    @Test
    void aSweepRunsOnceForEachValue() {
        assertThat(run(
                        "sim",
                        "--profile",
                        "linux-default",
                        "--workload",
                        "connect-per-request",
                        "--until",
                        "3m",
                        "--sweep",
                        "pools.0.ports=1024-1523,1024-3023",
                        "-o",
                        "json"))
                .isZero();
        // 30 requests a second and a minute of rest: 500 ports are too few, 2,000 are enough
        assertThat(out.toString())
                .contains("\"key\" : \"pools.0.ports\"")
                .contains("\"value\" : \"1024-1523\"")
                .contains("\"value\" : \"1024-3023\"")
                .contains("\"held\" : ")
                .contains("\"refused\" : { }");
    }

    @Test
    void aWorkloadWithMistakesEndsWithThree(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("load.yaml");
        Files.writeString(file, "groups:\n  - name: web\n    lifetme: constant:1s\n");
        assertThat(run("sim", "--profile", "linux-default", "--workload", file.toString()))
                .isEqualTo(ExitCode.CONFIG);
        assertThat(err.toString())
                .contains("load.yaml:3:5: error: groups[0].lifetme: unknown key, did you mean \"lifetime\"?")
                .contains("groups[0].opens: missing (expected: either opens or keeps)");
    }

    @Test
    void aConfigurationWithMistakesEndsWithThree() {
        assertThat(run("ceiling", "--profile", "nope")).isEqualTo(ExitCode.CONFIG);
        assertThat(err.toString()).contains("nope").contains("linux-default");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ceiling",
                "ceiling --profile demo --destinations 0",
                "ceiling measure --ports 0",
                "sim --profile linux-default",
                "sim --workload database",
                "sim --profile linux-default --workload database --nats 0",
                "sim --profile linux-default --workload database --until 0s",
                "sim --profile linux-default --workload database --sample 1",
                "sim --profile linux-default --workload database --subscribers 1",
                "sim --profile linux-default --workload database --sweep pools.0.ports",
                "ceiling measure --hold-down 2s --duration 3s",
                "load",
                "load 127.0.0.1:1 --rate 0/s",
                "load 127.0.0.1:1 --rate 10",
                "load 127.0.0.1:1 --hold 2s",
                "load 127.0.0.1:1 --via socks6://127.0.0.1:1",
                "load 127.0.0.1:1 --via forward --payload 0",
                "load 127.0.0.1:1 --via socks5://127.0.0.1:1 --threshold refused.held==0",
                "load 127.0.0.1:1 --sources nowhere",
                "load 127.0.0.1:1 --subscribers 0",
                "load 127.0.0.1:1 --admin nowhere",
                "grade",
                "grade --transparent --via socks5://127.0.0.1:1",
                "grade --transparent --sinks nowhere",
                "grade --transparent --max-connections 5",
                "grade --transparent --max-time 0s",
                "grade --via forward --forwards 127.0.0.1:1",
                "grade --via forward --via direct",
                "load 127.0.0.1:1 --admin 127.0.0.1:9477",
                "load 127.0.0.1:1 --connections 0",
                "load nowhere",
                "serve",
                "serve --listen 9000",
                "demo -o xml",
                "load 127.0.0.1:1 --threshold lost==0",
                "load 127.0.0.1:1 -o xml",
                "report none.json",
                "report none.json -o r.html",
                "compare none.json",
                "compare none.json none.json",
                "compare none.json none.json --max-regress 5",
                "jmh no-such-row",
                "jmh (",
                "jmh --slots 1",
                "jmh --slots 512M",
                "jmh --slots 1M,many",
                "jmh --fill -1",
                "jmh --fill 100",
                "jmh --fill full",
                "jmh --fill NaN",
                "jmh -o xml",
                "peers cps no-such-part",
                "peers --repeats 0",
                "peers --seconds 0s",
                "peers --churn 0s",
                "peers --flows 0",
                "peers --warm-up 0",
                "peers --ours no-such.jar",
                "peers config squid.conf"
            })
    void wrongUsageEndsWithTwoAndSaysWhy(String arguments) {
        assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" ")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).isNotBlank();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anAddressThatCannotBeBoundEndsWithFour() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("serve", "--listen", "127.0.0.1:" + taken.getLocalPort()))
                    .isEqualTo(ExitCode.BIND);
            assertThat(err.toString())
                    .contains(
                            "listen: 127.0.0.1:" + taken.getLocalPort() + " cannot be bound (Address already in use)");
        }
    }

    @Test
    void anAdminListenerThatIsNotThereEndsWithFive() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertThat(run("load", "127.0.0.1:1", "--admin", "http://127.0.0.1:" + port))
                .isEqualTo(ExitCode.ADMIN);
        assertThat(err.toString())
                .contains("admin: http://127.0.0.1:" + port + " cannot be read (nobody listens there;");
    }

    @Test
    void aRowThatDoesNotExistIsToldWhichDo() {
        assertThat(run("jmh", "no-such-row")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains("PATTERN: no-such-row (expected: to be found in one of [baseline, port-space,");
    }

    @Test
    void theConfigurationsOfThePeersCanBePrinted() {
        assertThat(run("peers", "config")).isZero();
        assertThat(out.toString()).contains("haproxy-tuned.cfg");
        assertThat(run("peers", "config", "haproxy-tuned.cfg")).isZero();
        assertThat(out.toString()).contains("tune.bufsize 262144");
    }

    @Test
    void everyCommandHasAManualPage(@TempDir Path directory) throws Exception {
        ManPages.requireReadable(NatBenchMain.commandLine(), directory);
    }

    @Test
    void shellsCompleteTheCommands() {
        assertThat(run("completion")).isZero();
        assertThat(out.toString()).contains("complete -F _complete_natbench").contains("--hdr-log");
    }

    @Test
    void slotsCountInPowersOfTwo() {
        assertThat(SlotCount.parse("4096").value()).isEqualTo(4_096);
        assertThat(SlotCount.parse("64k").value()).isEqualTo(65_536);
        assertThat(SlotCount.parse("256M").value()).isEqualTo(268_435_456);
    }

    @Test
    void aRateHasATime() {
        assertThat(Rate.parse("2000/s").perSecond()).isEqualTo(2000);
        assertThat(Rate.parse("30/m").perSecond()).isEqualTo(0.5);
        assertThat(Rate.parse("1.5/min").perSecond()).isEqualTo(0.025);
        assertThat(Rate.parse("36/h").perSecond()).isEqualTo(0.01);
    }

    private int run(String... arguments) {
        CommandLine commandLine = NatBenchMain.commandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
