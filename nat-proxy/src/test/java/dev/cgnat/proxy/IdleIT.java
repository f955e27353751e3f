package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.CloseCause;
import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Silent flows end after the limit of their state, and not before. */
@ExtendWith(NoLeaks.class)
@Tag("rfc7857-s2")
class IdleIT {
    /** Longer than a test may stand still on a busy machine between two of its steps. */
    private static final Duration SHORT = Duration.ofMillis(1_500);

    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void flowWithoutBytesBothWaysEndsAfterTheOpeningLimit() throws Exception {
        try (Rig rig = start(new TimeoutConfig(LONG, LONG, LONG, SHORT, LONG))) {
            Sink sink = rig.sink(Sink.holding(), "127.0.0.2");
            Wire wire = rig.socks(sink.address()).wire();
            requireEndsIdle(rig, wire, () -> wire.send("no answer"));
        }
    }

    @Test
    void establishedFlowEndsAfterTheEstablishedLimit() throws Exception {
        try (Rig rig = start(new TimeoutConfig(LONG, LONG, SHORT, LONG, LONG))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            Wire wire = rig.socks(sink.address()).wire();
            requireEndsIdle(rig, wire, () -> wire.send("x").read(1));
        }
    }

    @Test
    void halfClosedFlowEndsAfterTheHalfClosedLimit() throws Exception {
        try (Rig rig = start(new TimeoutConfig(LONG, LONG, LONG, LONG, SHORT))) {
            Sink sink = rig.sink(
                    new Sink.Behaviour() {
                        @Override
                        public void onFin(Sink.Connection connection) {
                            connection.setReading(true); // stays open
                        }
                    },
                    "127.0.0.2");
            Wire wire = rig.socks(sink.address()).wire();
            requireEndsIdle(rig, wire, wire::shutdownOutput);
        }
    }

    @Test
    void bytesKeepAFlowAlive() throws Exception {
        try (Rig rig = start(new TimeoutConfig(LONG, LONG, SHORT, LONG, LONG))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            SocksClient flow = rig.socks(sink.address());
            long start = System.nanoTime();
            int echoed = 0;
            while (System.nanoTime() - start < 2 * SHORT.toNanos()) {
                flow.wire().send("x").read(1);
                echoed++;
            }
            assertThat(echoed).isPositive();
            assertThat(rig.pool().sessions()).isOne();
        }
    }

    private static Rig start(TimeoutConfig timeouts) throws StartException {
        return Rig.start(Proxies.with(pool("127.0.10.40", 20_000, 20_099)).timeouts(timeouts));
    }

    private interface LastWord {
        void say() throws IOException;
    }

    /** The limit begins to run with {@code last} at the earliest. */
    private static void requireEndsIdle(Rig rig, Wire wire, LastWord last) throws Exception {
        long start = System.nanoTime();
        last.say();
        assertThat(wire.readEnd()).isEqualTo(Wire.End.RESET);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        rig.awaitNoFlow();
        assertThat(rig.pool().closed()).containsEntry(CloseCause.IDLE, 1L);
    }
}
