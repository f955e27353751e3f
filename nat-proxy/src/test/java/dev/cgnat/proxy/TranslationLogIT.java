package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.config.LogSink;
import dev.cgnat.proxy.config.LogSink.Format;
import dev.cgnat.proxy.config.TranslationLogConfig;
import dev.cgnat.proxy.config.TranslationLogConfig.Granularity;
import dev.cgnat.proxy.config.TranslationLogConfig.OnFailure;
import dev.cgnat.proxy.log.TranslationLog;
import dev.cgnat.proxy.testing.Metrics;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.OwnLog;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the translation log has of real flows, and what becomes of flows when it cannot be written. */
@ExtendWith(NoLeaks.class)
class TranslationLogIT {
    /** More records than the kernel and the queue hold. */
    private static final int MANY = 5_000;

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    @Test
    @Tag("rfc6888-req12")
    void aFlowHasOneRecordOfItsBeginningAndOneOfItsEndAndNoneOfItsDestination() throws Exception {
        Path file = folder.resolve("log.jsonl");
        SocksClient flow;
        Sink sink;
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.230", 20_000, 20_003)).log(jsonl(file)))) {
            sink = rig.sink(Sink.echoing(), "127.0.0.2");
            flow = rig.socksFrom("127.20.0.1", sink.address());
            flow.close();
            rig.awaitNoFlow();
        }
        List<JsonNode> records = records(file);

