package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.proxy.testing.Api;
import dev.cgnat.proxy.testing.BlackHole;
import dev.cgnat.proxy.testing.EventReader;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Every path of the admin API over real HTTP, while flows live. */
@ExtendWith(NoLeaks.class)
class AdminApiIT {
    private static final String ALICE = "127.20.30.1";
    private static final String BOB = "127.20.30.2";

    @Test
    void statusPoolsAndAddressesTellWhatTheNatHolds() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.14.1", "127.0.14.2", 20_000, 20_009)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            flow(rig, ALICE, sink);
            flow(rig, ALICE, sink);
            flow(rig, BOB, sink);
            Api api = rig.api();

            assertThat(api.get("/version").get("transport").asString()).isNotEmpty();
            JsonNode status = api.get("/status");
            assertThat(status.get("status").asString()).isEqualTo("ready");
            assertThat(status.get("sessions").asInt()).isEqualTo(3);
            assertThat(status.get("subscribers").asInt()).isEqualTo(2);
            assertThat(status.get("listeners").get(0).get("bind").asString())
                    .isEqualTo("127.0.0.1:" + rig.proxy().address(Proxies.SOCKS).getPort());

            JsonNode pool = api.get("/pools").get(0);
            assertThat(pool).isEqualTo(api.get("/pools/main"));
            assertThat(pool.get("ports").get("inUse").asInt()).isEqualTo(3);
            assertThat(pool.get("ports").get("free").asInt()).isEqualTo(17);
            assertThat(pool.get("utilization").asDouble()).isEqualTo(0.15);
            assertThat(pool.get("granted").asInt()).isEqualTo(3);

