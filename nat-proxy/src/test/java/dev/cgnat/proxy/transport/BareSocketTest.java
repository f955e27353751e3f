package dev.cgnat.proxy.transport;

import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.testing.Tools;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BareSocketTest {
    @BeforeEach
    void needEpoll() {
        Tools.require(TransportKind.EPOLL);
    }

    /** A connection that has just been reset is not connected either: that is no mistake of a program, to be logged as one. */
    @Test
    void endingWhatIsNotConnectedIsAnIoException() throws IOException {
        BareSocket socket = BareSocket.open(SocketProtocolFamily.INET);
        try {
            assertThatIOException()
                    .isThrownBy(() -> socket.shutdown(false, true))
                    .withMessageContaining("not connected");
        } finally {
            socket.close();
        }
        assertThatIOException()
                .isThrownBy(() -> socket.shutdown(false, true))
                .isInstanceOf(ClosedChannelException.class);
    }
}
