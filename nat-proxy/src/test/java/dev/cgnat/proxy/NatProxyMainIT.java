package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.proxy.RunningJar.Result;
import dev.cgnat.proxy.testing.Tools;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar, started as a user starts it. */
@Timeout(600)
class NatProxyMainIT {
    private static final String CONFIG = """
            listeners:
              - { name: socks, type: socks, bind: "127.0.0.1:0", pool: main }
            pools:
              - { name: main, addresses: [127.77.3.1], ports: [21000-21099] }
            admin: { bind: "127.0.0.1:0" }
            drain-timeout: 60s
            """;

    @TempDir
    private Path directory;

    @Test
    void versionTellsVersionRevisionJavaAndTransport() throws Exception {
        Result result = RunningJar.start("--version").result();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .containsPattern("cgnat \\d+\\.\\d+\\.\\d+\\S* \\((unknown|[0-9a-f]{7,}(-dirty)?)\\)")
                .contains("java " + System.getProperty("java.version"))
                .containsPattern("transport (epoll|nio)");
    }

    @Test
    void helpNamesEveryCommand() throws Exception {
        Result result = RunningJar.start("--help").result();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("run", "config");
        assertThat(RunningJar.start("run", "--help").result().out()).contains("-c", "--profile", "--set");
    }

    @Test
    void wrongUsageIsExitCodeTwo() throws Exception {
        Result result = RunningJar.start("run", "--no-such-option").result();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--no-such-option");
        assertThat(RunningJar.start("no-such-command").result().exitCode()).isEqualTo(2);
    }

