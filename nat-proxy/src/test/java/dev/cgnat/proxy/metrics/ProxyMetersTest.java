package dev.cgnat.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.Refusal;
import dev.cgnat.proxy.testing.Wire;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyMetersTest {
    private final AtomicReference<NatSnapshot> core = new AtomicReference<>(TestSnapshots.idle());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger asked = new AtomicInteger();
    private final ProxyMeters meters = new ProxyMeters(TestSnapshots.CONFIG, "nio", () -> {
        asked.incrementAndGet();
        return core.get();
    });

    @AfterEach
    void close() {
        threads.shutdownNow();
        meters.close();
    }

    @Test
    void everySeriesIsThereAtZeroFromTheStart() {
        Samples samples = scrape();
        for (Refusal reason : Refusal.values()) {
            assertThat(samples.value(failures(reason.label()))).isZero();
        }
        for (OpenResult result : OpenResult.values()) {
            assertThat(samples.value(opened(result))).isZero();
        }
        int ofOnePool =
                1 + Refusal.values().length + 5 + 4; // allocations, failures, releases; blocks, reuses, dry time
        int ofTheLog = 1;
        int ofOneListener =
                OpenResult.values().length + ClientRejection.values().length + 3; // bytes out and in, bypassed
        assertThat(samples.ours().filter(series -> series.contains("_total{")).map(samples::value))
                .hasSize(2 * ofOnePool + ofOneListener + ofTheLog)
                .allMatch(value -> value == 0);
    }

    @Test
    void statesOfPortsAddUpToTheCapacity() {
        core.set(TestSnapshots.snapshot(300, 40, 5, 1));
        Samples samples = scrape();
        assertThat(samples.value(ports("in_use"))).isEqualTo(300);
        assertThat(samples.value(ports("held"))).isEqualTo(40);
        assertThat(samples.value(ports("reserved"))).isEqualTo(5);
        assertThat(samples.value(ports("free"))).isEqualTo(655);
        assertThat(samples.value("cgn_pool_ports{pool=\"spare\",protocol=\"tcp\",state=\"free\"}"))
                .isEqualTo(10);
        assertThat(samples.sum("cgn_pool_ports")).isEqualTo(1010);
    }

    @Test
    void poolsAreDescribedByTheSnapshot() {
        core.set(TestSnapshots.snapshot(250, 0, 0, 3));
        Samples samples = scrape();
        assertThat(samples.value("cgn_pool_addresses{pool=\"main\",state=\"active\"}"))
                .isOne();
        assertThat(samples.value("cgn_pool_addresses{pool=\"main\",state=\"disabled\"}"))
                .isOne();
        assertThat(samples.value("cgn_waiting_flows{pool=\"main\"}")).isEqualTo(21);
        assertThat(samples.value("cgn_destination_utilization_max_ratio{pool=\"main\"}"))
                .isEqualTo(0.25);
        assertThat(samples.value("cgn_port_allocations_total{pool=\"main\",protocol=\"tcp\"}"))
                .isEqualTo(33);
    }

    @Test
    void blocksMappingsAndUnsafeReusesAreThoseOfTheSnapshot() {
        core.set(TestSnapshots.snapshot(250, 0, 0, 3));
        Samples samples = scrape();
        assertThat(samples.value("cgn_pool_blocks{pool=\"main\",state=\"in_use\"}"))
                .isEqualTo(3);
        assertThat(samples.value("cgn_pool_blocks{pool=\"main\",state=\"held\"}"))
                .isEqualTo(12);
        assertThat(samples.value("cgn_pool_blocks{pool=\"main\",state=\"free\"}"))
                .isEqualTo(45);
        assertThat(samples.value("cgn_block_allocations_total{pool=\"main\"}")).isEqualTo(45);
        assertThat(samples.value("cgn_block_releases_total{pool=\"main\"}")).isEqualTo(51);
        assertThat(samples.value("cgn_unsafe_reuses_total{pool=\"main\"}")).isEqualTo(57);
        assertThat(samples.value("cgn_mappings{pool=\"main\"}")).isEqualTo(15);
    }

    @Test
    void refusalsOfCoreAndShellAreOneMetric() {
        core.set(TestSnapshots.snapshot(0, 0, 0, 1));
        meters.pool("main").refused(Refusal.OS_BIND);
        meters.pool("main").refused(Refusal.OS_BIND);
        meters.pool("main").refused(Refusal.DESCRIPTORS);
        Samples samples = scrape();
        assertThat(samples.value(failures("exhausted"))).isEqualTo(107);
        assertThat(samples.value(failures("session_limit"))).isEqualTo(100);
        assertThat(samples.value(failures("os_bind"))).isEqualTo(2);
        assertThat(samples.value(failures("descriptors"))).isEqualTo(1);
        assertThat(samples.value(failures("draining"))).isZero();
    }

    @Test
    void refusalOfTheCoreCannotBeCountedTwice() {
        assertThatThrownBy(() -> meters.pool("main").refused(Refusal.HELD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("reason: HELD (expected: one of [OS_BIND,");
    }

    @Test
    void flowClosedByEitherSideIsReleasedAsClosed() {
        core.set(TestSnapshots.snapshot(0, 0, 0, 1));
        Samples samples = scrape();
        assertThat(samples.value(releases("closed"))).isEqualTo(200 + 201);
        assertThat(samples.value(releases("reset"))).isEqualTo(202);
        assertThat(samples.value(releases("idle"))).isEqualTo(203);
        assertThat(samples.value(releases("connect_failed"))).isEqualTo(204);
        assertThat(samples.value(releases("set_aside"))).isEqualTo(13);
    }

    @Test
    void sessionsAreCountedInTheStateThatTheyAreIn() {
        PoolMeters pool = meters.pool("main");
        pool.sessionBegan(SessionState.CONNECTING);
        pool.sessionBegan(SessionState.CONNECTING);
        pool.sessionBegan(SessionState.CONNECTING);
        pool.sessionMoved(SessionState.CONNECTING, SessionState.ESTABLISHED);
        pool.sessionMoved(SessionState.CONNECTING, SessionState.ESTABLISHED);
        pool.sessionMoved(SessionState.ESTABLISHED, SessionState.HALF_CLOSED);
        Samples before = scrape();
        assertThat(sessions(before)).containsExactly(1.0, 1.0, 1.0);
        pool.sessionEnded(SessionState.HALF_CLOSED);
        pool.sessionEnded(SessionState.CONNECTING);
        assertThat(sessions(scrape())).containsExactly(0.0, 1.0, 0.0);
    }

    @Test
    void listenerCountsWhatHappensAtIt() {
        ListenerMeters socks = meters.listener("socks");
        socks.opened(OpenResult.NO_PORT);
        socks.rejected(ClientRejection.PROTOCOL);
        socks.bytesOut(1500);
        socks.bytesOut(500);
        socks.bytesIn(7);
        Samples samples = scrape();
        assertThat(samples.value(opened(OpenResult.NO_PORT))).isEqualTo(1);
        assertThat(samples.sum("cgn_sessions_opened_total")).isEqualTo(1);
        assertThat(samples.value("cgn_client_rejections_total{listener=\"socks\",reason=\"protocol\"}"))
                .isEqualTo(1);
        assertThat(samples.value("cgn_bytes_total{direction=\"out\",listener=\"socks\"}"))
                .isEqualTo(2000);
        assertThat(samples.value("cgn_bytes_total{direction=\"in\",listener=\"socks\"}"))
                .isEqualTo(7);
    }

    @Test
    void connectsFallIntoBucketsFromOneMillisecondToFiveSeconds() {
        ListenerMeters socks = meters.listener("socks");
        socks.connectTook(TimeUnit.MILLISECONDS.toNanos(3));
        socks.connectTook(TimeUnit.SECONDS.toNanos(9));
        Samples samples = scrape();
        List<String> bounds = List.of(
                "0.001", "0.002", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1.0", "2.0", "5.0", "+Inf");
        assertThat(bounds.stream()
                        .map(le -> samples.value(
                                "cgn_connect_duration_seconds_bucket{listener=\"socks\",le=\"" + le + "\"}")))
                .containsExactly(0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0);
        assertThat(samples.value("cgn_connect_duration_seconds_count{listener=\"socks\"}"))
                .isEqualTo(2);
        assertThat(samples.value("cgn_connect_duration_seconds_sum{listener=\"socks\"}"))
                .isEqualTo(9.003);
    }

    @Test
    void oneSnapshotServesOneScrape() {
        assertThat(asked).hasValue(0);
        scrape();
        assertThat(asked).hasValue(1);
        scrape();
        assertThat(asked).hasValue(2);
    }

    @Test
    void noActivityAddsASeries() {
        List<String> before = scrape().ours().toList();
        doEverything();
        assertThat(scrape().ours().toList()).isEqualTo(before);
    }

    @Test
    void countersNeverFall() {
        doEverything();
        Samples first = scrape();
        core.set(TestSnapshots.snapshot(1, 2, 3, 5));
        doEverything();
        Samples second = scrape();
        List<String> counters = first.ours()
                .filter(series -> series.matches("\\w+(_total|_count|_sum|_bucket)\\{.*"))
                .toList();
        assertThat(counters).hasSizeGreaterThan(50);
        assertThat(counters).allMatch(series -> second.value(series) >= first.value(series));
        assertThat(second.sum("cgn_port_releases_total")).isGreaterThan(first.sum("cgn_port_releases_total"));
    }

    @Test
    void metersOutliveGarbageCollection() {
        core.set(TestSnapshots.snapshot(300, 0, 0, 1));
        scrape();
        WeakReference<Object> witness = new WeakReference<>(new Object());
        await().atMost(Wire.GUARD).until(() -> {
            System.gc();
            return witness.get() == null;
        });
        core.set(TestSnapshots.snapshot(400, 0, 0, 2));
        Samples after = scrape();
        assertThat(after.value(ports("in_use"))).isEqualTo(400);
        assertThat(after.value("cgn_port_allocations_total{pool=\"main\",protocol=\"tcp\"}"))
                .isEqualTo(22);
        assertThat(after.values()).noneSatisfy((series, value) -> {
            assertThat(series).startsWith("cgn_");
            assertThat(value).isNaN();
        });
    }

    @Test
    void concurrentScrapesAreEachConsistentAndLoseNoCount() throws Exception {
        int rounds = 500;
        AtomicInteger turn = new AtomicInteger();
        try (ProxyMeters busy = new ProxyMeters(TestSnapshots.CONFIG, "nio", () -> {
            int n = turn.incrementAndGet();
            return TestSnapshots.snapshot(n % 400, n % 300, n % 200, n);
        })) {
            Callable<Integer> work = () -> {
                int consistent = 0;
                for (int i = 0; i < rounds; i++) {
                    for (int j = 0; j < 100; j++) {
                        busy.listener("socks").bytesOut(3);
                    }
                    consistent += Samples.of(busy.scrape("")).sum("cgn_pool_ports") == 1010 ? 1 : 0;
                }
                return consistent;
            };
            for (Future<Integer> result : threads.invokeAll(List.of(work, work, work, work))) {
                assertThat(result.get()).isEqualTo(rounds);
            }
            assertThat(Samples.of(busy.scrape("")).sum("cgn_bytes_total")).isEqualTo(4 * rounds * 100 * 3);
        }
    }

    @Test
    void scrapesTakeTurns() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ProxyMeters slow = new ProxyMeters(TestSnapshots.CONFIG, "nio", () -> {
            asked.incrementAndGet();
            awaitOpen(release);
            return TestSnapshots.idle();
        })) {
            Thread first = new Thread(() -> slow.scrape(""));
            first.start();
            await().atMost(Wire.GUARD).until(() -> asked.get() == 1);
            Thread second = new Thread(() -> slow.scrape(""));
            second.start();
            await().atMost(Wire.GUARD).until(() -> second.getState() == Thread.State.WAITING);
            assertThat(asked).hasValue(1);
            release.countDown();
            first.join();
            second.join();
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void unknownNamesAreRefused() {
        assertThatThrownBy(() -> meters.pool("mian"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name: mian (expected: one of [");
        assertThatThrownBy(() -> meters.listener("main"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name: main (expected: one of [socks])");
    }

    @Test
    void acceptHeaderChoosesTheFormat() {
        Exposition plain = meters.scrape("text/plain");
        assertThat(plain.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        Exposition open = meters.scrape("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        assertThat(open.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(open.text()).endsWith("# EOF\n").contains("# TYPE cgn_port_allocations counter");
    }

    @Test
    void buildIsDescribedByLabels() {
        BuildInfo build = BuildInfo.current();
        String series = "cgn_build_info{java=\"%s\",revision=\"%s\",transport=\"nio\",version=\"%s\"}"
                .formatted(build.java(), build.revision(), build.version());
        assertThat(scrape().value(series)).isEqualTo(1);
    }

    @Test
    void runtimeIsMeasuredToo() {
        Map<String, Double> families = scrape().values().entrySet().stream()
                .collect(Collectors.toMap(e -> e.getKey().replaceAll("\\{.*", ""), Map.Entry::getValue, Double::sum));
        assertThat(families)
                .containsKeys(
                        "jvm_memory_used_bytes",
                        "jvm_gc_memory_allocated_bytes_total",
                        "jvm_threads_live_threads",
                        "jvm_classes_loaded_classes",
                        "process_cpu_usage",
                        "process_uptime_seconds",
                        "netty_allocator_memory_used");
        assertThat(families.get("jvm_memory_used_bytes")).isPositive();
    }

    @Test
    void watchedEventLoopsTellTheirPendingTasks() {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try {
            meters.watch(group);
            Samples samples = scrape();
            assertThat(samples.value("netty_eventexecutor_workers")).isEqualTo(2);
            assertThat(samples.values().keySet())
                    .filteredOn(series -> series.startsWith("netty_eventexecutor_tasks_pending{"))
                    .hasSize(2);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private void doEverything() {
        for (OpenResult result : OpenResult.values()) {
            meters.listener("socks").opened(result);
        }
        for (ClientRejection reason : ClientRejection.values()) {
            meters.listener("socks").rejected(reason);
        }
        for (Refusal reason : Refusal.values()) {
            if (reason.isShell()) {
                meters.pool("main").refused(reason);
            }
        }
        for (SessionState state : SessionState.values()) {
            meters.pool("main").sessionBegan(state);
        }
        meters.pool("main").allocationTook(1);
        meters.pool("main").sessionLasted(1);
        meters.pool("main").waited(1, true);
        meters.pool("main").waited(1, false);
        meters.reloads().failed();
        meters.listener("socks").connectTook(1);
        meters.listener("socks").bytesOut(1);
        meters.listener("socks").bytesIn(1);
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Samples scrape() {
        return Samples.of(meters.scrape(""));
    }

    private static List<Double> sessions(Samples samples) {
        return List.of(SessionState.values()).stream()
                .map(state -> samples.value("cgn_sessions{pool=\"main\",state=\"" + state.label() + "\"}"))
                .toList();
    }

    private static String ports(String state) {
        return "cgn_pool_ports{pool=\"main\",protocol=\"tcp\",state=\"" + state + "\"}";
    }

    private static String failures(String reason) {
        return "cgn_port_allocation_failures_total{pool=\"main\",protocol=\"tcp\",reason=\"" + reason + "\"}";
    }

    private static String releases(String reason) {
        return "cgn_port_releases_total{pool=\"main\",reason=\"" + reason + "\"}";
    }

    private static String opened(OpenResult result) {
        return "cgn_sessions_opened_total{listener=\"socks\",pool=\"main\",result=\"" + result.label() + "\"}";
    }
}
