package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.CloseCause;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.Metrics;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a flow carries: every byte, in order, once, and each side's end as it was meant. */
@ExtendWith(NoLeaks.class)
@ParameterizedClass
@EnumSource(
        value = TransportKind.class,
        names = {"AUTO", "IO_URING", "NIO"})
class RelayIT {
    private static final int MIB = 1024 * 1024;

    private final TransportKind transport;
    private final Rig rig;

    RelayIT(TransportKind transport) throws StartException {
        this.transport = transport;
        Tools.require(transport);
        rig = Rig.start(Proxies.with(pool("127.0.10.20", 20_000, 20_999)).transport(transport));
    }

    @AfterEach
    void everythingEnds() throws IOException {
        rig.close();
    }

    @RepeatedTest(5)
    void bulkGoesBothWaysAtOnceUnchanged() throws Exception {
        Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
        byte[] data = new byte[16 * MIB];
        new Random(1).nextBytes(data);
        Wire wire = flow(sink);
        byte[] echoed = whileRunning(
                () -> {
                    wire.send(data).shutdownOutput();
                    return true;
                },
                wire::readToFin);
        assertThat(Arrays.equals(echoed, data)).as("echoed as it was sent").isTrue();
    }

    @Test
    void serverThatDoesNotReadStopsTheClient() throws Exception {
        Sink sink = rig.sink(
                new Sink.Behaviour() {
                    @Override
                    public void onOpen(Sink.Connection connection) {
                        connection.setReading(false);
                    }
                },
                "127.0.0.2");
        Wire wire = flow(sink);
        byte[] data = new byte[128 * MIB];
        AtomicLong accepted = new AtomicLong();
        whileRunning(
                () -> {
                    for (int at = 0; at < data.length; at += 65_536) {
                        wire.socket().getOutputStream().write(data, at, 65_536);
                        accepted.addAndGet(65_536);
                    }
                    return true;
                },
                () -> {
                    await("the writer to be stopped")
                            .atMost(Wire.GUARD)
                            .pollInterval(Duration.ofMillis(300))
                            .until(new Stalled(accepted)::get);
                    // Two receive and two send buffers of the kernel, and one of the proxy's.
                    assertThat(accepted).hasValueLessThan(100 * MIB);
                    sink.connections().get(0).setReading(true);
                    return true;
                });
        Sink.Connection server = sink.connections().get(0);
        await().atMost(Wire.GUARD).until(() -> server.received() == data.length);
    }

    @Test
    @Tag("rfc5382-req2")
    @Tag("conformance-c01")
    void clientThatHasClosedItsSideStillReceives() throws Exception {
        byte[] data = new byte[16 * MIB]; // more than the kernel takes at once
        new Random(2).nextBytes(data);
        Sink sink = rig.sink(
                new Sink.Behaviour() {
                    @Override
                    public void onFin(Sink.Connection connection) {
                        connection.send(data);
                        connection.close();
                    }
                },
                "127.0.0.2");
        Wire wire = flow(sink).send("the last word");
        wire.shutdownOutput();
        assertThat(Arrays.equals(wire.readToFin(), data)).isTrue();
        assertThat(sink.connections().get(0).received()).isEqualTo("the last word".length());
    }

    @Test
    @Tag("rfc5382-req2")
    @Tag("conformance-c02")
    void serverThatHasClosedItsSideStillReceives() throws Exception {
        Sink sink = rig.sink(
                new Sink.Behaviour() {
                    @Override
                    public void onOpen(Sink.Connection connection) {
                        connection.send("bye".getBytes(StandardCharsets.US_ASCII));
                        connection.shutdownOutput();
                    }
                },
                "127.0.0.2");
        Wire wire = flow(sink);
        assertThat(wire.readToFin()).asString().isEqualTo("bye");
        wire.send(new byte[MIB]).shutdownOutput();
        Sink.Connection server = sink.connections().get(0);
        await().atMost(Wire.GUARD).until(() -> server.end() == Sink.End.FIN);
        assertThat(server.received()).isEqualTo(MIB);
    }

    @Test
    @Tag("conformance-c04")
    void resetOfTheClientReachesTheServerAsReset() throws Exception {
        Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
        Wire wire = flow(sink);
        wire.send("x").read(1);
        wire.reset();
        awaitEnd(sink, Sink.End.RESET);
    }