    @Test
    void everyMistakeOfAFileIsToldWithItsPlace() throws Exception {
        Path file = write("""
                listeners:
                  - { name: socks, type: sokcs, bind: "127.0.0.1:0", pool: main }
                pools:
                  - { name: main, addresses: [127.77.3.1], reuse-scope: five-tuple }
                drain-timeout: soon
                """);
        for (Result result : new Result[] {
            RunningJar.start("run", "-c", file.toString()).result(),
            RunningJar.start("config", "check", file.toString()).result()
        }) {
            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.out()).isEmpty();
            assertThat(result.err().lines().filter(line -> line.contains(": error: ")))
                    .hasSize(3)
                    .anyMatch(line -> line.startsWith(file + ":2:") && line.contains("sokcs"))
                    .anyMatch(line -> line.startsWith(file + ":4:") && line.contains("five-tuple"))
                    .anyMatch(line -> line.startsWith(file + ":5:") && line.contains("soon"));
        }
    }

    @Test
    void fileThatIsNotThereIsExitCodeThree() throws Exception {
        Result result = RunningJar.start(
                        "run", "-c", directory.resolve("none.yaml").toString())
                .result();
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("none.yaml").doesNotContain("\tat ");
    }

    @Test
    void goodFileChecksOut() throws Exception {
        Result result =
                RunningJar.start("config", "check", write(CONFIG).toString()).result();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("ok");
    }

    @Test
    void checkTakesTheSettingsThatRunTakes() throws Exception {
        Result result = RunningJar.start(
                        "config", "check", "--profile", "windows-2003-tuned", "--set", "pools.0.MaxUserPort=4000")
                .result();
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .contains(
                        "--set pools.0.MaxUserPort=4000: error: pools[0].MaxUserPort: 4000 (expected: 5000 to 65534)");
        assertThat(RunningJar.start("config", "check", "--profile", "demo")
                        .result()
                        .out())
                .isEqualTo("profile demo: ok\n");
    }

    @Test
    void profilesAreListedAndPrinted() throws Exception {
        Result list = RunningJar.start("config", "profiles").result();
        assertThat(list.exitCode()).isZero();
        assertThat(list.out().lines())
                .hasSize(22) // a heading, the twenty, demo
                .anyMatch(line -> line.matches("aws-nat-gateway +64512 +four-tuple +60s +derived +any port"));
        assertThat(RunningJar.start("config", "profiles", "demo").result().out())
                .isEqualTo(Files.readString(Path.of("../config/profiles/demo.yaml")));
        Result none = RunningJar.start("config", "profiles", "os2").result();
        assertThat(none.exitCode()).isEqualTo(6);
        assertThat(none.err()).startsWith("error: no profile os2 (expected: aws-nat-gateway, ");
    }

    @Test
    void portThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Result listener = RunningJar.start(
                            "run", "-c", write(CONFIG).toString(), "--set", "listeners.0.bind=" + address)
                    .result();
            assertThat(listener.exitCode()).isEqualTo(4);
            assertThat(listener.err()).contains("socks").contains(address).doesNotContain("\tat ");
            Result admin = RunningJar.start("run", "-c", write(CONFIG).toString(), "--set", "admin.bind=" + address)
                    .result();
            assertThat(admin.exitCode()).isEqualTo(4);
            assertThat(admin.err()).contains("admin").contains(address).doesNotContain("\tat ");
        }
    }

    @Test
    void poolAddressOfAnotherHostIsNamed() throws Exception {
        Path file = write(CONFIG.replace("127.77.3.1", "192.0.2.77"));
        Result result = RunningJar.start("run", "-c", file.toString()).result();
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err())
                .contains("192.0.2.77")
                .contains("CAP_NET_ADMIN")
                .doesNotContain("\tat ");
    }

    @Test
    void transportThatIsNotThereIsToldLikeAnAddressThatIsNotThere() throws Exception {
        Result result = RunningJar.startWith(
                        List.of("-Dio.netty.transport.noNative=true"),
                        "run",
                        "-c",
                        write(CONFIG).toString(),
                        "--set",
                        "transport=epoll")
                .result();
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err())
                .contains("transport: epoll (expected: auto or nio on this machine)")
                .doesNotContain("\tat ");
    }

    @Test
    void listenerForMetricsAloneIsTold() throws Exception {
        try (RunningJar proxy =
                RunningJar.start("run", "-c", write(CONFIG).toString(), "--set", "metrics.bind=127.0.0.1:0")) {
            proxy.awaitError("metrics alone on http://127.0.0.1:");
        }
    }

    @Test
    void servesWithoutAFileFromTheDefaultPool() throws Exception {
        try (RunningJar proxy = RunningJar.start(
                        "run", "--set", "listeners.0.bind=127.0.0.1:0", "--set", "admin.bind=127.0.0.1:0");
                EchoServer echo = new EchoServer();
                Socket client = proxy.connect(echo.address())) {
            assertThat(EchoServer.echo(client, 42)).isEqualTo(42);
            assertThat(echo.lastClient().getAddress().getHostAddress()).isEqualTo("127.0.1.1");
        }
    }

    @Test
    void refusalsAreToldWithTheReason() throws Exception {
        try (RunningJar proxy = RunningJar.start(
                        "run",
                        "-c",
                        write(CONFIG).toString(),
                        "--set",
                        "pools.0.ports=21000",
                        "--set",
                        "acl.deny-destinations=192.0.2.0/24");
                EchoServer echo = new EchoServer();
                Socket client = proxy.connect(echo.address())) {
            assertThat(EchoServer.echo(client, 42)).isEqualTo(42);
            assertThatThrownBy(() -> proxy.connect(echo.address())).isInstanceOf(IOException.class);
            proxy.awaitError("pool main refuses 127.0.0.1 to "
                    + echo.address().getAddress().getHostAddress());
            proxy.awaitError(": exhausted (127.77.3.1: 1 slots, 1 live, 0 held");
            assertThatThrownBy(() -> proxy.connect(new InetSocketAddress("192.0.2.1", 80)))
                    .isInstanceOf(IOException.class);
            proxy.awaitError("to 192.0.2.1:80: denied (acl.deny-destinations 192.0.2.0/24)");
        }
    }

    @Test
    void termWithoutFlowsEndsAtOnceWithZero() throws Exception {
        try (RunningJar proxy = RunningJar.start("run", "-c", write(CONFIG).toString())) {
            proxy.socksAddress();
            proxy.signal("TERM");
            assertThat(proxy.result().exitCode()).isZero();
        }
    }

    @Test
    void termLetsLiveFlowsGoOnAndTakesNoNewOnes() throws Exception {
        try (RunningJar proxy = RunningJar.start("run", "-c", write(CONFIG).toString());
                EchoServer echo = new EchoServer()) {
            try (Socket client = proxy.connect(echo.address())) {
                assertThat(EchoServer.echo(client, 1)).isEqualTo(1);
                InetSocketAddress external = echo.lastClient();
                assertThat(external.getAddress().getHostAddress()).isEqualTo("127.77.3.1");
                assertThat(external.getPort()).isBetween(21_000, 21_099);
                proxy.signal("TERM");
                proxy.awaitError("draining");
                assertThat(EchoServer.echo(client, 2)).isEqualTo(2);
                InetSocketAddress socks = proxy.socksAddress();
                assertThatThrownBy(() -> new Socket(socks.getAddress(), socks.getPort()).close())
                        .isInstanceOf(ConnectException.class);
                assertThat(proxy.isAlive()).isTrue();
            }
            assertThat(proxy.result().exitCode()).isZero();
        }
    }

    @Test
    void drainTimeoutResetsWhatIsLeft() throws Exception {
        try (RunningJar proxy =
                        RunningJar.start("run", "-c", write(CONFIG).toString(), "--set", "drain-timeout=200ms");
                EchoServer echo = new EchoServer();
                Socket client = proxy.connect(echo.address())) {
            assertThat(EchoServer.echo(client, 1)).isEqualTo(1);
            proxy.signal("TERM");
            assertThat(proxy.result().exitCode()).isZero();
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
        }
    }

    @Test
    void secondTermEndsAtOnce() throws Exception {
        try (RunningJar proxy = RunningJar.start("run", "-c", write(CONFIG).toString());
                EchoServer echo = new EchoServer();
                Socket client = proxy.connect(echo.address())) {
            assertThat(EchoServer.echo(client, 1)).isEqualTo(1);
            proxy.signal("TERM");
            proxy.awaitError("draining");
            proxy.signal("TERM");
            assertThat(proxy.result().exitCode()).isEqualTo(1);
        }
    }

    @Test
    void interruptEndsWith130() throws Exception {
        // Whatever runs in the background of a shell ignores it, as would whatever that starts.
        List<String> hearing = List.of(Tools.require("env").toString(), "--default-signal=INT");
        try (RunningJar proxy =
                RunningJar.startBy(hearing, "run", "-c", write(CONFIG).toString())) {
            proxy.socksAddress();
            proxy.signal("INT");
            assertThat(proxy.result().exitCode()).isEqualTo(130);
        }
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "cgnat", ".yaml"), yaml);
    }
}
