package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How long a port rests, as clients and servers see it. */
@ExtendWith(NoLeaks.class)
@Tag("rfc6888-req8")
class HoldDownIT {
    private static final Duration HOLD = Duration.ofSeconds(1);
    private static final int PORTS = 20;
    private static final int ROUNDS = 5;

    @Test
    void tupleRestsAfterTheClientsCloseAndComesBack() throws Exception {
        PoolConfig pool = pool("127.0.10.50", 20_000, 20_000 + PORTS - 1).withHoldDown(clientFin());
        try (Rig rig = Rig.start(Proxies.with(pool))) {
            Sink sink = rig.sink(Sink.holding(), "127.0.0.2");
            InetSocketAddress proxy = rig.proxy().address(Proxies.SOCKS);
            // Noted before the close, as nothing may be late here that would make a rest look shorter than it was.
            Map<InetSocketAddress, List<Long>> closes = new HashMap<>();
            int granted = 0;
            int refused = 0;
            while (granted < PORTS * ROUNDS) {
                try (SocksClient flow = SocksClient.connect(proxy, sink.address())) {
                    if (flow.isGranted()) {
                        granted++;
                        closes.computeIfAbsent(flow.bound(), port -> new ArrayList<>())
                                .add(System.nanoTime());
                    } else {
                        refused++;
                    }
                }
            }

            int expected = granted;
            await().atMost(Wire.GUARD).until(() -> sink.connections().size() == expected);
            assertThat(refused).isPositive();
            assertThat(closes).hasSize(PORTS);
            closes.forEach((external, closed) -> {
                List<Long> opened = sink.connections().stream()
                        .filter(connection -> connection.peer().equals(external))
                        .map(Sink.Connection::openedNanos)
                        .toList();
                for (int i = 1; i < opened.size(); i++) {
                    assertThat(opened.get(i) - closed.get(i - 1))
                            .as("rest of %s", external)
                            .isGreaterThanOrEqualTo(HOLD.toNanos());
                }
            });
            await("the pool to be free")
                    .atMost(Wire.GUARD)
                    .until(() -> rig.pairs().free() == PORTS && rig.pool().heldSlots() == 0);
        }
    }

    @Test
    void tupleIsFreeAtOnceWhenTheServerClosesFirst() throws Exception {
        PoolConfig pool = pool("127.0.10.51", 20_000, 20_000).withHoldDown(clientFin());
        try (Rig rig = Rig.start(Proxies.with(pool))) {
            Sink sink = rig.sink(
                    new Sink.Behaviour() {
                        @Override
                        public void onOpen(Sink.Connection connection) {
                            connection.close();
                        }
                    },
                    "127.0.0.2");
            for (int i = 0; i < 50; i++) {
                SocksClient flow = rig.socks(sink.address());
                assertThat(flow.isGranted()).as("flow %d", i).isTrue();
                assertThat(flow.wire().readToFin()).isEmpty();
                flow.close();
                rig.awaitNoFlow();
            }
            assertThat(rig.pairs().held()).isZero();
        }
    }

    @Test
    void tupleIsFreeAtOnceAfterAReset() throws Exception {
        PoolConfig pool = pool("127.0.10.52", 20_000, 20_000).withHoldDown(clientFin());
        try (Rig rig = Rig.start(Proxies.with(pool))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            for (int i = 0; i < 50; i++) {
                SocksClient flow = rig.socks(sink.address());
                assertThat(flow.isGranted()).as("flow %d", i).isTrue();
                flow.wire().reset();
                rig.awaitNoFlow();
            }
            assertThat(rig.pairs().held()).isZero();
        }
    }

    private static HoldDownConfig clientFin() {
        return new HoldDownConfig(HOLD, Duration.ZERO, Duration.ZERO, HOLD, Duration.ZERO);
    }
}
