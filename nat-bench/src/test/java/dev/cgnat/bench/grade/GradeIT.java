package dev.cgnat.bench.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.load.Endpoints;
import dev.cgnat.bench.load.Sighting;
import dev.cgnat.bench.load.SinkListener;
import dev.cgnat.bench.load.SinkServer;
import dev.cgnat.bench.load.Via;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.NatProxy;
import dev.cgnat.proxy.config.ConfigLoader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examiner names what small pools of our own proxy were configured to do. */
final class GradeIT {
    private static final String FRONT = """
            listeners:
              - { name: socks, type: socks, bind: "127.0.0.1:0" }
              - { name: web, type: http-connect, bind: "127.0.0.1:0" }
            admin: { bind: "127.0.0.1:0" }
            """;

    private static final GradePlan.Bounds BOUNDS =
            new GradePlan.Bounds(5_000, Duration.ofMinutes(5), Duration.ofSeconds(5));

    /** Of the ports drawn: of verdicts that are right 99 times in 100, one in this class would be wrong every few dozen runs. */
    private static final long SEED = 1;

    @TempDir
    private Path folder;

    @Test
    void scopeHostWithArbitraryPooling() throws Exception {
        Findings found = grade("""
                pools:
                  - addresses: 127.0.61.1-127.0.61.2
                    ports: 20100-20163
                    reuse-scope: host
                    pooling: arbitrary
                    hold-down: { client-fin: 3s, server-fin: 0s, reset: 0s }
                """);
        assertThat(found.sharing().scope().value()).contains(ReuseScope.HOST);
        assertThat(found.sharing().pooling().value()).contains(Pooling.ARBITRARY);
        assertThat(found.ports().range().value()).contains(new PortRange(20_100, 20_163));
        assertSelection(found, Selection.Kind.UNIFORM, Selection.Preference.NONE);
        assertThat(found.ports().selection().value().orElseThrow().bits()).isBetween(5.0, 6.5);
        assertThat(found.refusals().limit().value()).isEmpty();
        assertThat(found.refusals().existing().value()).contains(true);
        assertRests(found, Map.of(CloseCause.CLIENT_FIN, 3_000, CloseCause.SERVER_FIN, 0, CloseCause.RESET, 0));
    }

    @Test
    void scopeAddressWithEndpointIndependentMapping() throws Exception {
        Findings found = grade("""
                pools:
                  - addresses: 127.0.62.1-127.0.62.2
                    ports: 20200-20239
                    reuse-scope: address
                    mapping: endpoint-independent
                    hold-down: 3s
                """);
        assertThat(found.sharing().scope().value()).contains(ReuseScope.ADDRESS);
        assertThat(found.sharing().mapping().value()).contains(Mapping.ENDPOINT_INDEPENDENT);
        assertThat(found.sharing().pooling().value()).contains(Pooling.PAIRED);
        assertThat(found.ports().range().value()).contains(new PortRange(20_200, 20_239));
        assertSelection(found, Selection.Kind.UNIFORM, Selection.Preference.NONE);
        assertRests(found, Map.of(CloseCause.CLIENT_FIN, 3_000, CloseCause.SERVER_FIN, 3_000, CloseCause.RESET, 3_000));
        assertVerdict(found, "RFC 4787 REQ-1", Verdict.Status.COMPLIES);
        assertVerdict(found, "RFC 6888 REQ-2", Verdict.Status.COMPLIES);
        assertVerdict(found, "RFC 6888 REQ-4", Verdict.Status.VIOLATES);
        assertVerdict(found, "RFC 6888 REQ-8", Verdict.Status.VIOLATES);
    }

    @Test
    void scopeRemoteHostWithSequentialPorts() throws Exception {
        Findings found = grade("""
                pools:
                  - addresses: 127.0.63.1
                    ports: 20300-20363
                    reuse-scope: remote-host
                    mapping: address-dependent
                    port-selection: sequential
                    hold-down: { client-fin: 0s, server-fin: 3s, reset: 0s }
                """);
        assertThat(found.sharing().scope().value()).contains(ReuseScope.REMOTE_HOST);
        assertThat(found.sharing().mapping().value()).contains(Mapping.ADDRESS_DEPENDENT);
        assertThat(found.ports().range().value()).contains(new PortRange(20_300, 20_363));
        assertSelection(found, Selection.Kind.SEQUENTIAL, Selection.Preference.NONE);
        assertThat(found.ports().selection().value().orElseThrow().bits()).isLessThan(1);
        assertRests(found, Map.of(CloseCause.CLIENT_FIN, 0, CloseCause.SERVER_FIN, 3_000, CloseCause.RESET, 0));
        assertVerdict(found, "RFC 6888 REQ-15", Verdict.Status.VIOLATES);
    }

