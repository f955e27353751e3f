package dev.cgnat.proxy.ingress;

import static dev.cgnat.proxy.ingress.IngressFixture.pass;
import static dev.cgnat.proxy.ingress.IngressFixture.received;
import static dev.cgnat.proxy.ingress.IngressFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.transport.EmbeddedSocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingFlowTest {
    private static final byte[] CONNECT = "CONNECT 192.0.2.1:80 HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONNECT_NAME =
            "CONNECT slow.example:80 HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @AfterEach
    void letEveryChannelGo() {
        IngressFixture.closeAll();
    }

    @Test
    void clientThatLeavesWhileItsNameIsResolvedIsCountedOnce() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.REFUSE);
        EmbeddedSocketChannel client = proxy.client();
        send(client, CONNECT_NAME);
        client.receiveReset();
        proxy.resolving.remove().setSuccess(java.net.InetAddress.getLoopbackAddress());
        client.runPendingTasks();
        assertThat(OutsideChannel.opened()).isZero();
        assertThat(proxy.opened("reset")).isEqualTo(1);
        assertThat(proxy.opened()).isEqualTo(1);
    }

    @Test
    void clientThatLeavesWhileConnectingGivesItsPortBack() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.REFUSE);
        EmbeddedSocketChannel client = proxy.client();
        send(client, CONNECT);
        assertThat(proxy.pool().sessions()).isEqualTo(1);
        client.receiveFin();
        client.runPendingTasks();
        assertThat(OutsideChannel.last().isOpen()).isFalse();
        assertThat(proxy.pool().sessions()).isZero();
        assertThat(proxy.sessions()).isZero();
        assertThat(proxy.opened("reset")).isEqualTo(1);
        assertThat(proxy.opened()).isEqualTo(1);
    }

    @Test
    void clientThatLeavesTheQueueFreesItsPlace() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.QUEUE);
        EmbeddedSocketChannel first = proxy.client();
        send(first, CONNECT);
        EmbeddedSocketChannel second = proxy.client();
        send(second, CONNECT);
        assertThat(proxy.pool().waiting()).isEqualTo(1);
        second.receiveReset();
        assertThat(proxy.pool().waiting()).isZero();
        first.receiveReset();
        assertThat(OutsideChannel.opened()).isEqualTo(1);
        assertThat(proxy.pool().sessions()).isZero();
        assertThat(proxy.opened("reset")).isEqualTo(2);
    }

    @Test
    void firstInTheQueueGetsThePortThatComesFree() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.QUEUE);
        EmbeddedSocketChannel first = proxy.client();
        send(first, CONNECT);
        EmbeddedSocketChannel second = proxy.client();
        send(second, CONNECT);
        first.receiveReset();
        second.runPendingTasks();
        assertThat(OutsideChannel.opened()).isEqualTo(2);
        OutsideChannel.last().connect();
        assertThat(new String(received(second), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void clientGoneBetweenGrantAndTellingGivesThePortBack() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.QUEUE);
        EmbeddedSocketChannel first = proxy.client();
        send(first, CONNECT);
        EmbeddedSocketChannel second = proxy.client();
        send(second, CONNECT);
        first.receiveReset(); // grants to the second, whose loop has not heard of it yet
        second.pipeline().fireChannelInactive();
        second.runPendingTasks();
        assertThat(proxy.pool().sessions()).isZero();
        assertThat(proxy.sessions()).isZero();
        assertThat(proxy.opened()).isEqualTo(2);
    }

    @Test
    void blackholedClientHearsNothingUntilItIsReset() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.BLACKHOLE);
        send(proxy.client(), CONNECT);
        EmbeddedSocketChannel client = proxy.client();
        send(client, CONNECT);
        send(client, new byte[100]); // nobody will have it, and it must not leak
        pass(client, proxy.config.timeouts().opening().minusNanos(1));
        assertThat(client.isOpen()).isTrue();
        assertThat(received(client)).isEmpty();
        pass(client, Duration.ofNanos(1));
        assertThat(client.wasReset()).isTrue();
        assertThat(proxy.opened("no_port")).isEqualTo(1);
        assertThat(proxy.opened()).isEqualTo(1);
    }

    @Test
    void blackholedClientThatLeavesLeavesNoTimer() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.BLACKHOLE);
        send(proxy.client(), CONNECT);
        EmbeddedSocketChannel client = proxy.client();
        send(client, CONNECT);
        client.receiveReset();
        assertThat(client.runScheduledPendingTasks()).as("nothing is scheduled").isEqualTo(-1);
        assertThat(proxy.opened("no_port")).isEqualTo(1);
        assertThat(proxy.opened()).isEqualTo(1);
    }

    @Test
    void refusalByResetIsAReset() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.RESET);
        send(proxy.client(), CONNECT);
        EmbeddedSocketChannel client = proxy.client();
        send(client, CONNECT);
        assertThat(client.wasReset()).isTrue();
        assertThat(received(client)).isEmpty();
    }

    @Test
    void clientThatIsToldLeavesNoTimerEither() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.REFUSE);
        send(proxy.client(), CONNECT);
        EmbeddedSocketChannel client = proxy.client();
        send(client, CONNECT);
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(client.isOpen()).isTrue();
        send(client, new byte[100]); // read and dropped, so that closing does not reset
        client.receiveFin();
        assertThat(client.isOpen()).isFalse();
        assertThat(client.wasReset()).isFalse();
        assertThat(client.runScheduledPendingTasks()).as("nothing is scheduled").isEqualTo(-1);
    }

    @Test
    void drainingIsCountedOnce() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.REFUSE);
        proxy.egress.drain(true);
        EmbeddedSocketChannel client = proxy.client();
        send(client, CONNECT);
        assertThat(new String(received(client), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 503 ");
        assertThat(proxy.meter("cgn_port_allocation_failures_total", "reason=\"draining\""))
                .isEqualTo(1);
        assertThat(proxy.opened("no_port")).isEqualTo(1);
        assertThat(proxy.opened()).isEqualTo(1);
    }

    @Test
    void muchEarlyDataStaysInTheKernel() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.REFUSE);
        EmbeddedSocketChannel client = proxy.client();
        send(client, CONNECT);
        send(client, new byte[64 * 1024 - 1]);
        assertThat(client.config().isAutoRead()).isTrue();
        send(client, new byte[1]);
        assertThat(client.config().isAutoRead()).isFalse();
        OutsideChannel.last().connect();
        assertThat(received(OutsideChannel.last())).hasSize(64 * 1024);
    }

    @Test
    void forwardThatClosesItsSideEarlyPassesThatOnBehindItsBytes() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.FORWARD, ExhaustionAction.REFUSE);
        EmbeddedSocketChannel client = proxy.client();
        send(client, new byte[] {7});
        client.receiveFin();
        assertThat(client.isOpen()).isTrue();
        OutsideChannel.last().connect();
        assertThat(received(OutsideChannel.last())).containsExactly(7);
        assertThat(OutsideChannel.last().isOutputShutdown()).isTrue();
        send(OutsideChannel.last(), new byte[] {8});
        assertThat(received(client)).containsExactly(8);
        OutsideChannel.last().receiveFin();
        client.runPendingTasks();
        assertThat(client.isOpen()).isFalse();
        assertThat(proxy.pool().sessions()).isZero();
    }

    @Test
    void forwardThatIsNotReachedIsReset() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.FORWARD, ExhaustionAction.REFUSE);
        EmbeddedSocketChannel client = proxy.client();
        OutsideChannel.last().failConnect(new IOException("connection refused"));
        assertThat(client.wasReset()).isTrue();
        assertThat(proxy.opened("refused")).isEqualTo(1);
        assertThat(proxy.opened()).isEqualTo(1);
    }

    @Test
    void answerThatCannotBeWrittenEndsTheFlow() throws Exception {
        IngressFixture proxy = new IngressFixture(ListenerConfig.Type.HTTP_CONNECT, ExhaustionAction.REFUSE);
        EmbeddedSocketChannel client = proxy.client();
        send(client, CONNECT);
        OutsideChannel outside = OutsideChannel.last();
        outside.connect();
        client.receiveReset();
        outside.runPendingTasks();
        assertThat(outside.wasReset()).isTrue();
        assertThat(proxy.pool().sessions()).isZero();
        assertThat(proxy.sessions()).isZero();
        assertThat(proxy.opened()).isEqualTo(1);
    }
}
