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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two ways to send the same requests through a NAT of twelve ports that rest for an hour. */
final class WorkloadOverSocketsIT {
    private static final int PORTS = 12;

    @TempDir
    Path folder;

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
                        "pools.0.ports=[20800-" + (20_800 + PORTS - 1) + "]",
                        "pools.0.hold-down=1h",
                        "admin.bind=127.0.0.1:0",
                        "listeners.0={name: socks, type: socks, bind: '127.0.0.1:0'}")));
    }

    @AfterEach
    void stop() {
        proxy.close();
        sink.close();
    }

    private int load(String workload, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("workload.yaml"), workload);
        String[] basis = {
            "load",
            Endpoints.text(sink.addresses().get(0)),
            "--via",
            "socks5://" + Endpoints.text(proxy.address("socks")),
            "--workload",
            file.toString(),
            "--duration",
            "3s",
            "--subscribers",
            "4",
            "-o",
            "json"
        };
        return NatBenchMain.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.of(basis, more).flatMap(Stream::of).toArray(String[]::new));
    }

    private JsonNode report() {
        return JsonMapper.shared().readTree(out.toString());
    }

    @Test
    void aConnectionForEachRequestRunsThePoolDry() throws IOException {
        assertThat(
                        load(
                                "groups: [{ name: a, subscribers: 2, opens: { rate: 10/s, arrivals: constant }, lifetime: 'constant:0s' }]"))
                .as(err.toString())
                .isZero();
        assertThat(report().at("/flows/established").asInt()).isEqualTo(PORTS);
        assertThat(report().at("/flows/intended").asInt()).isEqualTo(60);
        assertThat(report().at("/refused/general").asInt()).isEqualTo(60 - PORTS);
    }

    @Test
    void keptConnectionsCarryRequestsOnThePortsThatTheyHave() throws IOException {
        assertThat(load("groups: [{ name: a, subscribers: 2, keeps: { connections: 4 }, lifetime: 'constant:1h' }]"))
                .as(err.toString())
                .isZero();
        assertThat(report().at("/flows/established").asInt()).isEqualTo(8);
        assertThat(report().at("/flows/peak-live").asInt()).isEqualTo(8);
        assertThat(report().at("/refused").isEmpty()).isTrue();
        assertThat(report().at("/bytes/received").asLong()).isGreaterThan(8 * 16);
        assertThat(report().at("/bytes/received")).isEqualTo(report().at("/bytes/sent"));
    }

    @Test
    void aKeptConnectionThatEndsIsOpenedAnewUntilNoPortIsLeft() throws IOException {
        assertThat(load("groups: [{ name: a, keeps: { connections: 4, pause: 1ms }, lifetime: 'constant:100ms' }]"))
                .as(err.toString())
                .isZero();
        assertThat(report().at("/flows/established").asInt()).isEqualTo(PORTS);
        assertThat(report().at("/flows/peak-live").asInt()).isEqualTo(4);
        assertThat(report().at("/refused/general").asInt()).isPositive();
    }

    @Test
    void whoeverIsRefusedAsksAgainAsItsGroupSays() throws IOException {
        String file = folder.resolve("recorded.txt").toString();
        Files.writeString(Path.of(file), "0\n".repeat(PORTS + 1));
        assertThat(load("groups: [{ name: a, opens: { recorded: recorded.txt }, lifetime: 'constant:1h',"
                        + " retry: { times: 2, after: 10ms } }]"))
                .as(err.toString())
                .isZero();
        assertThat(report().at("/flows/established").asInt()).isEqualTo(PORTS);
        assertThat(report().at("/refused/general").asInt()).isEqualTo(3);
    }

    @Test
    void whatSocketsCannotCarryIsAnError() throws IOException {
        String keeps = "groups: [{ name: a, keeps: {}, lifetime: 'constant:1s', ";
        assertThat(load(keeps + "protocols: { udp: 1 } }]")).isEqualTo(2);
        assertThat(err.toString()).contains("workload: group a has protocols [UDP] (expected: tcp alone");
        assertThat(load(keeps + "ends: { server-fin: 1 } }]")).isEqualTo(2);
        assertThat(err.toString()).contains("group a has ends [SERVER_FIN] (expected: client-fin and reset");
        assertThat(load(keeps + "bypass: 0 }]", "--rate", "5/s")).isEqualTo(2);
        assertThat(err.toString()).contains("--rate: given with --workload");
        assertThat(load("groups: []")).isEqualTo(3);
    }
}
