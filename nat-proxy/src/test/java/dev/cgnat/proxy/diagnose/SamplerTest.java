package dev.cgnat.proxy.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.metrics.OpenResult;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.testing.Proxies;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final FlowRequest FLOW = new FlowRequest(
            "main",
            new Subscriber("s"),
            new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 1),
            new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1), 80));

    @Test
    void refusalRightAfterTheStartIsSeen() {
        PoolConfig pool = Proxies.pool("127.0.1.1", 20_000, 20_000);
        ProxyConfig config = ProxyConfig.defaults(NatConfig.of(pool));
        EmbeddedChannel clock = new EmbeddedChannel();
        clock.freezeTime();
        Sampling sampling = Sampling.defaults();
        SessionAges ages = new SessionAges(sampling.interval().toNanos());
        NatGate gate = new NatGate(config.nat(), clock.eventLoop());
        try (ProxyMeters meters = new ProxyMeters(config, "test", gate::snapshot);
                Sampler sampler =
                        new Sampler(List.of(pool), config.metrics(), gate, meters, ages, sampling, alarm -> {})) {
            sampler.start(clock.eventLoop());
            for (int i = 0; i < 2; i++) {
                gate.open(FLOW, outcome -> {});
            }
            meters.listener("socks").opened(OpenResult.NO_PORT);
            for (int i = 0; i < 2; i++) {
                clock.advanceTimeBy(sampling.interval().toNanos(), TimeUnit.NANOSECONDS);
                clock.runScheduledPendingTasks();
            }
            assertThat(sampler.diagnose().get(0).first().verdict()).isEqualTo(Verdict.CONCURRENCY);
        }
    }
}
