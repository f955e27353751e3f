package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.SinkServer;
import dev.cgnat.proxy.NatProxy;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The figures of RFC 9693 of a small NAT whose capacity is known. */
final class BenchmarkIT {
    private static final int PORTS = 60;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private SinkServer sink;
    private NatProxy proxy;

    @BeforeEach
    void start() throws IOException, ConfigException {
        sink = SinkServer.start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        proxy = NatProxy.start(ConfigLoader.load(
                Optional.empty(),
                Optional.empty(),
                List.of(
                        "pools.0.ports=[20700-" + (20_700 + PORTS - 1) + "]",
                        "pools.0.hold-down=0s",
                        "admin.bind=127.0.0.1:0",
                        "listeners.0={name: socks, type: socks, bind: '127.0.0.1:0'}",
                        "listeners.1={name: connect, type: http-connect, bind: '127.0.0.1:0'}",
                        "listeners.2={name: forward, type: forward, bind: '127.0.0.1:0', target: '"
                                + Endpoints.text(sink.addresses().get(0)) + "'}")));
    }

    @AfterEach
    void stop() {
        proxy.close();
        sink.close();
    }

    private int run(String... arguments) {
        CommandLine commandLine =
                NatBenchMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return commandLine.execute(
                Stream.concat(Stream.of("load"), Stream.of(arguments)).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks", "connect", "forward"})
    void everyWayHasItsFiguresAndTheCapacityIsThatOfThePool(String listener) {
        String address = Endpoints.text(proxy.address(listener));
        String target = listener.equals("forward")
                ? address
                : Endpoints.text(sink.addresses().get(0));
        String via = switch (listener) {
            case "socks" -> "socks5://" + address;
            case "connect" -> "http://" + address;
            default -> "forward";
        };
        int exitCode = run(
                target,
                "--via",
                via,
                "--benchmark",
                "all",
                "--table",
                "40",
                "--repeats",
                "2",
                "--connections",
                "200",
                "--subscribers",
                "20",
                "-o",
                "json");
        assertThat(exitCode).as(err.toString()).isZero();
        JsonNode report = JsonMapper.shared().readTree(out.toString());
        assertThat(report.at("/capacity/nat").asInt()).isEqualTo(PORTS);
        assertThat(report.at("/capacity/is-bound").asBoolean()).isFalse();
        assertThat(report.at("/capacity/driver").asInt()).isEqualTo(200);
        assertThat(report.at("/capacity/answer-ms/count").asInt()).isEqualTo(PORTS);
        for (String figure : List.of("establishment", "tear-down")) {
            assertThat(report.at("/" + figure + "/nat/median").asDouble())
                    .as(figure)
                    .isPositive();
            assertThat(report.at("/" + figure + "/nat/values").size())
                    .as(figure)
                    .isEqualTo(2);
            assertThat(report.at("/" + figure + "/driver/median").asDouble())
                    .as(figure)
                    .isPositive();
        }
    }

    @Test
    void aTableThatIsLargerThanThePoolCannotBeLoadedAtAnyRate() {
        int exitCode = run(
                Endpoints.text(sink.addresses().get(0)),
                "--via",
                "socks5://" + Endpoints.text(proxy.address("socks")),
                "--benchmark",
                "rate",
                "--table",
                "" + (PORTS + 1),
                "--repeats",
                "1",
                "--subscribers",
                "5");
        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(out.toString()).contains("max. establishment rate").contains("beyond: refused.general");
        assertThat(err.toString()).contains("nat: establishment rate 0/s");
    }

    @Test
    void whatABenchmarkDoesNotHeedIsAnError() {
        assertThat(run("127.0.0.1:1", "--benchmark", "rate", "--rate", "5/s")).isEqualTo(2);
        assertThat(err.toString()).contains("--rate: given with --benchmark");
        assertThat(run("127.0.0.1:1", "--benchmark", "speed")).isEqualTo(2);
        assertThat(err.toString()).contains("benchmark: speed (expected: all, rate, tear-down or capacity)");
        assertThat(run("127.0.0.1:1", "--benchmark", "rate", "--table", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("table: 0 (expected: 1 to ");
        assertThat(run("127.0.0.1:1", "--benchmark", "rate", "-o", "csv")).isEqualTo(2);
        assertThat(err.toString()).contains("-o: csv (expected: text or json");
    }
}
