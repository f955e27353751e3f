package dev.cgnat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.address.PortRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoadDriverTest {
    private static final Duration GUARD = Duration.ofMinutes(1);
    private static final Via DIRECT = new Via.Direct();
    private static final HoldTime NO_HOLD = new HoldTime.Constant(Duration.ZERO);

    private Loops loops;
    private SinkServer sink;
    private InetSocketAddress target;
    private Sources sources;

    @BeforeEach
    void start() throws IOException {
        loops = Loops.start("test", 1);
        sink = SinkServer.start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        target = sink.addresses().get(0);
        sources = Sources.of("127.1.0.0/16", 20, new PortRange(1024, 19_999), System.nanoTime());
    }

    @AfterEach
    void stop() {
        sink.close();
        loops.close();
    }

    @Test
    void everyFlowEchoesAndEndsAndTheSinkSawTheSubscribers() {
        LoadResult result = run(LoadPlan.holding(target, DIRECT, 500, 100).withHold(NO_HOLD));
        LoadCounts counts = result.counts();
        assertThat(counts.intended()).isEqualTo(100);
        assertThat(counts.attempted()).isEqualTo(100);
        assertThat(counts.established()).isEqualTo(100);
        assertThat(counts.completed()).isEqualTo(100);
        assertThat(counts.echoed()).isEqualTo(100);
        assertThat(counts.bytesReceived()).isEqualTo(1600).isEqualTo(counts.bytesSent());
        assertThat(counts.live() + counts.opening()).isZero();
        assertThat(result.connect().getTotalCount()).isEqualTo(100);
        assertThat(result.lateness().getTotalCount()).isEqualTo(100);
        assertThat(result.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(198));
        Set<Object> addresses = new HashSet<>();
        sink.seen().forEach(sighting -> addresses.add(sighting.peer().address()));
        assertThat(addresses).hasSize(sources.size());
    }

    @Test
    void aServerEndsWhatItIsAskedTo() throws IOException {
        Sightings sightings = new Sightings();
        try (SinkServer told = SinkServer.start(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), sightings, SinkServer.Talk.TELL)) {
            LoadPlan plan = LoadPlan.holding(told.addresses().get(0), DIRECT, 500, 20)
                    .withPayload(0)
                    .withHold(NO_HOLD)
                    .with(told.addresses(), CloseMode.SERVER, Duration.ofSeconds(10));
            try (LoadDriver driver = drive(plan)) {
                driver.settled().join();
                await().atMost(GUARD)
                        .until(() -> sightings.all().stream()
                                        .filter(sighting ->
                                                sighting.closeNanos().isPresent())
                                        .count()
                                == 20);
                LoadCounts counts = driver.counts();
                assertThat(counts.completed()).isEqualTo(20);
                assertThat(counts.live()).isZero();
                assertThat(counts.brokenTotal() + counts.failedTotal()).isZero();
            }
        }
        assertThatThrownBy(() -> LoadPlan.holding(target, DIRECT, 1, 1)
                        .with(List.of(target), CloseMode.SERVER, Duration.ofSeconds(1)))
                .hasMessageStartingWith("payload: 16 (expected: 0 with close server");
    }

    @Test
    void flowsLiveUntilTheDriverEndsThem() {
        try (LoadDriver driver = drive(LoadPlan.holding(target, DIRECT, 1000, 50))) {
            driver.settled().join();
            assertThat(driver.counts().live()).isEqualTo(50);
            LoadResult result = driver.finish();
            assertThat(result.counts().live()).isZero();
            assertThat(result.counts().peakLive()).isEqualTo(50);
            assertThat(result.counts().completed()).isZero();
        }
        await().atMost(GUARD)
                .until(() -> sink.seen().stream()
                        .allMatch(sighting -> sighting.closeNanos().isPresent()));
    }

    @Test
    void whatTheDriverCannotHoldIsItsOwnShortage() {
        LoadPlan plan = LoadPlan.holding(target, DIRECT, 1000, 50).withMaxLive(30);
        LoadCounts counts = run(plan).counts();
        assertThat(counts.intended()).isEqualTo(50);
        assertThat(counts.attempted()).isEqualTo(30);
        assertThat(counts.own()).isEqualTo(Map.of("descriptors", 20L));
        assertThat(counts.refusedTotal() + counts.failedTotal()).isZero();
    }

    @Test
    void aSourcePortThatIsTakenIsSkippedAndNoneLeftIsTheDriversShortage() throws IOException {
        try (ServerSocket foreign = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = foreign.getLocalPort();
            sources = Sources.of("127.0.0.1", 1, new PortRange(port, port), 0);
            LoadCounts counts = run(LoadPlan.holding(target, DIRECT, 100, 1)).counts();
            assertThat(counts.own()).isEqualTo(Map.of("ports", 1L));
            assertThat(counts.attempted()).isZero();
        }
    }

    @Test
    void nobodyThereIsAFailureAndNoRefusal() throws IOException {
        InetSocketAddress nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) closed.getLocalSocketAddress();
        }
        LoadCounts counts = run(LoadPlan.holding(nobody, DIRECT, 100, 3)).counts();
        assertThat(counts.failed()).isEqualTo(Map.of("connection_refused", 3L));
        assertThat(counts.refused()).isEmpty();
        assertThat(counts.attempted()).isEqualTo(3);
    }

    @Test
    void aForwardIsEstablishedByItsFirstByteAndRefusedByAReset() throws IOException {
        assertThat(run(LoadPlan.holding(target, new Via.Forward(), 100, 5).withHold(NO_HOLD))
                        .counts()
                        .completed())
                .isEqualTo(5);
        try (ServerSocket resetting = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> resetAll(resetting));
            server.setDaemon(true);
            server.start();
            LoadResult result = run(
                    LoadPlan.holding((InetSocketAddress) resetting.getLocalSocketAddress(), new Via.Forward(), 100, 5));
            LoadCounts counts = result.counts();
            assertThat(counts.failed()).isEmpty();
            assertThat(counts.refused()).isEqualTo(Map.of("reset", 5L));
            assertThat(result.refusal().getTotalCount()).isEqualTo(5);
            assertThat(counts.established()).isZero();
        }
    }

    @Test
    void silenceOfAProxyIsAFailureAfterTheTimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Via via = new Via.Socks5((InetSocketAddress) silent.getLocalSocketAddress());
            LoadPlan plan = withTimeout(LoadPlan.holding(target, via, 100, 2), Duration.ofMillis(200));
            assertThat(run(plan).counts().failed()).isEqualTo(Map.of("timeout", 2L));
        }
    }

    @Test
    void theSlownessOfTheTargetDoesNotSlowTheArrivals() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 200, InetAddress.getLoopbackAddress())) {
            Via via = new Via.Socks5((InetSocketAddress) silent.getLocalSocketAddress());
            LoadPlan plan = withTimeout(LoadPlan.holding(target, via, 1000, 100), Duration.ofMinutes(10));
            try (LoadDriver driver = drive(plan)) {
                await().atMost(GUARD).until(() -> driver.counts().intended() == 100);
                assertThat(driver.counts().failed()).isEmpty(); // none of the earlier ones was decided
            }
        }
    }

    private static void resetAll(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private LoadDriver drive(LoadPlan plan) {
        return LoadDriver.start(loops, sources, plan);
    }

    private LoadResult run(LoadPlan plan) {
        try (LoadDriver driver = drive(plan)) {
            driver.settled().join();
            if (plan.hold().equals(NO_HOLD)) {
                await().atMost(GUARD).until(() -> driver.counts().live() == 0);
            }
            return driver.finish();
        }
    }

    private static LoadPlan withTimeout(LoadPlan plan, Duration timeout) {
        return plan.with(plan.targets(), plan.close(), timeout);
    }
}
