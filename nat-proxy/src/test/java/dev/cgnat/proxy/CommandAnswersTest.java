package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cgnat.proxy.testing.ManPages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands make of answers that a small proxy does not give, or not at once. */
class CommandAnswersTest {
    private final HttpServer server;
    private final List<String> asked = new ArrayList<>();

    CommandAnswersTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    private void on(String path, Reply reply) {
        server.createContext("/api/v1" + path, exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            try (exchange) {
                reply.to(exchange);
            }
        });
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private CommandRun run(String... args) {
        return CommandRun.of(CommandRun.join(
                args, "--admin", "http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @Test
    void longListIsAskedForPageByPage() {
        on("/sessions", exchange -> {
            boolean isFirst = !exchange.getRequestURI().getQuery().contains("cursor=");
            String items = IntStream.range(0, isFirst ? 1000 : 500)
                    .mapToObj(i -> "{\"id\":" + (isFirst ? i : 1000 + i) + "}")
                    .collect(Collectors.joining(","));
            send(exchange, 200, "{\"items\":[" + items + "],\"nextCursor\":\"a+b/c=\",\"approximateTotal\":9000}");
        });
        CommandRun run = run("sessions", "--limit", "1500", "-o", "json");
        assertThat(run.json()).hasSize(1500);
        assertThat(run.json().get(1499).get("id").asInt()).isEqualTo(1499);
        assertThat(asked).hasSize(2);
        assertThat(asked.get(0)).contains("limit=1000");
        assertThat(asked.get(1)).contains("limit=500").contains("cursor=a%2Bb%2Fc%3D");
    }

    @Test
    void chainOfReasonsIsPrintedInItsOrder() {
        on("/explain", exchange -> send(exchange, 200, """
                {"pool":"main","verdict":"refused","reason":"held","retryAfterSeconds":61,"remedy":"more ports",
                "steps":["pooling paired: keeps 127.0.1.1","every slot rests"]}"""));
        CommandRun run =
                run("explain", "--subscriber", "10.0.0.5", "--dest", "192.0.2.1:443", "--internal", "10.0.0.5:1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                refused (held), pool main
                  1. pooling paired: keeps 127.0.1.1
                  2. every slot rests
                not before: 1m1s from now
                remedy: more ports
                """);
        assertThat(asked)
                .containsExactly(
                        "POST /api/v1/explain "
                                + "{\"subscriber\":\"10.0.0.5\",\"destination\":\"192.0.2.1:443\",\"internal\":\"10.0.0.5:1\"}");
        assertThat(run("explain", "--dest", "192.0.2.1:443").exitCode()).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void diagnosisHasVerdictEvidenceAndRemedy() {
        on("/diagnose", exchange -> send(exchange, 200, """
                {"pools":[{"pool":"main","windowSeconds":900.0,"findings":[{"verdict":"churn","summary":"Most ports rest.",
                "evidence":{"held":190,"used":10,"grantedPerSecond":0.0111158},"remedy":"shorter hold-down","next":["natproxy pools"]}]}]}"""));
        CommandRun run = run("diagnose", "--pool", "main");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                pool main, the last 15m0s
                  churn: Most ports rest.
                    evidence: held=190, used=10, grantedPerSecond=0.0111
                    remedy: shorter hold-down
                    next: natproxy pools
                """);
        assertThat(asked).allMatch(request -> request.startsWith("GET /api/v1/diagnose?pool=main"));
        assertThat(run("diagnose", "-o", "csv").lines())
                .containsExactly(
                        "pool,windowSeconds,verdict,summary,remedy,evidence",
                        "main,900.0,churn,Most ports rest.,shorter hold-down,\"{\"\"held\"\":190,\"\"used\"\":10,\"\"grantedPerSecond\"\":0.0111158}\"");
        assertThat(run("diagnose", "-o", "json")
                        .json()
                        .at("/pools/0/findings/0/evidence/held")
                        .asInt())
                .isEqualTo(190);
    }

    @Test
    void pastHolderIsTold() {
        on("/lookup", exchange -> send(exchange, 200, """
                {"external":"127.0.1.2:40001","at":"2026-01-31T12:00:00Z","records":[{"subscriber":"10.0.0.5",
                "from":"2026-01-31T11:59:00Z","source":"session"}]}"""));
        CommandRun run = run("lookup", "127.0.1.2:40001", "--at", "2026-01-31T12:00:00Z");
        assertThat(run.exitCode()).isZero();
        assertThat(run.lines().get(1)).startsWith("10.0.0.5 ");
        assertThat(asked.get(0)).contains("at=2026-01-31T12%3A00%3A00Z");
    }

    @Test
    void busyProxyIsAskedAgain() {
        on("/pools", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "0");
            send(exchange, asked.size() < 3 ? 429 : 200, asked.size() < 3 ? "{\"detail\":\"busy\"}" : "[]");
        });
        assertThat(run("pools").exitCode()).isZero();
        assertThat(asked).hasSize(3);
    }

    @Test
    void proxyThatStaysBusyIsAFailure() {
        on("/pools", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "0");
            send(exchange, 503, "{\"detail\":\"busy\"}");
        });
        CommandRun run = run("pools");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).isEqualTo("error: busy\n");
        assertThat(asked).hasSize(3);
    }

    @Test
    void otherServerIsNotTakenForAProxy() {
        on("/status", exchange -> send(exchange, 200, "<html>"));
        CommandRun run = run("status");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(run.err()).contains("answers no JSON");
    }

    @Test
    void answerWithoutEndIsCutOff() {
        on("/status", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = new byte[1024 * 1024];
            Arrays.fill(spaces, (byte) ' ');
            for (int i = 0; i < 65; i++) {
                exchange.getResponseBody().write(spaces);
            }
        });
        CommandRun run = run("status");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(run.err()).contains("more than 67108864 bytes");
    }

    @Test
    void redirectIsNotFollowed() {
        on("/status", exchange -> {
            exchange.getResponseHeaders().add("Location", "/api/v1/elsewhere");
            send(exchange, 302, "{}");
        });
        on("/elsewhere", exchange -> send(exchange, 200, "{}"));
        assertThat(run("status").exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
        assertThat(asked).hasSize(1);
    }

    @Test
    void completionNamesEveryCommandAndIsAScript() throws Exception {
        CommandRun run = CommandRun.of("completion");
        assertThat(run.exitCode()).isZero();
        assertThat(NatProxyMain.commandLine().getSubcommands().keySet())
                .allSatisfy(command -> assertThat(run.out()).contains(command));
        Process bash = new ProcessBuilder("bash", "-c", run.out() + "\ncomplete -p natproxy")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("natproxy");
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void everyCommandHasAManualPage(@TempDir Path folder) throws Exception {
        ManPages.requireReadable(NatProxyMain.commandLine(), folder);
    }

    @Test
    void pageOfACommandIsPrinted() {
        assertThat(CommandRun.of("man", "config", "check").lines().get(0))
                .startsWith(".TH NATPROXY\\-CONFIG\\-CHECK 1 ");
        CommandRun absent = CommandRun.of("man", "config", "chekc");
        assertThat(absent.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(absent.err()).contains("COMMAND: chekc (expected: one of check, profiles)");
    }
}
