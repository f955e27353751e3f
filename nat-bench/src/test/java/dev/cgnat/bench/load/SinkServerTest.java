package dev.cgnat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.address.Endpoint;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SinkServerTest {
    private static final Duration GUARD = Duration.ofMinutes(1);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void recordsEveryPeerWithItsBeginningAndItsEnd() throws IOException {
        try (SinkServer sink = SinkServer.start(List.of(ANY_PORT, ANY_PORT))) {
            InetSocketAddress second = sink.addresses().get(1);
            long before = System.nanoTime();
            Endpoint client;
            try (Socket socket = new Socket(second.getAddress(), second.getPort())) {
                client = Endpoint.from((InetSocketAddress) socket.getLocalSocketAddress());
                await().atMost(GUARD).until(() -> sink.seen().size() == 1);
                Sighting open = sink.seen().get(0);
                assertThat(open.peer()).isEqualTo(client);
                assertThat(open.local()).isEqualTo(Endpoint.from(second));
                assertThat(open.openNanos()).isBetween(before, System.nanoTime());
                assertThat(open.closeNanos()).isEmpty();
            }
            await().atMost(GUARD).until(() -> sink.seen().get(0).closeNanos().isPresent());
            assertThat(sink.seen()).hasSize(1);
            assertThat(sink.seen().get(0).closeNanos().getAsLong())
                    .isGreaterThanOrEqualTo(sink.seen().get(0).openNanos());
        }
    }

    @Test
    void echoesMoreThanItsBuffersHold() throws IOException {
        byte[] sent = new byte[3 << 20];
        new java.util.Random(1).nextBytes(sent);
        try (SinkServer sink = SinkServer.start(List.of(ANY_PORT));
                Socket socket = new Socket(
                        sink.addresses().get(0).getAddress(),
                        sink.addresses().get(0).getPort())) {
            Thread writer = new Thread(() -> {
                try {
                    socket.getOutputStream().write(sent);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            writer.start();
            assertThat(socket.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
        }
    }

    @Test
    void anAddressThatIsTakenIsNamed() throws IOException {
        try (SinkServer sink = SinkServer.start(List.of(ANY_PORT))) {
            InetSocketAddress taken = sink.addresses().get(0);
            assertThatThrownBy(() -> SinkServer.start(List.of(ANY_PORT, taken)))
                    .isInstanceOf(BindException.class)
                    .hasMessageStartingWith("listen: 127.0.0.1:" + taken.getPort() + " cannot be bound (");
        }
    }
}
