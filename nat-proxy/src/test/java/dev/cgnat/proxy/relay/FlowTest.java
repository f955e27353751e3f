package dev.cgnat.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.CloseCause;
import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The states of a flow, in memory and on a clock that the test moves. */
class FlowTest {
    private static final Duration OPENING = Duration.ofSeconds(10);
    private static final Duration ESTABLISHED = Duration.ofSeconds(100);
    private static final Duration HALF_CLOSED = Duration.ofSeconds(5);

    private final EmbeddedFlow flow =
            new EmbeddedFlow(new TimeoutConfig(OPENING, OPENING, ESTABLISHED, OPENING, HALF_CLOSED));
    private final EmbeddedSocketChannel client = flow.client;
    private final EmbeddedSocketChannel outside = flow.outside;
    private final List<CloseCause> ends = flow.ends;

    @AfterEach
    void release() {
        flow.release();
    }

    @Test
    void flowWithoutBytesBothWaysEndsAtTheOpeningLimit() {
        EmbeddedFlow.send(client); // one way alone does not establish it, but is heard
        flow.pass(OPENING.minusNanos(1));
        assertThat(ends).isEmpty();
        flow.pass(Duration.ofNanos(1));
        assertThat(ends).containsExactly(CloseCause.IDLE);
        assertThat(client.wasReset()).isTrue();
        assertThat(outside.wasReset()).isTrue();
    }

    @Test
    void bytesBothWaysBringTheEstablishedLimit() {
        EmbeddedFlow.send(client);
        EmbeddedFlow.send(outside);
        flow.pass(ESTABLISHED.minusNanos(1));
        assertThat(ends).isEmpty();
        flow.pass(Duration.ofNanos(1));
        assertThat(ends).containsExactly(CloseCause.IDLE);
    }

    @Test
    void everyByteMovesTheLimit() {
        EmbeddedFlow.send(client);
        EmbeddedFlow.send(outside);
        for (int i = 0; i < 5; i++) {
            flow.pass(ESTABLISHED.minusNanos(1));
            EmbeddedFlow.send(i % 2 == 0 ? client : outside);
        }
        assertThat(ends).isEmpty();
        flow.pass(ESTABLISHED);
        assertThat(ends).containsExactly(CloseCause.IDLE);
    }

    @Test
    void finShortensTheLimit() {
        EmbeddedFlow.send(client);
        EmbeddedFlow.send(outside);
        client.receiveFin();
        assertThat(outside.isOutputShutdown()).isTrue();
        flow.pass(HALF_CLOSED);
        assertThat(ends).containsExactly(CloseCause.IDLE);
    }

    @Test
    void finWaitsForTheBytesBeforeIt() {
        outside.holdWrites();
        EmbeddedFlow.send(client);
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
        EmbeddedFlow.send(outside);
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
        EmbeddedFlow.send(client);
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
        EmbeddedFlow.send(client);
        assertThat(reads).isEmpty();
        outside.letWrite();
        assertThat(reads).hasSize(1);
    }
}