    @Test
    void scopeFourTupleInBlocks() throws Exception {
        Findings found = grade("""
                pools:
                  - addresses: 127.0.64.1
                    ports: 20400-20559
                    blocks: { size: 10, max-per-subscriber: 2 }
                    hold-down: { client-fin: 3s, server-fin: 0s, reset: 0s }
                """);
        assertBlocks(found);
        assertRests(found, Map.of(CloseCause.CLIENT_FIN, 3_000, CloseCause.SERVER_FIN, 0, CloseCause.RESET, 0));

        Findings again = gradeEmulated(found); // with the profile that it wrote itself
        assertBlocks(again);
        assertRests(again, Map.of(CloseCause.CLIENT_FIN, 3_000, CloseCause.SERVER_FIN, 0, CloseCause.RESET, 0));
    }

    private static void assertBlocks(Findings found) {
        assertThat(found.sharing().scope().value()).as(found.toString()).contains(ReuseScope.FOUR_TUPLE);
        assertThat(found.ports().blocks().value())
                .as(found.toString())
                .contains(new Blocks(OptionalInt.of(10), OptionalInt.of(2)));
        assertThat(found.ports().range().value()).contains(new PortRange(20_400, 20_559));
        assertThat(found.refusals().limit().value()).contains(20L);
    }

    @Test
    void preservedPortsWithALimitAndSilence() throws Exception {
        Findings found = grade("""
                pools:
                  - addresses: 127.0.65.1-127.0.65.2
                    ports: 20600-20679
                    pooling: arbitrary
                    prefer: same-port
                    on-exhaustion: blackhole
                    hold-down: { client-fin: 0s, server-fin: 0s, reset: 3s }
                limits: { sessions-per-subscriber: 12 }
                """);
        assertPreserved(found);
        Findings again = gradeEmulated(found);
        assertPreserved(again);
    }

    private static void assertPreserved(Findings found) {
        assertThat(found.sharing().scope().value()).as(found.toString()).contains(ReuseScope.FOUR_TUPLE);
        assertThat(found.sharing().pooling().value()).contains(Pooling.ARBITRARY);
        assertThat(found.ports().range().value()).contains(new PortRange(20_600, 20_679));
        assertSelection(found, Selection.Kind.UNIFORM, Selection.Preference.SAME_PORT);
        assertThat(found.refusals().limit().value()).contains(12L);
        assertThat(found.refusals().shape().value().orElseThrow().kind()).isEqualTo(RefusalKind.SILENCE);
        assertRests(found, Map.of(CloseCause.CLIENT_FIN, 0, CloseCause.SERVER_FIN, 0, CloseCause.RESET, 3_000));
        assertVerdict(found, "RFC 6888 REQ-4", Verdict.Status.COMPLIES);
    }

    @Test
    void forwardsWhosePortsQueue() throws Exception {
        List<InetSocketAddress> sinks = List.of(at("127.0.0.1"), at("127.0.0.1"), at("127.0.0.2"));
        try (SinkServer server = SinkServer.start(sinks, new Unheard(), SinkServer.Talk.TELL)) {
            String forwards = IntStream.range(0, 3)
                    .mapToObj(i -> String.format(
                            Locale.ROOT,
                            "  - { name: f%d, type: forward, bind: \"127.0.0.1:0\", target: \"%s\" }%n",
                            i,
                            Endpoints.text(server.addresses().get(i))))
                    .collect(Collectors.joining());
            Findings found = Exact.examined(() -> forwarded(server, forwards));
            assertThat(found.sharing().scope().value()).contains(ReuseScope.FOUR_TUPLE);
            assertThat(found.sharing().mapping().value()).contains(Mapping.ADDRESS_AND_PORT_DEPENDENT);
            assertThat(found.ports().range().value()).contains(new PortRange(20_700, 20_763));
            assertSelection(found, Selection.Kind.LEAST_RECENTLY_FREED, Selection.Preference.NONE);
            assertThat(found.refusals().shape().value().orElseThrow().kind()).isEqualTo(RefusalKind.RESET);
            assertRests(found, Map.of(CloseCause.CLIENT_FIN, 3_000, CloseCause.SERVER_FIN, 0, CloseCause.RESET, 0));
        }
    }

    private Findings forwarded(SinkServer server, String forwards) throws Exception {
        try (NatProxy proxy = start("listeners:\n" + forwards + """
                admin: { bind: "127.0.0.1:0" }
                pools:
                  - addresses: 127.0.66.1
                    ports: 20700-20763
                    port-selection: least-recently-freed
                    on-exhaustion: reset
                    hold-down: { client-fin: 3s, server-fin: 0s, reset: 0s }
                """)) {
            return run(new GradePlan(
                    List.of(new Via.Forward()),
                    server.addresses(),
                    true,
                    List.of(proxy.address("f0"), proxy.address("f1"), proxy.address("f2")),
                    "127.1.0.0/16",
                    64,
                    BOUNDS,
                    1));
        }
    }