            List<JsonNode> addresses = api.pages("/pools/main/addresses", 1);
            assertThat(addresses)
                    .extracting(node -> node.get("address").asString())
                    .containsExactly("127.0.14.1", "127.0.14.2");
            assertThat(addresses.stream()
                            .mapToInt(node -> node.get("ports").get("inUse").asInt())
                            .sum())
                    .isEqualTo(3);
            assertThat(api.send("GET", "/pools/other", "").status()).isEqualTo(404);
        }
    }

    @Test
    void sessionsAreFilteredSortedAndPaged() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.14.3", 20_000, 20_099)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            Sink other = rig.sink(Sink.echoing(), "127.0.0.3");
            for (int i = 0; i < 7; i++) {
                flow(rig, ALICE, sink).send("x".repeat(10 * i)).read(10 * i);
            }
            flow(rig, BOB, other);
            Api api = rig.api();

            assertThat(ids(api.pages("/sessions", 3))).hasSize(8).isSorted();
            assertThat(ids(api.pages("/sessions?sort=-id", 3)))
                    .hasSize(8)
                    .isSortedAccordingTo((a, b) -> Long.compare(b, a));
            List<JsonNode> heavy = api.pages("/sessions?sort=-bytes", 2);
            assertThat(heavy)
                    .extracting(node ->
                            node.get("bytesOut").asLong() + node.get("bytesIn").asLong())
                    .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                    .hasSize(8);
            assertThat(new HashSet<>(ids(heavy))).hasSize(8);

            assertThat(count(api, "subscriber=" + ALICE)).isEqualTo(7);
            assertThat(count(api, "src=127.20.30.0/24")).isEqualTo(8);
            assertThat(count(api, "src=" + BOB)).isEqualTo(1);
            assertThat(count(api, "dst=127.0.0.3")).isEqualTo(1);
            assertThat(count(api, "dst=:" + sink.address().getPort())).isEqualTo(7);
            assertThat(count(api, "dst=127.0.0.3:1")).isZero();
            assertThat(count(api, "state=established,half_closed&listener=socks"))
                    .isEqualTo(8);
            assertThat(count(api, "state=connecting")).isZero();
            assertThat(count(api, "listener=connect")).isZero();
            assertThat(count(api, "externalIp=127.0.14.3")).isEqualTo(8);
            assertThat(count(api, "olderThan=1h")).isZero();
            assertThat(count(api, "idleFor=0s")).isEqualTo(8);
            JsonNode one = api.get("/sessions?subscriber=" + BOB).get("items").get(0);
            int port = Integer.parseInt(one.get("external").asString().split(":", -1)[1]);
            // Another flow may have drawn the same port, to the other destination.
            assertThat(api.pages("/sessions?dst=127.0.0.3&port=" + port, 5))
                    .singleElement()
                    .satisfies(node -> assertThat(node.get("id")).isEqualTo(one.get("id")));
            assertThat(api.pages("/sessions?port=" + port, 5))
                    .allSatisfy(node -> assertThat(node.get("external").asString())
                            .isEqualTo(one.get("external").asString()));

            JsonNode lookup = api.get("/lookup?external=" + one.get("external").asString());
            assertThat(lookup.get("state").asString()).isEqualTo("in_use");
            assertThat(lookup.get("sessions").values())
                    .extracting(node -> node.get("subscriber").asString())
                    .contains(BOB);
            assertThat(api.send("GET", "/lookup?external=127.0.14.3:20000&at=2026-01-01T00:00:00Z", "")
                            .status())
                    .isEqualTo(501);
            for (String bad : List.of(
                    "limit=1001",
                    "limit=0",
                    "sort=colour",
                    "state=dead",
                    "src=x",
                    "cursor=rubbish",
                    "colour=red",
                    "olderThan=5")) {
                Api.Reply reply = api.send("GET", "/sessions?" + bad, "");
                assertThat(reply.status()).as(bad).isEqualTo(400);
                assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
                assertThat(reply.body().get("detail").asString()).as(bad).contains("(expected: ");
            }
        }
    }

    @Test
    void subscribersAndTopTellWhoUsesMost() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.14.4", 20_000, 20_099)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            flow(rig, ALICE, sink);
            flow(rig, ALICE, sink);
            flow(rig, BOB, sink).send("x".repeat(5_000)).read(5_000);
            Api api = rig.api();

            assertThat(api.pages("/subscribers", 1))
                    .extracting(node -> node.get("subscriber").asString())
                    .containsExactly(ALICE, BOB);
            assertThat(api.get("/top?by=sessions&n=1")
                            .get("items")
                            .get(0)
                            .get("value")
                            .asInt())
                    .isEqualTo(2);
            // Until a look has come after the last byte; each of them was counted when it came and when it went.
            JsonNode top = await().atMost(Wire.GUARD.multipliedBy(2))
                    .until(
                            () -> api.get("/top?by=bytes&window=60s"),
                            answer -> answer.get("items").values().stream()
                                            .mapToInt(item -> item.get("value").asInt())
                                            .sum()
                                    == 2 * (3 + 5_000));
            assertThat(top.get("items").values())
                    .extracting(item -> item.get("subscriber").asString())
                    .containsExactly(BOB, ALICE);
            assertThat(top.get("exact").asBoolean()).isTrue();
            assertThat(api.get("/top?by=new&window=10s").get("items").size()).isEqualTo(2);
            String destination = sink.address().getAddress().getHostAddress() + ":"
                    + sink.address().getPort();
            JsonNode live = api.get("/top?of=destinations").get("items");
            assertThat(live.size()).isOne();
            assertThat(live.get(0).get("destination").asString()).isEqualTo(destination);
            assertThat(live.get(0).get("value").asInt()).isEqualTo(3);
            JsonNode bytes = api.get("/top?of=destinations&by=bytes&window=60s");
            assertThat(bytes.get("items").get(0).get("destination").asString()).isEqualTo(destination);
            assertThat(bytes.get("items").get(0).get("value").asInt()).isGreaterThanOrEqualTo(10_000);
            assertThat(api.send("GET", "/top?by=luck", "").status()).isEqualTo(400);
            assertThat(api.send("GET", "/top?of=destinations&by=ports", "").status())
                    .isEqualTo(400);
            assertThat(api.send("GET", "/top?of=pools", "").status()).isEqualTo(400);
            assertThat(api.send("GET", "/top?window=15s&by=new", "").status()).isEqualTo(400);
        }
    }

    @Test
    @Tag("conformance-b07")
    void sessionThatIsKilledIsResetOnBothSidesAndGivesBackWhatItHad() throws Exception {
        Proxies proxies = Proxies.with(pool("127.0.14.5", 20_000, 20_099))
                .limits(LimitConfig.defaults().withSessionsPerSubscriber(2));
        try (Rig rig = Rig.start(proxies);
                BlackHole hole = new BlackHole()) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            Wire client = flow(rig, ALICE, sink);
            Api api = rig.api();
            JsonNode session = api.get("/sessions").get("items").get(0);
            JsonNode detail = api.get("/sessions/" + session.get("id").asLong());
            assertThat(detail.get("subscriberUse").get("sessions").asInt()).isOne();
            assertThat(detail.get("external")).isEqualTo(session.get("external"));

            Wire connecting = rig.keep(Wire.from(ALICE, rig.proxy().address(Proxies.SOCKS)));
            SocksClient.greet(connecting);
            connecting.send(SocksClient.request(hole.address()));
            await().atMost(Wire.GUARD).until(() -> count(api, "state=connecting") == 1);

            assertThat(api.send("DELETE", "/sessions/" + session.get("id").asLong(), "")
                            .status())
                    .isEqualTo(202);
            assertThat(client.readEnd()).isEqualTo(Wire.End.RESET);
            await().atMost(Wire.GUARD).until(() -> sink.connections().get(0).end() == Sink.End.RESET);
            assertThat(api.send("DELETE", "/sessions", "").status()).isEqualTo(400);
            assertThat(api.send("DELETE", "/sessions?state=connecting", "").status())
                    .isEqualTo(400);
            assertThat(api.send("DELETE", "/sessions?state=connecting&max=5&dryRun=true", "")
                            .body()
                            .get("killed")
                            .asInt())
                    .isOne();
            assertThat(api.send("DELETE", "/sessions?state=connecting&max=5", "")
                            .body()
                            .get("killed")
                            .asInt())
                    .isOne();
            assertThat(SocksClient.readReply(connecting).isGranted()).isFalse();

            rig.awaitNoFlow();
            assertThat(rig.proxy().snapshot().subscribers()).isZero();
            assertThat(api.send("GET", "/sessions/" + session.get("id").asLong(), "")
                            .status())
                    .isEqualTo(404);
            assertThat(flow(rig, ALICE, sink).send("y").read(1)).asString().isEqualTo("y");
        }
    }

    @Test
    void drainedAddressTakesNoNewFlowAndIsResetAtTheDeadline() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.14.6", "127.0.14.7", 20_000, 20_099)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            Wire client = flow(rig, ALICE, sink);
            String address = sink.connections().get(0).peer().getAddress().getHostAddress();
            Api api = rig.api();

            Api.Reply begun = api.send("POST", "/drain", "{\"scope\":\"address:" + address + "\"}");
            assertThat(begun.status()).isEqualTo(202);
            assertThat(begun.body().get("sessions").asInt()).isOne();
            assertThat(api.get("/sessions").get("items").get(0).get("draining").asBoolean())
                    .isTrue();
            flow(rig, ALICE, sink);
            assertThat(sink.connections().get(1).peer().getAddress().getHostAddress())
                    .isNotEqualTo(address);
            assertThat(client.send("x").read(1)).asString().isEqualTo("x");

            api.send("POST", "/drain", "{\"scope\":\"address:" + address + "\",\"deadline\":\"10ms\"}");
            assertThat(client.readEnd()).isEqualTo(Wire.End.RESET);
            await().atMost(Wire.GUARD)
                    .until(() -> api.get("/drain")
                            .get("drains")
                            .get(0)
                            .get("state")
                            .asString()
                            .equals("done"));
            assertThat(api.send("POST", "/undrain", "{\"scope\":\"address:" + address + "\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(api.send("POST", "/undrain", "{\"scope\":\"address:" + address + "\"}")
                            .status())
                    .isEqualTo(404);
            assertThat(api.send("POST", "/drain", "{\"scope\":\"address:10.9.9.9\"}")
                            .status())
                    .isEqualTo(400);
            assertThat(api.get("/pools/main").get("addresses").get("active").asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void drainedPoolAndProxyRefuseAndTakeFlowsAgain() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.14.8", 20_000, 20_099)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            Api api = rig.api();
            for (String scope : List.of("pool:main", "all")) {
                String order = "{\"scope\":\"" + scope + "\"}";
                assertThat(api.send("POST", "/drain", order).status()).isEqualTo(202);
                assertThat(rig.socksFrom(ALICE, sink.address()).isGranted()).isFalse();
                assertThat(api.get("/status").get("draining").asBoolean()).isEqualTo(scope.equals("all"));
                assertThat(api.send("POST", "/undrain", order).status()).isEqualTo(200);
                flow(rig, ALICE, sink);
            }
            assertThat(api.get("/pools/main").get("refused").get("draining").asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void eventsTellWhatHappensAndResumeWhereTheyWereLeft() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.14.9", 20_000, 20_099)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            long last;
            try (EventReader events = rig.keep(new EventReader(rig.proxy().adminAddress(), "?types=session,sample"))) {
                await().atMost(Wire.GUARD).until(() -> !events.events("sample").isEmpty());
                flow(rig, ALICE, sink).close();
                await().atMost(Wire.GUARD).until(() -> events.events("session").size() == 2);
                assertThat(events.events("session"))
                        .extracting(event -> event.data().get("kind").asString())
                        .containsExactly("opened", "closed");
                assertThat(events.events("session")
                                .get(1)
                                .data()
                                .get("bytesOut")
                                .asInt())
                        .isOne();
                last = events.events("session").get(1).id();
            }
            flow(rig, BOB, sink);
            try (EventReader resumed =
                    rig.keep(new EventReader(rig.proxy().adminAddress(), "?types=session", "Last-Event-ID: " + last))) {
                await().atMost(Wire.GUARD).until(() -> !resumed.events().isEmpty());
                assertThat(resumed.events()).first().satisfies(event -> {
                    assertThat(event.data().get("subscriber").asString()).isEqualTo(BOB);
                    assertThat(event.id()).isGreaterThan(last);
                });
            }
            assertThat(rig.api().send("GET", "/events?types=gossip", "").status())
                    .isEqualTo(400);
        }
    }

    @Test
    @Tag("conformance-a22")
    void secondBlockIsLentForOneFlowMoreAndEachIsToldOnce() throws Exception {
        Proxies proxies = Proxies.with(
                pool("127.0.14.10", 20_000, 20_007).withBlocks(new PortBlockConfig(2, 2, BlockGrowth.ONE)));
        try (Rig rig = Rig.start(proxies)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            Api api = rig.api();
            try (EventReader events = rig.keep(new EventReader(rig.proxy().adminAddress(), "?types=block"))) {
                List<Wire> flows = new ArrayList<>();
                flows.add(flow(rig, ALICE, sink));
                flows.add(flow(rig, ALICE, sink));
                assertThat(api.pages("/pools/main/blocks?subscriber=" + ALICE, 10))
                        .hasSize(1);
                flows.add(flow(rig, ALICE, sink));
                flows.add(flow(rig, ALICE, sink));
                List<JsonNode> blocks = api.pages("/pools/main/blocks?subscriber=" + ALICE, 1);
                assertThat(blocks).hasSize(2).allSatisfy(block -> {
                    assertThat(block.get("live").asInt()).isEqualTo(2);
                    assertThat(block.get("state").asString()).isEqualTo("in_use");
                });
                assertThat(rig.socksFrom(ALICE, sink.address()).isGranted()).isFalse();
                assertThat(api.get("/pools/main")
                                .get("refused")
                                .get("block_limit")
                                .asInt())
                        .isOne();
                assertThat(api.get("/pools/main/blocks?state=held").get("items").size())
                        .isZero();
                for (Wire flow : flows) {
                    flow.close();
                }
                await().atMost(Wire.GUARD).until(() -> events.events("block").size() == 4);
                assertThat(events.events("block"))
                        .extracting(event -> event.data().get("kind").asString())
                        .containsExactly("allocated", "allocated", "released", "released");
            }
        }
    }

    @Test
    @Tag("conformance-a12")
    void lengthAndCountOfTheHoldDownAreAsConfiguredAndSeen() throws Exception {
        HoldDownConfig rest = HoldDownConfig.same(Duration.ofMinutes(2)).withMaxHeld(1);
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.14.11", 20_000, 20_009).withHoldDown(rest)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            Api api = rig.api();
            assertThat(api.get("/pools/main").get("holdDown").get("clientFin").asInt())
                    .isEqualTo(120);
            JsonNode configured =
                    api.get("/config").get("config").get("pools").get(0).get("hold-down");
            assertThat(configured.get("client-fin").asString()).isEqualTo("2m");
            assertThat(configured.get("max-held").asInt()).isOne();

            Set<String> used = new HashSet<>();
            for (int i = 0; i < 2; i++) {
                Wire client = flow(rig, ALICE, sink);
                used.add(
                        api.get("/sessions").get("items").get(0).get("external").asString());
                client.close();
                rig.awaitNoFlow();
            }
            assertThat(api.get("/pools/main").get("ports").get("held").asInt()).isOne();
            assertThat(used)
                    .anySatisfy(external -> assertThat(api.get("/lookup?external=" + external)
                                    .get("state")
                                    .asString())
                            .isEqualTo("held"));
        }
    }

    private static Wire flow(Rig rig, String source, Sink sink) throws IOException {
        SocksClient flow = rig.socksFrom(source, sink.address());
        assertThat(flow.isGranted()).isTrue();
        flow.wire().send("x").read(1);
        return flow.wire();
    }

    private static int count(Api api, String filters) {
        return api.get("/sessions?" + filters).get("items").size();
    }

    private static List<Long> ids(List<JsonNode> sessions) {
        return sessions.stream().map(session -> session.get("id").asLong()).toList();
    }
}