        assertThat(events(records)).containsExactly("log-start", "session-create", "session-delete");
        assertThat(records.subList(1, 3)).allSatisfy(record -> {
            assertThat(record.path("subscriber").asString()).isEqualTo("127.20.0.1");
            assertThat(record.path("external").asString()).isEqualTo(text(flow.bound()));
            assertThat(record.path("internal").asString()).startsWith("127.20.0.1:");
            assertThat(record.path("pool").asString()).isEqualTo("main");
            assertThat(record.has("destination")).isFalse();
        });
        assertThat(Files.readString(file))
                .doesNotContain("127.0.0.2")
                .doesNotContain(":" + sink.address().getPort());
        assertThat(records.get(2).path("cause").asString()).isEqualTo("client_fin");
    }

    @Test
    void destinationsAreNamedIfAskedForAndCsvSaysTheSame() throws Exception {
        Path file = folder.resolve("log.csv");
        LogSink csv = new LogSink.File(file, Format.CSV);
        TranslationLogConfig log = TranslationLogConfig.defaults().withSink(csv).withDestinations();
        InetSocketAddress destination;
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.231", 20_000, 20_003)).log(log))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            destination = sink.address();
            rig.socks(destination).close();
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(0))
                .isEqualTo("time,event,nat-event,pool,subscriber,protocol,internal,external,ports,destination,flow,"
                        + "cause,held-until,limit");
        assertThat(lines).hasSize(4);
        assertThat(lines.get(2)).contains(",session-create,4,main,127.0.0.1,tcp,", "," + text(destination) + ",1,,,");
        assertThat(lines.get(3)).contains(",session-delete,5,main,", "," + text(destination) + ",1,client_fin,");
    }

    @Test
    void aFileThatIsRotatedByRenamingOrDeletedAndMadeAnewLosesNoRecord() throws Exception {
        Path file = folder.resolve("log.jsonl");
        int rotations = 5;
        int flows = 40;
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.232", 20_000, 20_099)).log(jsonl(file)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            for (int i = 0; i < rotations; i++) {
                for (int j = 0; j < flows; j++) {
                    rig.socks(sink.address()).close();
                }
                Files.move(file, folder.resolve("log.jsonl." + i));
                if (i % 2 == 0) {
                    Files.createFile(file); // as logrotate's "create" does
                } else {
                    rig.socks(sink.address()).close();
                    await().atMost(Wire.GUARD).until(() -> Files.exists(file));
                }
            }
        }
        List<JsonNode> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                all.addAll(records(each));
            }
        }
        int begun = rotations * flows + rotations / 2;
        assertThat(all)
                .filteredOn(record -> record.path("event").asString().equals("session-create"))
                .extracting(record -> record.path("flow").asLong())
                .doesNotHaveDuplicates()
                .hasSize(begun);
        assertThat(all)
                .filteredOn(record -> record.path("event").asString().equals("session-delete"))
                .hasSize(begun);
        assertThat(Files.getPosixFilePermissions(folder.resolve("log.jsonl.0"))).hasSize(2);
    }

    @Test
    @Tag("rfc7422")
    void blocksAreLoggedInPlaceOfTheFlowsInThem() throws Exception {
        Path file = folder.resolve("log.jsonl");
        PoolConfig pool = pool("127.0.10.233", 20_000, 20_011).withBlocks(new PortBlockConfig(4, 2, BlockGrowth.ONE));
        try (Rig rig = Rig.start(Proxies.with(pool).log(jsonl(file).withGranularity(Granularity.BLOCK)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            for (int i = 0; i < 9; i++) {
                assertThat(rig.socksFrom("127.20.0.1", sink.address()).isGranted())
                        .isEqualTo(i < 8);
            }
        }
        assertThat(events(records(file)))
                .containsExactly(
                        "log-start",
                        "block-allocate",
                        "block-allocate",
                        "quota-exceeded",
                        "block-release",
                        "block-release");
    }

    @Test
    void aPoolThatGetsNearlyFullIsToldAndThatItIsOver() throws Exception {
        Path file = folder.resolve("log.jsonl");
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.239", 20_000, 20_004)).log(jsonl(file)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            for (int i = 0; i < 4; i++) {
                rig.socks(sink.address());
            }
            await().atMost(Wire.GUARD).until(() -> thresholds(file).equals(List.of("high 80")));
            rig.closeClients();
            await().atMost(Wire.GUARD).until(() -> thresholds(file).equals(List.of("high 80", "low 70")));
        }
    }

    @Test
    void whatWentShortIsToldOnceInAWhile() throws Exception {
        Path file = folder.resolve("log.jsonl");
        Proxies proxies = Proxies.with(pool("127.0.10.234", 20_000, 20_001))
                .limits(LimitConfig.defaults().withSessionsPerSubscriber(1))
                .log(jsonl(file));
        try (Rig rig = Rig.start(proxies)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            for (int i = 0; i < 5; i++) {
                rig.socksFrom("127.20.0.1", sink.address());
                rig.socksFrom("127.20.0.2", sink.address());
                rig.socksFrom("127.20.0.3", sink.address());
            }
        }
        List<JsonNode> records = records(file);
        assertThat(records)
                .filteredOn(record -> record.path("event").asString().equals("quota-exceeded"))
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.path("limit").asInt()).isEqualTo(1));
        assertThat(records)
                .filteredOn(record -> record.path("nat-event").asInt() == 12)
                .singleElement()
                .satisfies(
                        record -> assertThat(record.path("external").asString()).isEqualTo("127.0.10.234"));
    }

    @Test
    void newFlowsAreRefusedWhileTheFolderOfTheFileIsAwayAndServedWhenItIsBack() throws Exception {
        Path logs = Files.createDirectory(folder.resolve("logs"));
        Path away = folder.resolve("away");
        TranslationLogConfig log = jsonl(logs.resolve("log.jsonl")).withOnFailure(OnFailure.REFUSE_NEW);
        try (OwnLog told = OwnLog.of(TranslationLog.class);
                Rig rig = Rig.start(
                        Proxies.with(pool("127.0.10.235", 20_000, 20_099)).log(log))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient lives = rig.socks(sink.address());
            assertThat(lives.isGranted()).isTrue();
            Files.move(logs, away);

            await().atMost(Wire.GUARD).until(() -> !rig.socks(sink.address()).isGranted());
            assertThat(Metrics.value(rig, "cgn_port_allocation_failures_total", "reason=\"log_unavailable\""))
                    .isPositive();
            assertThat(Metrics.get(rig, "/readyz").statusCode()).isEqualTo(503);
            assertThat(lives.wire().send((byte) 7).read(1)).containsExactly(7);
            await().atMost(Wire.GUARD).until(() -> !told.lines().isEmpty());
            assertThat(told.lines())
                    .singleElement()
                    .asString()
                    .startsWith("translation log (file): ")
                    .endsWith("; new flows are refused");

            Files.move(away, logs);
            await().atMost(Wire.GUARD).until(() -> rig.socks(sink.address()).isGranted());
            assertThat(Metrics.value(rig, "cgn_translation_log_dropped_total")).isZero();
            await().atMost(Wire.GUARD).until(() -> told.lines().size() > 1);
            assertThat(told.lines().get(1))
                    .isEqualTo("translation log (file) writes again; 0 records were lost since the start");
        }
        List<JsonNode> records = records(logs.resolve("log.jsonl"));
        assertThat(events(records)).filteredOn("session-create"::equals).hasSizeGreaterThan(1);
        assertThat(events(records).stream().filter("session-delete"::equals).count())
                .isEqualTo(events(records).stream()
                        .filter("session-create"::equals)
                        .count());
    }

    @Test
    void aCollectorThatTakesNothingBlocksNoFlowAndWhatIsLostIsCounted() throws Exception {
        try (ServerSocket collector = deaf()) {
            Proxies proxies = Proxies.with(pool("127.0.10.236", 20_000, 20_099))
                    .log(syslogTo(collector).withQueue(16));
            try (Rig rig = Rig.start(proxies)) {
                Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
                await().atMost(Wire.GUARD).until(() -> {
                    for (int i = 0; i < 50; i++) {
                        SocksClient flow = rig.socks(sink.address());
                        assertThat(flow.isGranted()).isTrue();
                        flow.close();
                    }
                    return Metrics.value(rig, "cgn_translation_log_dropped_total", "sink=\"syslog\"") > 10;
                });
            }
        }
    }

    @Test
    void aCollectorThatTakesNothingLetsNoNewFlowInUntilItDoesAndTheEndsOfFlowsFindRoom() throws Exception {
        try (ServerSocket collector = deaf()) {
            Proxies proxies = Proxies.with(pool("127.0.10.237", 20_000, 20_999))
                    .log(syslogTo(collector).withQueue(64).withOnFailure(OnFailure.REFUSE_NEW));
            try (Rig rig = Rig.start(proxies)) {
                Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
                boolean isGranted = true;
                for (int i = 0; i < MANY && isGranted; i++) {
                    SocksClient flow = rig.socks(sink.address());
                    flow.close();
                    isGranted = flow.isGranted();
                }
                assertThat(isGranted).isFalse();
                assertThat(Metrics.value(rig, "cgn_translation_log_dropped_total"))
                        .isZero();

                try (Socket taken = collector.accept()) {
                    Thread reader = new Thread(() -> drain(taken));
                    reader.start();
                    await().atMost(Wire.GUARD)
                            .until(() -> rig.socks(sink.address()).isGranted());
                    rig.closeClients();
                    rig.awaitNoFlow();
                    rig.proxy().close(); // whereupon the reader ends
                    reader.join();
                }
            }
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsAnErrorAtTheStart() {
        Path nowhere = folder.resolve("no/such/folder/log.jsonl");
        assertThatThrownBy(() -> NatProxy.start(Proxies.with(pool("127.0.10.238", 20_000, 20_003))
                        .log(jsonl(nowhere))
                        .config()))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("translation-log.path: " + nowhere + " (expected: a file to write)");
    }

    private static TranslationLogConfig jsonl(Path file) {
        return TranslationLogConfig.defaults().withSink(new LogSink.File(file, Format.JSONL));
    }

    private static TranslationLogConfig syslogTo(ServerSocket collector) {
        Target target = new Target("127.0.0.1", collector.getLocalPort());
        return TranslationLogConfig.defaults().withSink(new LogSink.Syslog(target, LogSink.Protocol.TCP));
    }

    /** Connections are made by the kernel, and nobody reads. */
    private static ServerSocket deaf() throws IOException {
        ServerSocket collector = new ServerSocket();
        collector.setReceiveBufferSize(4_096);
        collector.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return collector;
    }

    private static void drain(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<JsonNode> records(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(JSON::readTree).toList();
    }

    private static List<String> thresholds(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.endsWith("}")) // the last may be being written
                .map(JSON::readTree)
                .filter(record -> record.path("event").asString().equals("threshold"))
                .map(record -> record.path("cause").asString() + " "
                        + record.path("limit").asInt())
                .toList();
    }

    private static List<String> events(List<JsonNode> records) {
        return records.stream().map(record -> record.path("event").asString()).toList();
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