    @Test
    void aPoolThatIsTooBigIsBoundedBySampling() throws Exception {
        try (NatProxy proxy = start(FRONT + """
                pools:
                  - { addresses: 127.0.67.1, ports: 1024-65535 }
                """)) {
            GradePlan.Bounds few = new GradePlan.Bounds(1_000, Duration.ofMinutes(5), Duration.ofSeconds(5));
            Findings found = run(plan(proxy, few));
            PortRange range = found.ports().range().value().orElseThrow();
            assertThat(range.first()).as(found.ports().range().evidence()).isBetween(1_024, 1_600);
            assertThat(range.last()).as(found.ports().range().evidence()).isBetween(65_000, 65_535);
            assertSelection(found, Selection.Kind.UNIFORM, Selection.Preference.NONE);
            assertThat(found.rests().holdDown(CloseCause.CLIENT_FIN).value()).isEmpty();
            assertThat(found.rests().holdDown(CloseCause.CLIENT_FIN).evidence())
                    .contains("could not be run dry (600 connections)");
            assertThat(found.effort().connections()).isLessThanOrEqualTo(1_000);
            assertVerdict(found, "RFC 6888 REQ-8", Verdict.Status.NOT_SEEN);
        }
    }

    private Findings grade(String pools) throws Exception {
        return Exact.examined(() -> {
            try (NatProxy proxy = start(FRONT + pools)) {
                return run(plan(proxy, BOUNDS));
            }
        });
    }

    /** Examines the emulator as it is with the profile that was written about another NAT. */
    private Findings gradeEmulated(Findings found) throws Exception {
        return grade(ProfileWriter.write(found, "a NAT"));
    }

    private NatProxy start(String yaml) throws Exception {
        Path file = folder.resolve("natproxy.yaml");
        Files.writeString(file, yaml);
        return NatProxy.rehearse(ConfigLoader.load(Optional.of(file), Optional.empty()), SEED, call -> {}, event -> {});
    }

    private static GradePlan plan(NatProxy proxy, GradePlan.Bounds bounds) {
        return new GradePlan(
                List.of(new Via.Socks5(proxy.address("socks")), new Via.HttpConnect(proxy.address("web"))),
                List.of(at("127.0.0.1"), at("127.0.0.1"), at("127.0.0.2")),
                false,
                List.of(),
                "127.1.0.0/16",
                64,
                bounds,
                1);
    }

    private static Findings run(GradePlan plan) throws Exception {
        try (Grader grader = Grader.open(plan, text -> {})) {
            return grader.run();
        }
    }

    private static InetSocketAddress at(String address) {
        return new InetSocketAddress(address, 0);
    }

    private static void assertSelection(Findings found, Selection.Kind kind, Selection.Preference prefer) {
        Selection selection = found.ports().selection().value().orElseThrow();
        assertThat(selection.kind()).as(found.ports().selection().evidence()).contains(kind);
        assertThat(selection.prefer()).as(found.ports().selection().evidence()).isEqualTo(prefer);
    }

    /**
     * A port is never lent early, and is there once it has rested. What was called its rest is right to ±10 %; only where this machine
     * could not tell is it allowed to be wrong.
     */
    private static void assertRests(Findings found, Map<CloseCause, Integer> millis) {
        millis.forEach((cause, rest) -> {
            Finding<HoldDown> finding = found.rests().holdDown(cause);
            HoldDown seen = finding.value().orElseThrow(() -> new AssertionError(cause + ": " + finding.evidence()));
            String what = cause + ": " + finding.evidence();
            assertThat(seen.atMost().toMillis()).as(what).isGreaterThanOrEqualTo(rest);
            long rounded = seen.rounded().toMillis();
            boolean isRight = rounded >= rest * 9L / 10 && rounded <= rest * 11L / 10;
            if (!isRight && !Exact.isExact(seen)) {
                System.err.println("SKIPPED: this machine is too slow to tell a rest to a tenth, " + what);
            } else {
                assertThat(rounded).as(what).isBetween(rest * 9L / 10, rest * 11L / 10);
            }
        });
    }

    private static void assertVerdict(Findings found, String row, Verdict.Status status) {
        assertThat(Verdicts.of(found))
                .filteredOn(verdict -> verdict.row().equals(row))
                .singleElement()
                .satisfies(verdict ->
                        assertThat(verdict.status()).as(verdict.evidence()).isEqualTo(status));
    }

    private static final class Unheard implements SinkListener {
        @Override
        public void opened(Sighting sighting) {}

        @Override
        public void closed(Sighting sighting) {}
    }
}
