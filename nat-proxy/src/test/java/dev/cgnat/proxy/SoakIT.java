package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is left after very many flows: nothing. */
@ExtendWith(NoLeaks.class)
class SoakIT {
    private static final int FLOWS = 100_000;
    private static final int CLIENTS = 8;
    private static final long GUARD_MINUTES = 10;
    private static final String POOL_ADDRESS = "127.0.10.120";

    @Test
    void hundredThousandFlowsLeaveNothingBehind() throws Exception {
        PoolConfig pool = pool(POOL_ADDRESS, 20_000, 29_999).withHoldDown(HoldDownConfig.same(Duration.ofMillis(200)));
        try (Rig rig = Rig.start(Proxies.with(pool))) {
            AtomicLong fromElsewhere = new AtomicLong();
            Sink sink = rig.sink(new EndsInTurn(fromElsewhere), "127.0.0.2");
            rig.warmUp(sink.address());
            long before = Rig.openDescriptors();
            long flowsBefore = flows(rig);

            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            try {
                List<Future<?>> running = new ArrayList<>();
                for (int client = 0; client < CLIENTS; client++) {
                    String source = "127.20.1." + (client + 1); // each has ports of its own
                    running.add(clients.submit(() -> {
                        connectAndClose(source, rig.proxy().address(Proxies.SOCKS), sink.address());
                        return true;
                    }));
                }
                for (Future<?> client : running) {
                    client.get(GUARD_MINUTES, TimeUnit.MINUTES);
                }
            } finally {
                clients.shutdownNow();
            }

            assertThat(flows(rig) - flowsBefore).isEqualTo(FLOWS);
            assertThat(fromElsewhere).hasValue(0);
            rig.awaitNoFlow();
            await("the pool to be free")
                    .atMost(Wire.GUARD)
                    .until(() -> rig.pairs().free() + rig.pairs().reserved()
                            == rig.pairs().capacity());
            assertThat(rig.pool().heldSlots()).isZero();
            assertThat(rig.proxy().snapshot().subscribers()).isZero();
            await("descriptors are given back").atMost(Wire.GUARD).until(() -> Rig.openDescriptors() <= before);
            assertThat(NoLeaks.reports()).isEmpty();
        }
    }

    /** A grant that met a foreign socket became no flow. */
    private static long flows(Rig rig) {
        PoolSnapshot pool = rig.pool();
        return pool.granted() - pool.setAside();
    }

    /** A third each: the client closes first, the server does, the client resets. */
    private static void connectAndClose(String source, InetSocketAddress proxy, InetSocketAddress server)
            throws IOException {
        for (int i = 0; i < FLOWS / CLIENTS; i++) {
            try (SocksClient flow = SocksClient.connectFrom(source, proxy, server)) {
                assertThat(flow.code()).isZero();
                byte kind = (byte) (i % 3);
                assertThat(flow.wire().send(kind).read(1)).containsExactly(kind);
                if (kind == 1) {
                    assertThat(flow.wire().readEnd()).isEqualTo(Wire.End.FIN);
                } else if (kind == 2) {
                    flow.wire().reset();
                }
            }
        }
    }

    private record EndsInTurn(AtomicLong fromElsewhere) implements Sink.Behaviour {
        @Override
        public void onOpen(Sink.Connection connection) {
            connection.forget();
            if (!connection.peer().getAddress().getHostAddress().equals(POOL_ADDRESS)) {
                fromElsewhere.incrementAndGet();
            }
        }

        @Override
        public void onBytes(Sink.Connection connection, ByteBuf bytes) {
            byte kind = bytes.getByte(bytes.readerIndex());
            connection.send(kind);
            if (kind == 1) {
                connection.close();
            }
        }
    }
}