    @Test
    @Tag("conformance-c04")
    void resetOfTheClientThatHadClosedItsSideReachesTheServerThatSaysNothing() throws Exception {
        assumeThat(transport).as("the others hear of it when they next write").isEqualTo(TransportKind.AUTO);
        Sink sink = rig.sink(staysOpen(), "127.0.0.2");
        Wire wire = flow(sink);
        wire.shutdownOutput();
        wire.read(1);
        wire.reset();
        awaitEnd(sink, Sink.End.RESET);
        rig.awaitNoFlow();
        assertThat(rig.pool().closed()).containsEntry(CloseCause.RESET, 1L);
    }

    @Test
    void resetOfTheClientThatHadClosedItsSideEndsTheFlowWhenTheServerSpeaks() throws Exception {
        Sink sink = rig.sink(staysOpen(), "127.0.0.2");
        Wire wire = flow(sink);
        wire.shutdownOutput();
        wire.read(1);
        wire.reset();
        sink.connections().get(0).send((byte) 2);
        rig.awaitNoFlow();
        assertThat(rig.pool().closed()).containsEntry(CloseCause.RESET, 1L);
    }

    @Test
    @Tag("conformance-c05")
    void resetOfTheServerReachesTheClientAsReset() throws Exception {
        Sink sink = rig.sink(
                new Sink.Behaviour() {
                    @Override
                    public void onBytes(Sink.Connection connection, ByteBuf bytes) {
                        connection.reset();
                    }
                },
                "127.0.0.2");
        assertThat(flow(sink).send("x").readEnd()).isEqualTo(Wire.End.RESET);
    }

    @Test
    void resetOfTheServerWhileTheClientDoesNotReadFreesThePort() throws Exception {
        assumeThat(transport)
                .as("Netty's channel of io_uring leaves the socket open, and tells nobody of the reset")
                .isNotEqualTo(TransportKind.IO_URING);
        Sink sink = rig.sink(
                new Sink.Behaviour() {
                    @Override
                    public void onOpen(Sink.Connection connection) {
                        connection.send(new byte[64 * MIB]);
                    }

                    @Override
                    public void onBytes(Sink.Connection connection, ByteBuf bytes) {
                        connection.reset();
                    }
                },
                "127.0.0.2");
        Wire wire = flow(sink).send("x");
        assertThat(wire.readEnd()).isEqualTo(Wire.End.RESET);
        rig.awaitNoFlow();
    }

    @Test
    @Tag("conformance-c21")
    void serverMaySpeakFirst() throws Exception {
        Sink sink = rig.sink(
                new Sink.Behaviour() {
                    @Override
                    public void onOpen(Sink.Connection connection) {
                        connection.send("220 ready".getBytes(StandardCharsets.US_ASCII));
                    }
                },
                "127.0.0.2");
        assertThat(flow(sink).read(9)).asString().isEqualTo("220 ready");
    }

    @Test
    @Tag("conformance-c22")
    @Tag("conformance-e08")
    void dataBehindTheSocksRequestIsDeliveredOnceAndInOrder() throws Exception {
        Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
        Wire wire = rig.wire(Proxies.SOCKS);
        byte[] early = "early".getBytes(StandardCharsets.US_ASCII);
        byte[] request = SocksClient.request(sink.address());
        byte[] all = Arrays.copyOf(SocksClient.greeting(), 3 + request.length + early.length);
        System.arraycopy(request, 0, all, 3, request.length);
        System.arraycopy(early, 0, all, 3 + request.length, early.length);
        wire.send(all);
        assertThat(wire.read(2)).containsExactly(5, 0);
        assertThat(SocksClient.readReply(wire).isGranted()).isTrue();
        wire.send(" late").shutdownOutput();
        assertThat(wire.readToFin()).asString().isEqualTo("early late");
    }

