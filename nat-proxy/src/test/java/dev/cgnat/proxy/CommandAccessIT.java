package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.AdminConfig;
import dev.cgnat.proxy.config.AdminToken;
import dev.cgnat.proxy.config.ConfigSource;
import dev.cgnat.proxy.testing.Proxies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask, and what a file says that is read again. */
class CommandAccessIT {
    private static final String TOKEN = "0123456789abcdef0123";
    private static final String CONFIG = """
            listeners: [{ name: socks, type: socks, bind: "127.0.0.1:0", pool: main }]
            pools: [{ name: main, addresses: [127.0.47.1], ports: [20000-20001], reuse-scope: %s }]
            limits: { sessions-per-subscriber: %s }
            admin: { bind: "127.0.0.1:0" }
            """;

    @TempDir
    private Path folder;

    @Test
    void nobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        for (String command : List.of("status", "pools", "sessions", "top", "events", "drain", "reload")) {
            CommandRun run = CommandRun.of(command, "--admin", "http://127.0.0.1:" + port);
            assertThat(run.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .startsWith("error: http://127.0.0.1:" + port + " cannot be reached")
                    .contains("(expected: ");
        }
    }

    @Test
    void tokenIsNeededWhereTheProxyWantsOne() throws Exception {
        Path right = Files.writeString(folder.resolve("right"), TOKEN + "\n");
        Path wrong = Files.writeString(folder.resolve("wrong"), TOKEN + "4\n");
        Path rubbish = Files.writeString(folder.resolve("rubbish"), "two words\n");
        try (NatProxy proxy = start(admin -> admin.withToken(new AdminToken(TOKEN)))) {
            String url = url(proxy);
            for (String command : List.of("status", "events")) {
                CommandRun without = CommandRun.of(command, "--admin", url);
                assertThat(without.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
                assertThat(without.err()).contains("asks for a token (expected: --token-file FILE)");
                CommandRun with = CommandRun.of(command, "--admin", url, "--token-file", wrong.toString());
                assertThat(with.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
                assertThat(with.err()).contains("does not accept this token").doesNotContain(TOKEN);
                assertThat(CommandRun.of(command, "--admin", url, "--token-file", right.toString())
                                .exitCode())
                        .isZero();
            }
            for (String path :
                    List.of(rubbish.toString(), folder.resolve("none").toString())) {
                CommandRun run = CommandRun.of("status", "--admin", url, "--token-file", path);
                assertThat(run.exitCode()).isEqualTo(ExitCodes.USAGE);
                assertThat(run.err()).contains("--token-file: " + path).doesNotContain("two words");
            }
        }
    }

    @Test
    void proxyThatIsReadOnlyIsNotChanged() throws Exception {
        try (NatProxy proxy = start(AdminConfig::withReadOnly)) {
            assertThat(CommandRun.of("status", "--admin", url(proxy)).exitCode())
                    .isZero();
            assertThat(CommandRun.of("drain", "--all", "--admin", url(proxy)).exitCode())
                    .isEqualTo(ExitCodes.UNREACHABLE);
            assertThat(CommandRun.of("kill", "1", "--admin", url(proxy)).exitCode())
                    .isEqualTo(ExitCodes.UNREACHABLE);
        }
    }

    @Test
    void fileIsReadAgain() throws Exception {
        Path file = folder.resolve("cgnat.yaml");
        Files.writeString(file, CONFIG.formatted("address", "5"));
        ConfigSource source = new ConfigSource(Optional.of(file), Optional.empty(), List.of());
        try (NatProxy proxy = NatProxy.start(source.load().config(), source)) {
            assertThat(CommandRun.of("reload", "--admin", url(proxy)).out()).isEqualTo("no difference\n");

            Files.writeString(file, CONFIG.formatted("address", "7"));
            CommandRun dry = CommandRun.of("reload", "--dry-run", "--admin", url(proxy));
            assertThat(dry.exitCode()).isZero();
            assertThat(dry.lines().get(1)).matches("limits\\.sessions-per-subscriber +5 +7 +false");
            assertThat(dry.err()).contains("nothing was changed");
            CommandRun real = CommandRun.of("reload", "-o", "json", "--admin", url(proxy));
            assertThat(real.exitCode()).isZero();
            assertThat(real.json().get("applied").asBoolean()).isTrue();
            assertThat(CommandRun.of("reload", "--admin", url(proxy)).out()).isEqualTo("no difference\n");

            Files.writeString(file, CONFIG.formatted("host", "7"));
            CommandRun restart = CommandRun.of("reload", "--admin", url(proxy));
            assertThat(restart.exitCode()).isEqualTo(ExitCodes.FAILED);
            assertThat(restart.out()).contains("pools[0].reuse-scope").contains("true");
            assertThat(restart.err()).contains("needs a restart");

            Files.writeString(file, CONFIG.formatted("address", "many"));
            CommandRun invalid = CommandRun.of("reload", "--admin", url(proxy));
            assertThat(invalid.exitCode()).isEqualTo(ExitCodes.INVALID_CONFIG);
            assertThat(invalid.err()).contains(":3:").contains("limits.sessions-per-subscriber: many");
        }
    }

    @Test
    void proxyWithoutAFileCannotReadItAgain() throws Exception {
        try (NatProxy proxy = start(admin -> admin)) {
            CommandRun run = CommandRun.of("reload", "--admin", url(proxy));
            assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
            assertThat(run.err()).contains("not started from a file");
        }
    }

    private static NatProxy start(UnaryOperator<AdminConfig> admin) throws StartException {
        return NatProxy.start(Proxies.with(Proxies.pool("127.0.47.2", 20_000, 20_001))
                .admin(admin)
                .config());
    }

    private static String url(NatProxy proxy) {
        return "http://127.0.0.1:" + proxy.adminAddress().getPort();
    }
}
