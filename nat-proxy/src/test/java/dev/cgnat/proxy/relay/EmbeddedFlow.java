package dev.cgnat.proxy.relay;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.metrics.SessionState;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A flow between two channels in memory, on a clock that the test moves. */
final class EmbeddedFlow {
    final EmbeddedSocketChannel client = new EmbeddedSocketChannel();
    final EmbeddedSocketChannel outside = new EmbeddedSocketChannel();
    /** How it ended, once. */
    final List<CloseCause> ends = new ArrayList<>();

    EmbeddedFlow(TimeoutConfig timeouts) {
        ProxyConfig config = ProxyConfig.defaults(NatConfig.of(
                PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))))));
        ProxyMeters meters = new ProxyMeters(config, "test", () -> {
            throw new IllegalStateException("not scraped");
        });
        register(client);
        register(outside);
        client.freezeTime();
        client.config().setAutoRead(false);
        outside.config().setAutoRead(false);
        meters.pool("main").sessionBegan(SessionState.CONNECTING);
        RelayHandler.Pair pair = RelayHandler.join(
                client, outside, new FlowSettings(timeouts, meters.listener("socks"), meters.pool("main")), ends::add);
        client.pipeline().addLast(pair.client());
        outside.pipeline().addLast(pair.outside());
    }

    private static void register(EmbeddedSocketChannel channel) {
        try {
            channel.register();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** One byte. */
    static void send(EmbeddedSocketChannel from) {
        from.writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));
    }

    void pass(Duration time) {
        client.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        client.runScheduledPendingTasks();
        client.runPendingTasks();
        outside.runPendingTasks();
    }

    void release() {
        client.close();
        outside.close();
        client.releaseOutbound();
        outside.releaseOutbound();
    }
}
