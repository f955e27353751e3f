package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Flows that a limit forbids, though a port is free. */
@ExtendWith(NoLeaks.class)
class LimitIT {
    @Test
    void proxyTakesNoMoreFlowsThanConfiguredAndSaysSo() throws Exception {
        try (Rig rig =
                Rig.start(Proxies.with(pool("127.0.10.80", 20_000, 20_099)).maxSessions(3))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            List<SocksClient> flows = ask(rig, "127.0.0.1", sink, 5);
            assertThat(flows).extracting(SocksClient::code).containsExactly(0, 0, 0, 1, 1);
            String authority = "127.0.0.2:" + sink.address().getPort();
            Wire http = rig.wire(Proxies.CONNECT).send("CONNECT " + authority + " HTTP/1.1\r\n\r\n");
            assertThat(http.readHttpHeader()).startsWith("HTTP/1.1 503 ").contains("descriptors");
            assertThat(rig.pool().granted()).isEqualTo(3);

            flows.get(0).close();
            await().atMost(Wire.GUARD).until(() -> rig.pool().sessions() == 2);
            assertThat(ask(rig, "127.0.0.1", sink, 1)).allMatch(SocksClient::isGranted);
        }
    }

    @Test
    @Tag("rfc6888-req4")
    @Tag("conformance-b01")
    void limitOfOneSubscriberLeavesOthersAlone() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.10.81", 20_000, 20_099))
                .limits(LimitConfig.defaults().withSessionsPerSubscriber(5)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2", "127.0.0.3");
            assertThat(ask(rig, "127.20.0.1", sink, 10))
                    .filteredOn(SocksClient::isGranted)
                    .hasSize(5);
            assertThat(rig.pool().refused()).containsEntry(Refusal.SESSION_LIMIT, 5L);
            List<SocksClient> other = ask(rig, "127.20.0.2", sink, 5);
            assertThat(other).allMatch(SocksClient::isGranted);
            assertThat(rig.proxy().snapshot().subscribers()).isEqualTo(2);

            other.get(0).close();
            await().atMost(Wire.GUARD).until(() -> rig.pool().sessions() == 9);
            assertThat(ask(rig, "127.20.0.1", sink, 1)).noneMatch(SocksClient::isGranted);
            assertThat(ask(rig, "127.20.0.2", sink, 1)).allMatch(SocksClient::isGranted);
        }
    }

    @Test
    @Tag("rfc6888-req4")
    void subscriberWithinItsLimitGetsAll() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.10.82", 20_000, 20_099))
                .limits(LimitConfig.defaults().withSessionsPerSubscriber(10)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            assertThat(ask(rig, "127.20.0.3", sink, 10)).allMatch(SocksClient::isGranted);
        }
    }

    @Test
    @Tag("rfc6888-req4")
    @Tag("conformance-b05")
    void restingPortsCountAgainstTheLimitOfPorts() throws Exception {
        PoolConfig resting = pool("127.0.10.83", 20_000, 20_099).withHoldDown(HoldDownConfig.same(Duration.ofHours(1)));
        try (Rig rig =
                Rig.start(Proxies.with(resting).limits(LimitConfig.defaults().withPortsPerSubscriber(3)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            List<SocksClient> flows = ask(rig, "127.20.0.4", sink, 4);
            assertThat(flows).extracting(SocksClient::code).containsExactly(0, 0, 0, 1);
            assertThat(rig.pool().refused()).containsEntry(Refusal.PORT_LIMIT, 1L);

            flows.get(0).close();
            await().atMost(Wire.GUARD).until(() -> rig.pool().heldSlots() == 1);
            assertThat(ask(rig, "127.20.0.4", sink, 1)).noneMatch(SocksClient::isGranted);
            assertThat(rig.pool().refused()).containsEntry(Refusal.PORT_LIMIT, 2L);
            assertThat(ask(rig, "127.20.0.5", sink, 3)).allMatch(SocksClient::isGranted);
        }
    }

    @Test
    @Tag("rfc6888-req4")
    void portThatNeedsNoRestIsWithinTheLimitAgain() throws Exception {
        try (Rig rig = Rig.start(Proxies.with(pool("127.0.10.86", 20_000, 20_099))
                .limits(LimitConfig.defaults().withPortsPerSubscriber(2)))) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            List<SocksClient> flows = ask(rig, "127.20.0.6", sink, 3);
            assertThat(flows).extracting(SocksClient::code).containsExactly(0, 0, 1);

            flows.get(0).close();
            await().atMost(Wire.GUARD).until(() -> rig.pool().sessions() == 1);
            assertThat(ask(rig, "127.20.0.6", sink, 1)).allMatch(SocksClient::isGranted);
        }
    }

    private static List<SocksClient> ask(Rig rig, String source, Sink sink, int times) throws IOException {
        List<SocksClient> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(rig.socksFrom(source, sink.address()));
        }
        return answers;
    }
}
