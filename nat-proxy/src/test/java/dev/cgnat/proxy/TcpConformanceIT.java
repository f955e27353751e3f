package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Group C of the conformance list, and A02: what becomes of the bytes and of the ends of a connection. */
@ExtendWith(NoLeaks.class)
@ParameterizedClass
@EnumSource(
        value = TransportKind.class,
        names = {"AUTO", "IO_URING", "NIO"})
class TcpConformanceIT {
    private static final int MIB = 1024 * 1024;
    /** Long enough that a busy machine is seen to refuse in the meantime. */
    private static final Duration HOLD = Duration.ofSeconds(2);

    private final TransportKind transport;

    TcpConformanceIT(TransportKind transport) {
        Tools.require(transport);
        this.transport = transport;
    }

    @Test
    @Tag("conformance-a02")
    void sixtyFourMebibytesEachWayAtOnceArriveAsTheyWere() throws Exception {
        MessageDigest atServer = sha256();
        CompletableFuture<byte[]> serverHeardAll = new CompletableFuture<>();
        byte[] down = bytes(1);
        byte[] up = bytes(2);
        try (Rig rig = start(new Sink.Behaviour() {
            @Override
            public void onOpen(Sink.Connection connection) {
                connection.send(down);
            }

            @Override
            public void onBytes(Sink.Connection connection, ByteBuf bytes) {
                atServer.update(bytes.nioBuffer());
            }

            @Override
            public void onFin(Sink.Connection connection) {
                serverHeardAll.complete(atServer.digest());
                connection.close();
            }
        })) {
            Wire wire = flow(rig);
            ExecutorService writer = Executors.newSingleThreadExecutor();
            try {
                Future<?> written = writer.submit(() -> {
                    wire.send(up).shutdownOutput();
                    return true;
                });
                assertThat(sha256().digest(wire.readToFin())).isEqualTo(sha256().digest(down));
                written.get(Wire.GUARD.toSeconds(), TimeUnit.SECONDS);
            } finally {
                writer.shutdownNow();
            }
            assertThat(serverHeardAll.get(Wire.GUARD.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(sha256().digest(up));
        }
    }

    @Test
    @Tag("conformance-c03")
    void bothSidesThatCloseAtOnceReleaseThePortOnce() throws Exception {
        try (Rig rig = start(Sink.holding())) {
            for (int i = 1; i <= 50; i++) {
                Wire wire = flow(rig);
                Sink.Connection server = server(rig, i);
                CyclicBarrier both = new CyclicBarrier(2);
                CompletableFuture<Void> serverClosed = CompletableFuture.runAsync(() -> {
                    meet(both);
                    server.shutdownOutput();
                });
                meet(both);
                wire.shutdownOutput();
                serverClosed.get(Wire.GUARD.toSeconds(), TimeUnit.SECONDS);
                assertThat(wire.readEnd()).isEqualTo(Wire.End.FIN);
                rig.awaitNoFlow();
                assertThat(rig.records().added()).isEqualTo(i);
                assertThat(rig.records().deleted()).isEqualTo(i);
            }
            assertThat(rig.pool().closed().getOrDefault(CloseCause.CLIENT_FIN, 0L)
                            + rig.pool().closed().getOrDefault(CloseCause.SERVER_FIN, 0L))
                    .isEqualTo(50);
        }
    }

    @Test
    @Tag("conformance-c07")
    void afterTheClientsCloseTheSameInternalEndpointGetsAFreshFlow() throws Exception {
        try (Rig rig = start(Sink.echoing())) {
            for (String listener : new String[] {Proxies.SOCKS, Proxies.FORWARD}) {
                int port = 0;
                for (int i = 0; i < 20; i++) {
                    Wire wire =
                            rig.keep(Wire.from("127.20.7.1", port, rig.proxy().address(listener)));
                    port = wire.local().getPort();
                    open(rig, listener, wire);
                    String word = listener + " " + i;
                    wire.send(word).shutdownOutput();
                    assertThat(wire.readToFin()).asString().isEqualTo(word);
                    wire.close();
                }
            }
            rig.awaitNoFlow();
            assertThat(rig.records().added()).isEqualTo(40);
            assertThat(rig.pool().closed()).containsEntry(CloseCause.CLIENT_FIN, 40L);
        }
    }

    @Test
    @Tag("conformance-c08")
    void afterTheServersCloseTheSameInternalEndpointGetsAFreshFlow() throws Exception {
        Sink.Behaviour closesFirst = new Sink.Behaviour() {
            @Override
            public void onBytes(Sink.Connection connection, ByteBuf bytes) {
                connection.send(bytes.toString(StandardCharsets.US_ASCII).getBytes(StandardCharsets.US_ASCII));
                connection.shutdownOutput();
            }
        };
        try (Rig rig = start(closesFirst)) {
            for (String listener : new String[] {Proxies.SOCKS, Proxies.FORWARD}) {
                int port = 0;
                for (int i = 0; i < 20; i++) {
                    Wire wire =
                            rig.keep(Wire.from("127.20.7.2", port, rig.proxy().address(listener)));
                    port = wire.local().getPort();
                    open(rig, listener, wire);
                    String word = listener + " " + i;
                    wire.send(word);
                    assertThat(wire.readToFin()).asString().isEqualTo(word);
                    wire.close();
                    rig.awaitNoFlow();
                }
            }
            assertThat(rig.pool().closed()).containsEntry(CloseCause.SERVER_FIN, 40L);
        }
    }

    @Test
    @Tag("conformance-c13")
    @Tag("rfc7857-s2")
    void afterAResetTheTupleRestsAsConfigured() throws Exception {
        HoldDownConfig afterReset =
                new HoldDownConfig(Duration.ZERO, Duration.ZERO, HOLD, Duration.ZERO, Duration.ZERO);
        Sink sink = Sink.start(Sink.echoing(), "127.0.0.2");
        Proxies proxies = Proxies.with(pool("127.0.13.41", 20_000, 20_000).withHoldDown(afterReset))
                .transport(transport);
        try (Rig rig = Rig.start(proxies, sink)) {
            Wire wire = rig.socks(sink.address()).wire();
            wire.send("x").read(1);
            long resetNanos = System.nanoTime();
            wire.reset();
            await().atMost(Wire.GUARD).until(() -> rig.pairs().held() == 1);
            await("the rest to end")
                    .atMost(Wire.GUARD)
                    .until(() -> rig.socks(sink.address()).isGranted());
            assertThat(System.nanoTime() - resetNanos).isGreaterThanOrEqualTo(HOLD.toNanos());
            assertThat(rig.pool().refused().get(Refusal.HELD)).isPositive();
        }
    }

    private Rig start(Sink.Behaviour behaviour) throws StartException {
        Sink sink = Sink.start(behaviour, "127.0.0.2");
        Proxies proxies = Proxies.with(pool("127.0.13.40", 20_000, 20_999))
                .transport(transport)
                .forwardTo(sink.address());
        return Rig.start(proxies, sink);
    }

    private static Wire flow(Rig rig) throws IOException {
        SocksClient flow = rig.socks(destination(rig));
        assertThat(flow.isGranted()).isTrue();
        return flow.wire();
    }

    /** The {@code count}-th that came. */
    private static Sink.Connection server(Rig rig, int count) {
        await().atMost(Wire.GUARD).until(() -> rig.sinks().get(0).connections().size() == count);
        return rig.sinks().get(0).connections().get(count - 1);
    }

    private static void open(Rig rig, String listener, Wire wire) throws IOException {
        if (listener.equals(Proxies.SOCKS)) {
            assertThat(SocksClient.ask(wire, SocksClient.request(destination(rig)))
                            .isGranted())
                    .isTrue();
        }
    }

    private static InetSocketAddress destination(Rig rig) {
        return rig.sinks().get(0).address();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(Wire.GUARD.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(long seed) {
        byte[] bytes = new byte[64 * MIB];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
