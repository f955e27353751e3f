package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.testing.BlackHole;
import dev.cgnat.proxy.testing.KernelNat;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Rig;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Group B of the conformance list: what one subscriber takes from the others. */
@ExtendWith(NoLeaks.class)
class QuotaConformanceIT {
    private static final Duration LONG = Duration.ofMinutes(10);
    /** Longer than a test may stand still on a busy machine between two of its steps. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static final String GREEDY = "127.20.8.1";

    @Test
    @Tag("conformance-b01")
    void tenTriesUnderALimitOfFiveAreFiveAndFive() throws Exception {
        List<String> kernels;
        try (KernelNat kernel = KernelNat.snatTo(
                KernelNat.EXTERNAL,
                "add set ip nat flows { type ipv4_addr ; flags dynamic ; }",
                "add rule ip nat out tcp flags & (syn|ack) == syn ip daddr " + KernelNat.SERVER
                        + " add @flows { ip saddr ct count over 5 } reject with tcp reset")) {
            List<String> flows =
                    new ArrayList<>(Collections.nCopies(10, KernelNat.CLIENT + ":0>" + KernelNat.SERVER + ":80"));
            flows.addAll(Collections.nCopies(5, "10.9.1.2:0>" + KernelNat.SERVER + ":80"));
            kernels = kernel.open(flows);
        }
        try (Rig rig = limited(5)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            List<SocksClient> greedy = ask(rig, GREEDY, sink, 10);
            List<SocksClient> other = ask(rig, "127.20.8.2", sink, 5);
            long granted = greedy.stream().filter(SocksClient::isGranted).count();
            long kernelsGranted = kernels.subList(0, 10).stream()
                    .filter(peer -> !peer.equals("-"))
                    .count();
            KernelNat.print("B01", granted + " of 10", kernelsGranted + " of 10");
            assertThat(granted).isEqualTo(5);
            assertThat(rig.pool().refused()).containsEntry(Refusal.SESSION_LIMIT, 5L);
            assertThat(other).allMatch(SocksClient::isGranted);
            assertThat(kernelsGranted).isEqualTo(5);
            assertThat(kernels.subList(10, 15)).doesNotContain("-");
        }
    }

    @Test
    @Tag("conformance-b04")
    void whoeverIsGreedyTakesNothingFromFiftyOthers() throws Exception {
        Proxies proxies = Proxies.with(pool("127.0.13.21", 20_000, 20_069))
                .limits(LimitConfig.defaults().withSessionsPerSubscriber(20));
        try (Rig rig = Rig.start(proxies)) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            assertThat(ask(rig, GREEDY, sink, 100))
                    .filteredOn(SocksClient::isGranted)
                    .hasSize(20);
            for (int i = 1; i <= 50; i++) {
                SocksClient flow = rig.socksFrom("127.20.9." + i, sink.address());
                assertThat(flow.isGranted()).as("subscriber %d", i).isTrue();
                assertThat(flow.wire().send("x").read(1)).asString().isEqualTo("x");
            }
            assertThat(rig.pool().refused()).containsEntry(Refusal.EXHAUSTED, 0L);
        }
    }

    @Test
    @Tag("conformance-b07")
    void howeverAFlowEndsItsSubscriberMayOpenAnother() throws Exception {
        TimeoutConfig timeouts = new TimeoutConfig(LONG, LONG, SHORT, LONG, LONG);
        Proxies proxies = Proxies.with(pool("127.0.13.22", 20_000, 20_099))
                .limits(LimitConfig.defaults().withSessionsPerSubscriber(1))
                .timeouts(timeouts);
        try (Rig rig = Rig.start(proxies);
                BlackHole hole = new BlackHole()) {
            Sink sink = rig.sink(Sink.echoing(), "127.0.0.2");
            flow(rig, sink).close();
            requireNothingUsed(rig, CloseCause.CLIENT_FIN);

            Wire closedByServer = flow(rig, sink);
            sink.connections().get(1).shutdownOutput();
            assertThat(closedByServer.readToFin()).isEmpty();
            closedByServer.close();
            requireNothingUsed(rig, CloseCause.SERVER_FIN);

            flow(rig, sink).reset();
            requireNothingUsed(rig, CloseCause.RESET);

            flow(rig, sink);
            requireNothingUsed(rig, CloseCause.IDLE);

            assertThat(rig.socksFrom(GREEDY, closedPort()).code()).isEqualTo(SocksClient.CONNECTION_REFUSED);
            requireNothingUsed(rig, CloseCause.CONNECT_FAILED);

            Wire connecting = rig.keep(Wire.from(GREEDY, rig.proxy().address(Proxies.SOCKS)));
            SocksClient.greet(connecting);
            connecting.send(SocksClient.request(hole.address()));
            await().atMost(Wire.GUARD).until(() -> rig.pool().sessions() == 1);
            connecting.close();
            rig.awaitNoFlow();
            assertThat(rig.pool().closed()).containsEntry(CloseCause.CONNECT_FAILED, 2L);
            assertThat(rig.proxy().snapshot().subscribers()).isZero();
        }
    }

    private static Rig limited(int sessions) throws StartException {
        return Rig.start(Proxies.with(pool("127.0.13.20", 20_000, 20_099))
                .limits(LimitConfig.defaults().withSessionsPerSubscriber(sessions)));
    }

    private static Wire flow(Rig rig, Sink sink) throws IOException {
        SocksClient flow = rig.socksFrom(GREEDY, sink.address());
        assertThat(flow.isGranted()).isTrue();
        flow.wire().send("x").read(1);
        return flow.wire();
    }

    private static void requireNothingUsed(Rig rig, CloseCause cause) {
        rig.awaitNoFlow();
        assertThat(rig.pool().closed()).as(cause.label()).containsEntry(cause, 1L);
        assertThat(rig.proxy().snapshot().subscribers()).as(cause.label()).isZero();
    }

    private static List<SocksClient> ask(Rig rig, String source, Sink sink, int times) throws IOException {
        List<SocksClient> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(rig.socksFrom(source, sink.address()));
        }
        return answers;
    }

    /** A port on which somebody listened until now. */
    private static InetSocketAddress closedPort() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            return (InetSocketAddress) listener.getLocalSocketAddress();
        }
    }
}
