package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of flows that find no port. The pools here have one or two. */
@ExtendWith(NoLeaks.class)
@ParameterizedClass
@EnumSource(
        value = TransportKind.class,
        names = {"AUTO", "IO_URING", "NIO"})
class ExhaustionIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final TransportKind transport;

    ExhaustionIT(TransportKind transport) {
        Tools.require(transport);
        this.transport = transport;
    }

    @Test
    @Tag("conformance-e09")
    @Tag("conformance-e17")
    @Tag("rfc6888-req11")
    void refusalIsToldInTheWordsOfEachFrontEnd() throws Exception {
        try (Rig rig = start(onePort(), ExhaustionAction.REFUSE)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient holder = rig.socks(sink.address());

            SocksClient refused = rig.socks(sink.address());
            assertThat(refused.code()).isEqualTo(SocksClient.GENERAL_FAILURE);
            assertThat(refused.wire().readEnd()).isEqualTo(Wire.End.FIN);
            Wire http = rig.wire(Proxies.CONNECT).send(connectTo(sink.address()));
            assertThat(http.readHttpHeader())
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("Proxy-Status: natproxy;")
                    .contains("exhausted")
                    .doesNotContainIgnoringCase("Retry-After");
            assertThat(http.readEnd()).isEqualTo(Wire.End.FIN);
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, 2L);
            requireEcho(holder);
        }
    }

    @Test
    void refusedForwardIsReset() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        Proxies proxies = Proxies.with(onePort()).transport(transport).forwardTo(sink.address());
        try (Rig rig = Rig.start(proxies, sink)) {
            SocksClient holder = rig.socks(sink.address());
            assertThat(Wire.endOf(rig.proxy().address(Proxies.FORWARD))).isEqualTo(Wire.End.RESET);
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, 1L);
            requireEcho(holder);
        }
    }

    @Test
    @Tag("conformance-e17")
    void restingPortIsToldWithTheTimeUntilItIsFree() throws Exception {
        PoolConfig pool = onePort().withHoldDown(HoldDownConfig.same(Duration.ofSeconds(30)));
        try (Rig rig = start(pool, ExhaustionAction.REFUSE)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            rig.socks(sink.address()).close();
            rig.awaitNoFlow();

            Wire http = rig.wire(Proxies.CONNECT).send(connectTo(sink.address()));
            String header = http.readHttpHeader();
            assertThat(header).startsWith("HTTP/1.1 503 ").contains("held");
            assertThat(header.toLowerCase(Locale.ROOT)).containsPattern("retry-after: (30|2[0-9]|1[0-9])\r\n");
            assertThat(rig.pool().refused()).containsEntry(Refusal.HELD, 1L);
        }
    }

    @Test
    void resetIsAResetForEveryFrontEnd() throws Exception {
        try (Rig rig = start(onePort(), ExhaustionAction.RESET)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient holder = rig.socks(sink.address());
            Wire socks = rig.wire(Proxies.SOCKS);
            SocksClient.greet(socks);
            assertThat(socks.send(SocksClient.request(sink.address())).readEnd())
                    .isEqualTo(Wire.End.RESET);
            Wire http = rig.wire(Proxies.CONNECT).send(connectTo(sink.address()));
            assertThat(http.readEnd()).isEqualTo(Wire.End.RESET);
            requireEcho(holder);
        }
    }

    @Test
    void blackHoleSaysNothingUntilTheClientLeaves() throws Exception {
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        Proxies proxies = Proxies.with(onePort())
                .transport(transport)
                .action(ExhaustionAction.BLACKHOLE)
                .forwardTo(sink.address());
        try (Rig rig = Rig.start(proxies, sink)) {
            rig.warmUp(sink.address());
            SocksClient holder = rig.socks(sink.address());
            requireEcho(holder);
            long before = Rig.openDescriptors();
            long refused = 0;
            for (String listener : new String[] {Proxies.SOCKS, Proxies.CONNECT, Proxies.FORWARD}) {
                Wire wire = rig.wire(listener);
                if (listener.equals(Proxies.SOCKS)) {
                    SocksClient.greet(wire);
                    wire.send(SocksClient.request(sink.address()));
                } else if (listener.equals(Proxies.CONNECT)) {
                    wire.send(connectTo(sink.address()));
                }
                wire.send(new byte[200_000]); // more than a pending flow would keep
                long expected = ++refused;
                await().atMost(Wire.GUARD)
                        .until(() -> rig.pool().refused().getOrDefault(Refusal.EXHAUSTED, 0L) == expected);
                assertThat(wire.isSilentFor(Duration.ofMillis(200)))
                        .as(listener)
                        .isTrue();
                wire.close();
            }
            await("what the clients have left is closed")
                    .atMost(Wire.GUARD)
                    .until(() -> Rig.openDescriptors() <= before);
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, 3L);
            requireEcho(holder);
        }
    }

    @Test
    void blackHoleEndsWhenAFlowWouldHaveBeenGivenUp() throws Exception {
        TimeoutConfig timeouts = new TimeoutConfig(LONG, LONG, LONG, Duration.ofMillis(300), LONG);
        try (Rig rig = Rig.start(Proxies.with(onePort())
                .transport(transport)
                .action(ExhaustionAction.BLACKHOLE)
                .timeouts(timeouts))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient holder = rig.socks(sink.address());
            requireEcho(holder);
            Wire socks = rig.wire(Proxies.SOCKS);
            SocksClient.greet(socks);
            assertThat(socks.send(SocksClient.request(sink.address())).readEnd())
                    .isEqualTo(Wire.End.RESET);
        }
    }

    @Test
    void queuedFlowsAreGrantedInTheirOrder() throws Exception {
        try (Rig rig = start(onePort().withQueue(new QueueConfig(LONG, 10)), ExhaustionAction.QUEUE)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient holder = rig.socks(sink.address());
            Wire first = queued(rig, sink, 1);
            Wire second = queued(rig, sink, 2);
            assertThat(first.isSilentFor(Duration.ofMillis(100))).isTrue();

            holder.close();
            SocksClient granted = SocksClient.readReply(first);
            assertThat(granted.isGranted()).isTrue();
            requireEcho(granted);
            assertThat(second.isSilentFor(Duration.ofMillis(100))).isTrue();
            first.close();
            assertThat(SocksClient.readReply(second).isGranted()).isTrue();
        }
    }

    @Test
    void queuedFlowIsRefusedWhenItsTimeIsOver() throws Exception {
        PoolConfig pool = onePort().withQueue(new QueueConfig(Duration.ofMillis(300), 10));
        try (Rig rig = start(pool, ExhaustionAction.QUEUE)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient holder = rig.socks(sink.address());
            long before = System.nanoTime();
            SocksClient refused = rig.socks(sink.address());
            assertThat(refused.code()).isEqualTo(SocksClient.GENERAL_FAILURE);
            assertThat(System.nanoTime() - before)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(300).toNanos());
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, 1L);
            requireEcho(holder);
        }
    }

    @Test
    void clientThatLeavesTheQueueIsNotServed() throws Exception {
        try (Rig rig = start(onePort().withQueue(new QueueConfig(LONG, 10)), ExhaustionAction.QUEUE)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient holder = rig.socks(sink.address());
            Wire leaver = queued(rig, sink, 1);
            Wire stayer = queued(rig, sink, 2);
            leaver.close();
            await().atMost(Wire.GUARD).until(() -> rig.pool().waiting() == 1);
            holder.close();
            assertThat(SocksClient.readReply(stayer).isGranted()).isTrue();
            await().atMost(Wire.GUARD).until(() -> sink.connections().size() == 2);
            assertThat(rig.pool().granted()).isEqualTo(2);
        }
    }

    @Test
    void flowBeyondTheQueueIsRefusedAtOnce() throws Exception {
        try (Rig rig = start(onePort().withQueue(new QueueConfig(LONG, 1)), ExhaustionAction.QUEUE)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            rig.socks(sink.address());
            queued(rig, sink, 1);
            long before = System.nanoTime();
            assertThat(rig.socks(sink.address()).code()).isEqualTo(SocksClient.GENERAL_FAILURE);
            assertThat(System.nanoTime() - before).isLessThan(LONG.dividedBy(2).toNanos());
        }
    }

    private Rig start(PoolConfig pool, ExhaustionAction action) throws StartException {
        return Rig.start(Proxies.with(pool).transport(transport).action(action));
    }

    private static PoolConfig onePort() {
        return pool("127.0.10.30", 20_000, 20_000);
    }

    private static Wire queued(Rig rig, Sink sink, int position) throws IOException {
        Wire wire = rig.wire(Proxies.SOCKS);
        SocksClient.greet(wire);
        wire.send(SocksClient.request(sink.address()));
        await().atMost(Wire.GUARD).until(() -> rig.pool().waiting() == position);
        return wire;
    }

    private static String connectTo(InetSocketAddress destination) {
        String authority = destination.getAddress().getHostAddress() + ":" + destination.getPort();
        return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    }

    private static void requireEcho(SocksClient flow) throws IOException {
        assertThat(flow.wire().send("still here").read(10)).asString().isEqualTo("still here");
    }
}
