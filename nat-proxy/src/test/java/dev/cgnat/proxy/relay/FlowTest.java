package dev.cgnat.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The states of a flow, in memory and on a clock that the test moves. */
class FlowTest {
    private static final Duration OPENING = Duration.ofSeconds(10);
    private static final Duration ESTABLISHED = Duration.ofSeconds(100);
    private static final Duration HALF_CLOSED = Duration.ofSeconds(5);

    private final EmbeddedSocketChannel client = new EmbeddedSocketChannel();
    private final EmbeddedSocketChannel outside = new EmbeddedSocketChannel();
    private final List<CloseCause> ends = new ArrayList<>();
    private final ProxyConfig config = ProxyConfig.defaults(
            NatConfig.of(PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))))));
    private final ProxyMeters meters = new ProxyMeters(config, "test", () -> {
        throw new IllegalStateException("not scraped");
    });

    @BeforeEach
    void join() throws Exception {
        client.register();
        client.freezeTime();
        outside.register();
        client.config().setAutoRead(false);
        outside.config().setAutoRead(false);
        TimeoutConfig timeouts = new TimeoutConfig(OPENING, OPENING, ESTABLISHED, OPENING, HALF_CLOSED);
        meters.pool("main").sessionBegan(SessionState.CONNECTING);
        RelayHandler.Pair pair = RelayHandler.join(
                client, outside, new FlowSettings(timeouts, meters.listener("socks"), meters.pool("main")), ends::add);
        client.pipeline().addLast(pair.client());
        outside.pipeline().addLast(pair.outside());
    }

    @AfterEach
    void release() {
        client.close();
        outside.close();
        client.releaseOutbound();
        outside.releaseOutbound();
    }

    @Test
    void flowWithoutBytesBothWaysEndsAtTheOpeningLimit() {
        send(client); // one way alone does not establish it, but is heard
        pass(OPENING.minusNanos(1));
        assertThat(ends).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(ends).containsExactly(CloseCause.IDLE);
        assertThat(client.wasReset()).isTrue();
        assertThat(outside.wasReset()).isTrue();
    }

    @Test
    void bytesBothWaysBringTheEstablishedLimit() {
        send(client);
        send(outside);
        pass(ESTABLISHED.minusNanos(1));
        assertThat(ends).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(ends).containsExactly(CloseCause.IDLE);
    }

    @Test
    void everyByteMovesTheLimit() {
        send(client);
        send(outside);
        for (int i = 0; i < 5; i++) {
            pass(ESTABLISHED.minusNanos(1));
            send(i % 2 == 0 ? client : outside);
        }
        assertThat(ends).isEmpty();
        pass(ESTABLISHED);
        assertThat(ends).containsExactly(CloseCause.IDLE);
    }

    @Test
    void finShortensTheLimit() {
        send(client);
        send(outside);
        client.receiveFin();
        assertThat(outside.isOutputShutdown()).isTrue();
        pass(HALF_CLOSED);
        assertThat(ends).containsExactly(CloseCause.IDLE);
    }

    @Test
    void finWaitsForTheBytesBeforeIt() {
        outside.holdWrites();
        send(client);
        client.receiveFin();
        assertThat(outside.isOutputShutdown()).isFalse();
        outside.letWrite();
        assertThat(outside.isOutputShutdown()).isTrue();
        assertThat(ends).isEmpty();
    }

    @Test
    void secondFinClosesBothInOrder() {
        outside.receiveFin();
        client.receiveFin();
        assertThat(ends).containsExactly(CloseCause.SERVER_FIN);
        assertThat(client.isOpen() || outside.isOpen()).isFalse();
        assertThat(client.wasReset() || outside.wasReset()).isFalse();
    }

    @Test
    void endedFlowLeavesNoTimer() {
        client.receiveFin();
        outside.receiveFin();
        client.runPendingTasks();
        assertThat(client.runScheduledPendingTasks()).isEqualTo(-1);
        assertThat(ends).containsExactly(CloseCause.CLIENT_FIN);
    }

    @Test
    void sideThatHasSaidAndHeardAllMayGoBeforeItsLastBytesAreWritten() {
        client.receiveFin(); // the outside may only speak from now on
        client.holdWrites();
        send(outside);
        outside.receiveFin();
        outside.close(); // as a transport does whose socket has ended both its directions
        outside.runPendingTasks();
        assertThat(ends).isEmpty();
        assertThat(client.isOpen()).isTrue();
        client.letWrite();
        assertThat(ends).containsExactly(CloseCause.CLIENT_FIN);
        assertThat(client.wasReset()).isFalse();
    }

    @Test
    void sideThatIsGoneWhileTheOtherSpeaksIsAReset() {
        client.receiveFin();
        client.close();
        client.runPendingTasks();
        assertThat(ends).containsExactly(CloseCause.RESET);
        assertThat(outside.wasReset()).isTrue();
    }

    @Test
    void resetIsPassedOnWhateverIsPending() {
        outside.holdWrites();
        send(client);
        client.receiveReset();
        assertThat(ends).containsExactly(CloseCause.RESET);
        assertThat(outside.wasReset()).isTrue();
        outside.letWrite(); // its failure comes after the end, and changes nothing
        assertThat(ends).hasSize(1);
    }

    @Test
    void nothingIsReadWhileAWriteIsPending() {
        List<String> reads = new ArrayList<>();
        client.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                reads.add("read");
                ctx.read();
            }
        });
        outside.holdWrites();
        send(client);
        assertThat(reads).isEmpty();
        outside.letWrite();
        assertThat(reads).hasSize(1);
    }

    private static void send(EmbeddedSocketChannel from) {
        from.writeInbound(Unpooled.wrappedBuffer(new byte[] {1}));
    }

    private void pass(Duration time) {
        client.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        client.runScheduledPendingTasks();
        client.runPendingTasks();
        outside.runPendingTasks();
    }
}