    @Test
    @Tag("conformance-c22")
    @Tag("conformance-e11")
    void dataBehindTheConnectRequestIsDeliveredOnceAndInOrder() throws Exception {
        Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
        Wire wire = rig.wire(Proxies.CONNECT);
        String authority = "127.0.0.2:" + sink.address().getPort();
        wire.send("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\nearly");
        assertThat(wire.readHttpHeader())
                .startsWith("HTTP/1.1 200 ")
                .doesNotContainIgnoringCase("content-length")
                .doesNotContainIgnoringCase("transfer-encoding");
        wire.send(" late").shutdownOutput();
        assertThat(wire.readToFin()).asString().isEqualTo("early late");
    }

    @Test
    @Tag("conformance-c22")
    void earlyDataOfAnySizeIsDeliveredOnceAndInOrder() throws Exception {
        Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
        byte[] data = new byte[MIB];
        new Random(3).nextBytes(data);
        Wire wire = rig.wire(Proxies.SOCKS);
        SocksClient.greet(wire);
        CountDownLatch answered = new CountDownLatch(1); // who closes before the answer is taken for gone
        byte[] echoed = whileRunning(
                () -> {
                    wire.send(SocksClient.request(sink.address())).send(data);
                    answered.await();
                    wire.shutdownOutput();
                    return true;
                },
                () -> {
                    SocksClient.readReply(wire);
                    answered.countDown();
                    return wire.readToFin();
                });
        assertThat(Arrays.equals(echoed, data)).isTrue();
    }

    @Test
    @Tag("conformance-c06")
    void oneByteAndCloseArrivesEveryTime() throws Exception {
        Sink sink = rig.sink(
                new Sink.Behaviour() {
                    @Override
                    public void onOpen(Sink.Connection connection) {
                        connection.send((byte) 7);
                        connection.close();
                    }
                },
                "127.0.0.2");
        for (int i = 0; i < (transport == TransportKind.AUTO ? 10_000 : 1_000); i++) {
            try (SocksClient flow = SocksClient.connect(rig.proxy().address(Proxies.SOCKS), sink.address())) {
                assertThat(flow.isGranted()).as("flow %d", i).isTrue();
                assertThat(flow.wire().readToFin()).as("flow %d", i).containsExactly(7);
            }
        }
    }

    @Test
    @Tag("conformance-c29")
    void flowWithoutAByteEndsInOrder() throws Exception {
        Sink sink = rig.sink(Sink.holding(), "127.0.0.2");
        Wire wire = flow(sink);
        wire.shutdownOutput();
        assertThat(wire.readToFin()).isEmpty();
        awaitEnd(sink, Sink.End.FIN);
        rig.awaitNoFlow();
        assertThat(rig.pool().closed().get(CloseCause.CLIENT_FIN)).isOne();
        assertThat(rig.records().added()).isOne();
        assertThat(rig.records().deleted()).isOne();
        assertThat(sink.connections().get(0).received()).isZero();
        assertThat(Metrics.scrape(rig))
                .containsPattern("cgn_bytes_total\\{direction=\"in\",listener=\"socks\",?} 0.0")
                .containsPattern("cgn_bytes_total\\{direction=\"out\",listener=\"socks\",?} 0.0");
    }

    /** Answers the client's FIN with a byte, and closes nothing. */
    private static Sink.Behaviour staysOpen() {
        return new Sink.Behaviour() {
            @Override
            public void onFin(Sink.Connection connection) {
                connection.send((byte) 1);
            }
        };
    }

    private Wire flow(Sink sink) throws IOException {
        SocksClient flow = rig.socks(sink.address());
        assertThat(flow.isGranted()).isTrue();
        return flow.wire();
    }

    private static void awaitEnd(Sink sink, Sink.End end) {
        await().atMost(Wire.GUARD)
                .until(() -> sink.connections().stream().anyMatch(connection -> connection.end() == end));
    }

    /** Runs {@code background} on a thread of its own; both must succeed. */
    private static <T> T whileRunning(Callable<Boolean> background, Callable<T> foreground) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> running = thread.submit(background);
            T result = foreground.call();
            assertThat(running.get(Wire.GUARD.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return result;
        } finally {
            thread.shutdownNow();
        }
    }

    /** Whether a counter stood still since it was asked last. */
    private static final class Stalled {
        private final AtomicLong counter;
        private long last;

        Stalled(AtomicLong counter) {
            this.counter = counter;
        }

        boolean get() {
            boolean stalled = counter.get() == last && last > 0;
            last = counter.get();
            return stalled;
        }
    }
}
