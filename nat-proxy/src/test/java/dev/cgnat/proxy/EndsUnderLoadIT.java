package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each end of each of many flows is seen on the other side as what it was, while bulk and a slow reader keep the loops busy. */
@ExtendWith(NoLeaks.class)
class EndsUnderLoadIT {
    private static final int CLIENTS = 8;
    private static final int FLOWS_PER_CLIENT = 100;
    private static final int ANSWER = 100_000;
    private static final byte BULK = 9;

    /** What the client's first byte asks for, and what the server shall see at the end. */
    private enum Kind {
        CLIENT_CLOSES_FIRST('c', Sink.End.FIN),
        SERVER_CLOSES_FIRST('s', Sink.End.FIN),
        CLIENT_RESETS('C', Sink.End.RESET),
        SERVER_RESETS('S', Sink.End.OPEN);

        final byte word;
        final Sink.End atServer;

        Kind(char word, Sink.End atServer) {
            this.word = (byte) word;
            this.atServer = atServer;
        }

        static Kind of(byte word) {
            return Stream.of(values())
                    .filter(kind -> kind.word == word)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private record Ended(Kind kind, SocksClient flow) {}

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"AUTO", "NIO"})
    void everyEndIsCarriedOverAsItWas(TransportKind transport) throws Exception {
        PoolConfig pool = pool("127.0.13.80", 20_000, 29_999)
                .withHoldDown(HoldDownConfig.same(Duration.ofHours(1))); // so that a port is one flow
        Proxies proxies = Proxies.with(pool).transport(transport);
        try (Rig rig = Rig.start(proxies)) {
            Sink sink = rig.sink(new AsAsked(), "127.0.0.2");
            rig.socks(sink.address()).wire().send(BULK); // nobody reads what comes
            Wire bulk = rig.socks(sink.address()).wire().send(BULK);
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS + 1);
            List<Ended> ended = new ArrayList<>();
            try {
                Future<?> reading = clients.submit(bulk::readEnd);
                List<Future<List<Ended>>> running = new ArrayList<>();
                for (int client = 0; client < CLIENTS; client++) {
                    running.add(clients.submit(() -> run(rig, sink)));
                }
                for (Future<List<Ended>> client : running) {
                    ended.addAll(client.get(5, TimeUnit.MINUTES));
                }
                assertThat(reading.isDone()).as("the bulk goes on").isFalse();
            } finally {
                clients.shutdownNow();
                bulk.close();
            }

            await().atMost(Wire.GUARD).untilAsserted(() -> {
                Map<Integer, Sink.End> atServer = sink.connections().stream()
                        .collect(Collectors.toMap(server -> server.peer().getPort(), Sink.Connection::end));
                assertThat(ended)
                        .allSatisfy(end -> assertThat(atServer)
                                .containsEntry(end.flow.bound().getPort(), end.kind.atServer));
            });
            await().atMost(Wire.GUARD).until(() -> rig.pool().sessions() <= 2);
            int each = CLIENTS * FLOWS_PER_CLIENT / Kind.values().length;
            assertThat(rig.pool().closed())
                    .containsEntry(CloseCause.CLIENT_FIN, (long) each)
                    .containsEntry(CloseCause.SERVER_FIN, (long) each);
            assertThat(rig.pool().closed().getOrDefault(CloseCause.RESET, 0L)).isGreaterThanOrEqualTo(2L * each);
        }
    }

    private static List<Ended> run(Rig rig, Sink sink) throws IOException {
        List<Ended> ended = new ArrayList<>();
        for (int i = 0; i < FLOWS_PER_CLIENT; i++) {
            Kind kind = Kind.values()[i % Kind.values().length];
            SocksClient flow = SocksClient.connect(rig.proxy().address(Proxies.SOCKS), sink.address());
            assertThat(flow.isGranted()).isTrue();
            Wire wire = flow.wire().send(kind.word);
            switch (kind) {
                case CLIENT_CLOSES_FIRST -> {
                    wire.shutdownOutput();
                    assertThat(wire.readToFin()).hasSize(ANSWER);
                }
                case SERVER_CLOSES_FIRST -> assertThat(wire.readToFin()).hasSize(ANSWER);
                case CLIENT_RESETS -> {
                    wire.read(1);
                    wire.reset();
                }
                case SERVER_RESETS -> assertThat(wire.readEnd()).isEqualTo(Wire.End.RESET);
            }
            wire.close();
            ended.add(new Ended(kind, flow));
        }
        return ended;
    }

    private static final class AsAsked implements Sink.Behaviour {
        @Override
        public void onBytes(Sink.Connection connection, ByteBuf bytes) {
            byte asked = bytes.getByte(bytes.readerIndex());
            if (asked == BULK) {
                connection.sendForEver(ANSWER);
                return;
            }
            switch (Kind.of(asked)) {
                case CLIENT_CLOSES_FIRST -> {} // see onFin
                case SERVER_CLOSES_FIRST -> {
                    connection.send(new byte[ANSWER]);
                    connection.shutdownOutput();
                }
                case CLIENT_RESETS -> connection.send((byte) 1);
                case SERVER_RESETS -> connection.reset();
            }
        }

        @Override
        public void onFin(Sink.Connection connection) {
            if (!connection.isOutputShutdown()) {
                connection.send(new byte[ANSWER]);
            }
            connection.close();
        }
    }
}
