package dev.cgnat.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cgnat.bench.load.Arrivals;
import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.workload.Behaviour.Curve;
import dev.cgnat.bench.workload.Behaviour.Keeps;
import dev.cgnat.bench.workload.Behaviour.Opens;
import dev.cgnat.bench.workload.Behaviour.Recorded;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.proxy.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class WorkloadReaderTest {
    @TempDir
    private Path folder;

    @Test
    void everyKeyIsRead() throws Exception {
        Workload workload = read("""
                description: everything
                groups:
                  - name: first
                    subscribers: 7
                    opens: { rate: 6/m, arrivals: constant, burst: 3, curve: [0.5, 2], period: 2h }
                    lifetime: exponential:2s
                    destinations: { count: 4, from: "192.0.2.1:53", popularity: "zipf:1.5" }
                    protocols: { tcp: 1, udp: 2.5 }
                    ends: { server-fin: 1, connect-failed: 3 }
                    bypass: 0.25
                    retry: { times: 2, after: 500ms }
                    source-port: one
                    pool: main
                  - name: second
                    keeps: { connections: 9, pause: 2s, start-within: 1m }
                    lifetime: "pareto:min=1s,mean=10s"
                """);

        assertThat(workload.name()).isEqualTo("test");
        assertThat(workload.description()).isEqualTo("everything");
        Group first = workload.groups().get(0);
        assertThat(first.subscribers()).isEqualTo(7);
        assertThat(first.behaviour())
                .isEqualTo(new Opens(new Curve(0.1, Arrivals.CONSTANT, List.of(0.5, 2.0), Duration.ofHours(2)), 3));
        assertThat(first.lifetime()).isEqualTo(HoldTime.parse("exponential:2s"));
        assertThat(first.destinations().get(3).toString()).isEqualTo("192.0.2.4:53");
        assertThat(first.destinations().skew()).isEqualTo(1.5);
        assertThat(first.protocols().weights()).isEqualTo(Map.of(Protocol.TCP, 1.0, Protocol.UDP, 2.5));
        assertThat(first.ends().weights())
                .isEqualTo(Map.of(CloseCause.SERVER_FIN, 1.0, CloseCause.CONNECT_FAILED, 3.0));
        assertThat(first.bypass()).isEqualTo(0.25);
        assertThat(first.retry()).isEqualTo(new Retry(2, Duration.ofMillis(500)));
        assertThat(first.sourcePort()).isEqualTo(Group.SourcePort.ONE);
        assertThat(first.pool()).isEqualTo(Optional.of("main"));
        assertThat(first.flowsPerSecond()).isCloseTo(2.625, within(1e-9));
        Group second = workload.groups().get(1);
        assertThat(second.behaviour()).isEqualTo(new Keeps(9, Duration.ofSeconds(2), Duration.ofMinutes(1)));
        assertThat(second.destinations()).isEqualTo(Destinations.one());
        assertThat(second.retry()).isEqualTo(Retry.never());
    }

    @Test
    void everyMistakeIsToldAtOnceWithItsPlace() throws IOException {
        String expected = golden("mistakes.txt");
        assertThatThrownBy(() -> read("""
                        descripton: a slip
                        groups:
                          - name: web
                            subscribers: many
                            opens: { rate: 3, burst: 0 }
                            lifetime: forever
                            destinations: { popularity: pareto, count: 0 }
                            protocols: { tcp: 0 }
                            bypass: 2
                            retry: { times: 99 }
                          - keeps: { pause: 0s }
                            opens: { rate: 1/s }
                            lifetime: constant:1s
                        """))
                .isInstanceOf(ConfigException.class)
                .message()
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("oneMistake")
    void aMistakeIsToldWithWhatWasExpected(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }

    static Stream<List<String>> mistakes() {
        return Stream.of(
                List.of("", "groups: missing"),
                List.of("groups: []", "groups: [] (expected: a list of at least one)"),
                List.of("groups: [", "not YAML"));
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> oneMistake() {
        return mistakes().map(pair -> org.junit.jupiter.params.provider.Arguments.of(pair.get(0), pair.get(1)));
    }

    @Test
    void recordedTimesAreOfAFileBesideTheWorkload() throws Exception {
        Files.writeString(folder.resolve("times.txt"), "0\n1.5\n1.5\n");
        Group group = read("""
                groups:
                  - name: recorded
                    opens: { recorded: times.txt }
                    lifetime: constant:1s
                """).groups().get(0);

        assertThat(group.behaviour())
                .isEqualTo(new Opens(new Recorded(List.of(0L, 1_500_000_000L, 1_500_000_000L)), 1));
        Files.writeString(folder.resolve("times.txt"), "0\n\nsoon\n");
        assertThatThrownBy(() -> read("groups: [{name: a, opens: {recorded: times.txt}, lifetime: constant:1s}]"))
                .hasMessageStartingWith("times.txt:2:1: error: ");
    }

    @Test
    void whatComesWithTheProgramIsWhatIsInTheFolder() throws Exception {
        List<Workload> all = YamlFiles.shipped("workloads", Workloads.NAMES, Workloads::load);
        assertThat(all)
                .allSatisfy(workload -> assertThat(workload.description()).isNotEmpty());
    }

    @Test
    void aNameThatIsNoneIsAnError() {
        assertThatThrownBy(() -> Workloads.load("residental"))
                .hasMessage("--workload residental: error: no such workload, did you mean \"residential\"?");
        assertThatThrownBy(() -> Workloads.load("nowhere.yaml")).hasMessage("nowhere.yaml: error: no such file");
    }

    private Workload read(String text) throws ConfigException, IOException {
        return YamlFiles.read(folder, text, Workloads::load);
    }

    private static String golden(String name) throws IOException {
        try (var in = WorkloadReaderTest.class.getResourceAsStream(name)) {
            return new String(
                            java.util.Objects.requireNonNull(in).readAllBytes(),
                            java.nio.charset.StandardCharsets.UTF_8)
                    .strip();
        }
    }
}
