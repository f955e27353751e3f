package dev.cgnat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TellTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int GUARD_MILLIS = 20_000;

    @Test
    void tellsEachClientWhomItSeesAndClosesWhenAsked() throws IOException {
        Sightings sightings = new Sightings();
        try (SinkServer sink = SinkServer.start(List.of(ANY_PORT), sightings, SinkServer.Talk.TELL);
                Socket socket = connect(sink)) {
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (int i = 0; i < 2; i++) {
                say(socket, Tell.WHO);
                assertThat(answers.readLine()).isEqualTo("127.0.0.1:" + socket.getLocalPort());
            }
            say(socket, Tell.FIN);
            assertThat(answers.readLine()).isNull();
        }
    }

    @Test
    void closesWhoeverSaysAnythingElse() throws IOException {
        try (SinkServer sink = SinkServer.start(List.of(ANY_PORT), new Sightings(), SinkServer.Talk.TELL);
                Socket socket = connect(sink)) {
            say(socket, "GET / HTTP/1.1\r\n");
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }

    private static Socket connect(SinkServer sink) throws IOException {
        InetSocketAddress address = sink.addresses().get(0);
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(GUARD_MILLIS);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
