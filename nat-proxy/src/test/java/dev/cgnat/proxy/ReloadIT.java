package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.ConfigSource;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.testing.Api;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What can be changed while flows live, and what cannot. */
@ExtendWith(NoLeaks.class)
class ReloadIT {
    private static final String CONFIG = """
            listeners: [{ name: socks, type: socks, bind: "127.0.0.1:0", pool: main }]
            pools: [{ name: main, addresses: [%s], ports: [20000-20001], hold-down: 0s, paired-overflow: spill, alarm: { raise: 0.9 } }]
            limits: { sessions-per-subscriber: %s }
            admin: { bind: "127.0.0.1:0" }
            translation-log: { sink: file, path: log.jsonl, destinations: true }
            """;

    @TempDir
    private Path folder;

    private Path file;
    private NatProxy proxy;
    private Sink sink;
    private final List<SocksClient> clients = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("cgnat.yaml");
        Files.writeString(file, CONFIG.formatted("127.0.15.1", "100"));
        ConfigSource source = new ConfigSource(Optional.of(file), Optional.empty(), List.of());
        proxy = NatProxy.start(source.load().config(), source);
        sink = Sink.start(Sink.echoing(), "127.0.0.2");
    }

    @AfterEach
    void stop() throws IOException {
        for (SocksClient client : clients) {
            client.close();
        }
        proxy.close();
        sink.close();
    }

    @Test
    @Tag("conformance-a08")
    void addressThatIsAddedByReloadServesAPoolThatWasEmpty() throws Exception {
        assertThat(open(2)).isEqualTo(2);
        assertThat(open(5)).isZero();
        Api api = api();
        assertThat(api.get("/pools/main").get("refused").get("exhausted").asInt())
                .isEqualTo(5);

        Files.writeString(file, CONFIG.formatted("127.0.15.1-127.0.15.2", "100"));
        Api.Reply dry = api.send("POST", "/reload?dryRun=true", "");
        assertThat(dry.body().get("applied").asBoolean()).isFalse();
        assertThat(dry.body().get("changes").get(0).get("path").asString()).isEqualTo("pools[0].addresses");
        assertThat(open(1)).isZero();

        Api.Reply reply = api.send("POST", "/reload", "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().get("applied").asBoolean()).isTrue();
        assertThat(open(3)).isEqualTo(2);
        assertThat(sink.connections().subList(2, 4))
                .allSatisfy(seen ->
                        assertThat(seen.peer().getAddress().getHostAddress()).isEqualTo("127.0.15.2"));
        assertThat(api.get("/pools/main").get("capacity").get("ports").asInt()).isEqualTo(4);
    }

    @Test
    void addressThatIsRemovedLendsNothingAndIsBackWithTheNextReload() throws Exception {
        Api api = api();
        Files.writeString(file, CONFIG.formatted("127.0.15.1-127.0.15.2", "100"));
        api.send("POST", "/reload", "");
        Files.writeString(file, CONFIG.formatted("127.0.15.2", "100"));
        assertThat(api.send("POST", "/reload", "").status()).isEqualTo(200);
        assertThat(open(3)).isEqualTo(2);
        JsonNode removed = api.get("/pools/main/addresses").get("items").get(0);
        assertThat(removed.get("state").asString()).isEqualTo("disabled");
        assertThat(removed.get("reasons").get(0).asString()).isEqualTo("removed");

        Files.writeString(file, CONFIG.formatted("127.0.15.1-127.0.15.2", "100"));
        api.send("POST", "/reload", "");
        assertThat(open(3)).isEqualTo(2);
    }

    @Test
    @Tag("conformance-b02")
    void quotaForAnUndefinedClassIsRefusedWithItsPlaceAndNothingChanges() {
        Api api = api();
        String before = api.get("/config").get("hash").asString();
        String wanted = CONFIG.formatted("127.0.15.1", "1") + "quotas: { gold: 5 }\n";
        for (String dryRun : List.of("true", "false")) {
            Api.Reply reply = api.send("PUT", "/config?dryRun=" + dryRun, wanted);
            assertThat(reply.status()).isEqualTo(422);
            JsonNode error = reply.body().get("errors").get(0);
            assertThat(error.get("path").asString()).isEqualTo("quotas");
            assertThat(error.get("line").asInt()).isEqualTo(6);
        }
        assertThat(api.get("/config").get("hash").asString()).isEqualTo(before);
        assertThat(api.get("/status").get("config").get("lastReloadOk").asBoolean())
                .isFalse();
    }

    @Test
    @Tag("conformance-b09")
    void limitsThatAreShownAreThoseThatHold() throws Exception {
        Api api = api();
        String tag = api.send("GET", "/config", "").header("etag");
        Api.Reply reply = api.send("PUT", "/config", CONFIG.formatted("127.0.15.1", "1"), "If-Match", tag);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(open(2)).isOne();

        assertThat(api.get("/config")
                        .get("config")
                        .get("limits")
                        .get("sessions-per-subscriber")
                        .asInt())
                .isOne();
        assertThat(api.get("/subscribers")
                        .get("items")
                        .get(0)
                        .get("limits")
                        .get("sessionsPerSubscriber")
                        .asInt())
                .isOne();
        assertThat(api.get("/pools/main").get("refused").get("session_limit").asInt())
                .isOne();
        assertThat(api.send("PUT", "/config", CONFIG.formatted("127.0.15.1", "9"), "If-Match", tag)
                        .status())
                .isEqualTo(412);
    }

    @Test
    void explanationAndTheLogNameTheLimitThatAReloadHasPutInForce() throws Exception {
        Api api = api();
        Files.writeString(file, CONFIG.formatted("127.0.15.1", "1"));
        assertThat(api.send("POST", "/reload", "").status()).isEqualTo(200);
        assertThat(open(2)).isOne();

        JsonNode explained = explain(api, "socks");
        assertThat(explained.get("verdict").asString()).isEqualTo("refused");
        assertThat(explained.get("reason").asString()).isEqualTo("session_limit");
        await().atMost(Wire.GUARD)
                .untilAsserted(() -> assertThat(Files.readAllLines(folder.resolve("log.jsonl")))
                        .filteredOn(line -> line.contains("quota-exceeded"))
                        .singleElement()
                        .asString()
                        .endsWith("\"limit\":1}"));
    }

    @Test
    void listenerThatCameWhileFlowsLiveCanBeAskedAbout() throws Exception {
        Endpoint anyPort = new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), 0);
        proxy.listen(new ListenerConfig("late", ListenerConfig.Type.SOCKS, anyPort, Optional.empty(), "main"));
        assertThat(explain(api(), "late").get("verdict").asString()).isEqualTo("granted");
    }

    @Test
    @Tag("conformance-a16")
    void forwardOnAPortThatIsLentIsRefusedAndTheFlowLives() throws Exception {
        assertThat(open(2)).isEqualTo(2);
        Api api = api();
        String wanted = CONFIG.formatted("127.0.15.1", "1")
                .replace(
                        "pool: main }]",
                        "pool: main }, { name: in, type: forward, bind: \"127.0.15.1:20000\", target: \"127.0.0.2:80\", pool: main }]");

        Api.Reply reply = api.send("PUT", "/config", wanted);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.body().get("applied").asBoolean()).isFalse();
        List<String> restarts = new ArrayList<>();
        reply.body().get("changes").forEach(change -> {
            if (change.get("needsRestart").asBoolean()) {
                restarts.add(change.get("path").asString());
            }
        });
        assertThat(restarts).containsExactly("listeners[1]");
        assertThat(api.get("/config")
                        .get("config")
                        .get("limits")
                        .get("sessions-per-subscriber")
                        .asInt())
                .isEqualTo(100);
        assertThat(clients.get(0).wire().send("x").read(1)).asString().isEqualTo("x");
    }

    @Test
    void addressOfNoInterfaceIsRefusedAndNothingChanges() throws Exception {
        Files.writeString(file, CONFIG.formatted("127.0.15.1, 203.0.113.7", "1"));
        Api.Reply reply = api().send("POST", "/reload", "");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.body().get("detail").asString()).contains("203.0.113.7 cannot be bound");
        assertThat(proxy.config().nat().limits().sessionsPerSubscriber()).isEqualTo(100);
    }

    /** What becomes of one more flow through {@code listener}. */
    private JsonNode explain(Api api, String listener) {
        String question = """
                {"listener": "%s", "subscriber": "127.0.0.1", "destination": "127.0.0.2:%d"}""".formatted(listener, sink.address().getPort());
        Api.Reply reply = api.send("POST", "/explain", question, "Content-Type", "application/json");
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
        return reply.body();
    }

    private Api api() {
        return new Api(proxy.adminAddress());
    }

    /** How many of {@code count} flows of one subscriber are granted; those live on. */
    private int open(int count) throws IOException {
        int granted = 0;
        for (int i = 0; i < count; i++) {
            SocksClient client = SocksClient.connect(proxy.address("socks"), sink.address());
            clients.add(client);
            granted += client.isGranted() ? 1 : 0;
            if (client.isGranted()) {
                client.wire().send("x").read(1);
            }
        }
        return granted;
    }
}
