package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.PortPreference;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.config.SelectionConfig;
import dev.cgnat.proxy.diagnose.Finding;
import dev.cgnat.proxy.diagnose.Sampling;
import dev.cgnat.proxy.diagnose.Verdict;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An incident for each verdict, made with real flows; the right one is named each time. */
class DiagnoseIT {
    /** In place of five seconds, so that a window of minutes passes in seconds. */
    private static final Sampling FAST = new Sampling(Duration.ofMillis(50), 400, 5);

    private static final Duration GUARD = Duration.ofMinutes(1);

    private final Sink sink = Sink.start(Sink.holding(), "127.0.0.1");
    private final List<SocksClient> clients = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (SocksClient client : clients) {
            client.close();
        }
        sink.close();
    }

    @Test
    void flowsThatNobodyClosesAreALeak() throws Exception {
        ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
        try (NatProxy proxy = start(Proxies.with(pool(5_000)))) { // more than leak while the test is patient
            load.scheduleAtFixedRate(() -> openThreeAndCloseTwo(proxy), 0, 50, TimeUnit.MILLISECONDS);
            awaitVerdict(proxy, Verdict.LEAK);
            assertThat(pool(proxy).refused())
                    .allSatisfy((reason, count) -> assertThat(count).isZero());
        } finally {
            load.shutdownNow();
            assertThat(load.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void shortFlowsWithALongHoldDownAreChurn() throws Exception {
        PoolConfig resting = pool(20).withHoldDown(HoldDownConfig.same(Duration.ofMinutes(1)));
        try (NatProxy proxy = start(Proxies.with(resting))) {
            for (int i = 0; i < 20; i++) {
                SocksClient.connect(proxy.address(Proxies.SOCKS), sink.address())
                        .close();
            }
            await().atMost(GUARD).until(() -> pool(proxy).heldSlots() == 20);
            open(proxy, 3);
            awaitVerdict(proxy, Verdict.CHURN);
        }
    }

    @Test
    void asManyLiveFlowsAsPortsAreConcurrency() throws Exception {
        try (NatProxy proxy = start(Proxies.with(pool(20)))) {
            open(proxy, 25);
            awaitVerdict(proxy, Verdict.CONCURRENCY, "refused", 5L);
        }
    }

    @Test
    void searchThatGivesUpWhilePortsAreFreeIsASearchLimit() throws Exception {
        PoolConfig vpp = pool(200).withSelection(new SelectionConfig(PortSelection.VPP, PortPreference.NONE));
        try (NatProxy proxy = start(Proxies.with(vpp))) {
            while (pool(proxy).refused().getOrDefault(Refusal.SEARCH_GAVE_UP, 0L) < 3) {
                open(proxy, 1);
            }
            awaitVerdict(proxy, Verdict.SEARCH_LIMIT);
        }
    }

    @Test
    void fullAddressBesideAnEmptyOneIsPairing() throws Exception {
        try (NatProxy proxy = start(Proxies.with(Proxies.pool("127.0.12.1", "127.0.12.2", 20_000, 20_002)))) {
            open(proxy, 5);
            awaitVerdict(proxy, Verdict.PAIRING);
        }
    }

    @Test
    void subscriberWithAllItsBlocksIsAMatterOfBlocks() throws Exception {
        try (NatProxy proxy = start(Proxies.with(pool(12).withBlocks(new PortBlockConfig(4, 1, BlockGrowth.ONE))))) {
            open(proxy, 6);
            assertThat(awaitVerdict(proxy, Verdict.BLOCKS).summary()).contains("all the blocks that they may have");
        }
    }

    @Test
    void freePortsInBlocksOfOthersAreAMatterOfBlocks() throws Exception {
        try (NatProxy proxy = start(Proxies.with(pool(12).withBlocks(new PortBlockConfig(4, 1, BlockGrowth.ONE))))) {
            for (int subscriber = 2; subscriber <= 5; subscriber++) {
                clients.add(
                        SocksClient.connectFrom("127.0.0." + subscriber, proxy.address(Proxies.SOCKS), sink.address()));
            }
            assertThat(awaitVerdict(proxy, Verdict.BLOCKS).summary()).contains("blocks of others");
        }
    }

    @Test
    void limitOfASubscriberIsAMatterOfQuota() throws Exception {
        LimitConfig limits = LimitConfig.defaults().withSessionsPerSubscriber(2);
        try (NatProxy proxy = start(Proxies.with(pool(20)).limits(limits))) {
            open(proxy, 5);
            awaitVerdict(proxy, Verdict.QUOTA, "session_limit", 3L);
        }
    }

    @Test
    void destinationsThatDoNotAnswerAreNotTheNat() throws Exception {
        try (NatProxy proxy = start(Proxies.with(pool(20)))) {
            InetSocketAddress closed = closedPort();
            for (int i = 0; i < 10; i++) {
                clients.add(SocksClient.connect(proxy.address(Proxies.SOCKS), closed));
            }
            awaitVerdict(proxy, Verdict.NOT_THE_NAT, "refused", 10L);
        }
    }

    @Test
    void flowsThatGoWellAreNothing() throws Exception {
        try (NatProxy proxy = start(Proxies.with(pool(20)))) {
            open(proxy, 5);
            awaitVerdict(proxy, Verdict.NONE, "requests", 5L);
        }
    }

    @Test
    void administratorAsksWhatAilsAPoolAndWhatWouldBecomeOfAFlow() throws Exception {
        try (NatProxy proxy = start(Proxies.with(pool(2)))) {
            String question = "{\"subscriber\":\"127.0.0.1\",\"destination\":\"" + text(sink.address()) + "\"}";
            assertThat(explain(proxy, question).body()).contains("\"verdict\":\"granted\"", "2 slots, 0 live");
            assertThat(pool(proxy).granted()).as("a dry run").isZero();
            open(proxy, 3);
            awaitVerdict(proxy, Verdict.CONCURRENCY);
            JsonNode explained =
                    new JsonMapper().readTree(explain(proxy, question).body());
            assertThat(explained.path("verdict").asString()).isEqualTo("refused");
            assertThat(explained.path("reason").asString()).isEqualTo("exhausted");
            assertThat(explained.path("remedy").asString()).contains("one more external address or port");
            assertThat(pool(proxy).refused()).containsEntry(Refusal.EXHAUSTED, 1L);
            JsonNode diagnosed = new JsonMapper()
                    .readTree(get(proxy, "/api/v1/diagnose?pool=main").body());
            JsonNode finding = diagnosed.path("pools").path(0).path("findings").path(0);
            assertThat(finding.path("verdict").asString()).isEqualTo("concurrency");
            assertThat(finding.path("evidence").path("live").asInt()).isEqualTo(2);
            assertThat(finding.path("remedy").asString()).isNotEmpty();
        }
    }

    @Test
    void questionsThatMakeNoSenseAreToldWhatIsWrong() throws Exception {
        try (NatProxy proxy = start(Proxies.with(pool(2)))) {
            assertProblem(explain(proxy, "{}"), 400, "subscriber: missing");
            assertProblem(explain(proxy, "{\"subscriber\":\"s\"}"), 400, "destination: missing");
            assertProblem(
                    explain(proxy, "{\"subscriber\":\"s\",\"destination\":\"web\"}"), 400, "(expected: address:port)");
            assertProblem(explain(proxy, "{\"subscriber\":\"s\",\"destinatoin\":\"\"}"), 400, "destinatoin");
            assertProblem(
                    explain(proxy, "{\"pool\":\"x\",\"subscriber\":\"s\",\"destination\":\"192.0.2.1:80\"}"),
                    400,
                    "pool: x");
            assertProblem(explain(proxy, "not json"), 400, "body: ");
            assertProblem(explain(proxy, "\"" + "x".repeat(5_000) + "\""), 413, "4096 bytes");
            assertProblem(get(proxy, "/api/v1/diagnose?pool=x"), 404, "pool: x");
            assertProblem(get(proxy, "/api/v1/explain"), 405, "expected: POST");
            HttpRequest form = HttpRequest.newBuilder(uri(proxy, "/api/v1/explain"))
                    .POST(HttpRequest.BodyPublishers.ofString("a=b"))
                    .header("Content-Type", "text/plain")
                    .build();
            assertProblem(send(form), 415, "application/json");
        }
    }

    private void openThreeAndCloseTwo(NatProxy proxy) {
        try {
            clients.add(SocksClient.connect(proxy.address(Proxies.SOCKS), sink.address()));
            SocksClient.connect(proxy.address(Proxies.SOCKS), sink.address()).close();
            SocksClient.connect(proxy.address(Proxies.SOCKS), sink.address()).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void open(NatProxy proxy, int flows) throws IOException {
        for (int i = 0; i < flows; i++) {
            clients.add(SocksClient.connect(proxy.address(Proxies.SOCKS), sink.address()));
        }
    }

    private static Finding awaitVerdict(NatProxy proxy, Verdict expected) {
        return awaitFinding(proxy, finding -> finding.verdict() == expected);
    }

    /** As {@link #awaitVerdict}, once {@code evidence} is {@code value}: a sample may have come in between. */
    private static void awaitVerdict(NatProxy proxy, Verdict expected, String evidence, Number value) {
        awaitFinding(
                proxy,
                finding -> finding.verdict() == expected
                        && value.equals(finding.evidence().get(evidence)));
    }

    private static Finding awaitFinding(NatProxy proxy, Predicate<Finding> isExpected) {
        try {
            return await().atMost(GUARD).until(() -> proxy.diagnose().get(0).first(), isExpected);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(proxy.diagnose().toString(), e);
        }
    }

    private static NatProxy start(Proxies proxies) throws StartException {
        return ListenedProxy.start(proxies.config(), FAST);
    }

    /** Ports of one address. */
    private static PoolConfig pool(int ports) {
        return Proxies.pool("127.0.12.1", 20_000, 20_000 + ports - 1);
    }

    private static PoolSnapshot pool(NatProxy proxy) {
        return proxy.snapshot().pools().get(0);
    }

    private static InetSocketAddress closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static void assertProblem(HttpResponse<String> response, int status, String detail) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains(detail);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    private static HttpResponse<String> explain(NatProxy proxy, String body) throws Exception {
        return send(HttpRequest.newBuilder(uri(proxy, "/api/v1/explain"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build());
    }

    private static HttpResponse<String> get(NatProxy proxy, String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(proxy, path)).build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(NatProxy proxy, String path) {
        return URI.create("http://127.0.0.1:" + proxy.adminAddress().getPort() + path);
    }
}
