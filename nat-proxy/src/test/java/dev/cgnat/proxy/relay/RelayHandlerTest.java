package dev.cgnat.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cgnat.core.CloseCause;
import dev.cgnat.proxy.config.TransportKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both ends of a flow see, over real sockets and both transports. */
@Timeout(300)
class RelayHandlerTest {
    /** More than all socket and relay buffers on the way hold together. */
    private static final int MUCH = 32 * 1024 * 1024;

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void bytesArriveInOrderBothWaysAtOnce(TransportKind kind) throws Exception {
        try (RelayedPair pair = RelayedPair.open(kind)) {
            byte[] up = bytes(1);
            byte[] down = bytes(2);
            pair.inBackground(() -> write(pair.client(), up, true));
            pair.inBackground(() -> write(pair.server(), down, true));
            var atServer = pair.inBackground(() -> assertThat(
                            Arrays.equals(pair.server().getInputStream().readAllBytes(), up))
                    .isTrue());
            assertThat(Arrays.equals(pair.client().getInputStream().readAllBytes(), down))
                    .isTrue();
            atServer.get(120, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void lastBytesOfTheSecondToCloseReachASlowReader(TransportKind kind) throws Exception {
        try (RelayedPair pair = RelayedPair.open(kind)) {
            pair.client().shutdownOutput();
            assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
            byte[] answer = bytes(3);
            var writer = pair.inBackground(() -> {
                write(pair.server(), answer, false);
                pair.server().close();
            });
            pair.awaitFullBuffers(); // only then does the client begin to read
            byte[] seen = pair.client().getInputStream().readAllBytes();
            writer.get(120, TimeUnit.SECONDS);
            assertThat(seen).hasSize(answer.length);
            assertThat(Arrays.equals(seen, answer)).isTrue();
            assertThat(pair.cause()).isEqualTo(CloseCause.CLIENT_FIN);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void fewLastBytesReachAReaderWhoseBuffersAreFull(TransportKind kind) throws Exception {
        try (RelayedPair pair = RelayedPair.open(kind)) {
            pair.server().shutdownOutput();
            assertThat(pair.client().getInputStream().read()).isEqualTo(-1);
            long sent = pair.sendUntilRelayWaits();
            pair.client().shutdownOutput();
            InputStream in = pair.server().getInputStream();
            assertThat(in.transferTo(java.io.OutputStream.nullOutputStream())).isEqualTo(sent);
            assertThat(pair.cause()).isEqualTo(CloseCause.SERVER_FIN);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void clientThatClosedItsSideStillReceives(TransportKind kind) throws Exception {
        try (RelayedPair pair = RelayedPair.open(kind)) {
            write(pair.client(), new byte[] {1}, true);
            assertThat(pair.server().getInputStream().readAllBytes()).containsExactly(1);
            write(pair.server(), new byte[] {2, 3}, true);
            assertThat(pair.client().getInputStream().readAllBytes()).containsExactly(2, 3);
            assertThat(pair.cause()).isEqualTo(CloseCause.CLIENT_FIN);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void flowThatTheServerClosedFirstSaysSo(TransportKind kind) throws Exception {
        try (RelayedPair pair = RelayedPair.open(kind)) {
            write(pair.server(), new byte[] {2}, true);
            assertThat(pair.client().getInputStream().readAllBytes()).containsExactly(2);
            pair.client().close();
            assertThat(pair.cause()).isEqualTo(CloseCause.SERVER_FIN);
            assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void closingBothSidesAtOnceEndsTheFlowOnce(TransportKind kind) throws Exception {
        for (int i = 0; i < 50; i++) {
            try (RelayedPair pair = RelayedPair.open(kind)) {
                var other = pair.inBackground(() -> pair.server().shutdownOutput());
                pair.client().shutdownOutput();
                other.get(120, TimeUnit.SECONDS);
                assertThat(pair.cause()).isIn(CloseCause.CLIENT_FIN, CloseCause.SERVER_FIN);
                assertThat(pair.client().getInputStream().read()).isEqualTo(-1);
                assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
                assertThat(pair.timesEnded()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void resetOfTheClientReachesTheServer(TransportKind kind) throws Exception {
        try (RelayedPair pair = RelayedPair.open(kind)) {
            reset(pair.client());
            assertReset(pair.server());
            assertThat(pair.cause()).isEqualTo(CloseCause.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void resetOfTheServerReachesTheClient(TransportKind kind) throws Exception {
        try (RelayedPair pair = RelayedPair.open(kind)) {
            reset(pair.server());
            assertReset(pair.client());
            assertThat(pair.cause()).isEqualTo(CloseCause.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void resetAfterAFinReachesTheServerAtOnceOrWithItsNextByte(TransportKind kind) throws Exception {
        try (RelayedPair pair = RelayedPair.open(kind)) {
            pair.client().shutdownOutput();
            assertThat(pair.server().getInputStream().read()).isEqualTo(-1);
            reset(pair.client());
            assertThatThrownBy(() -> {
                        while (true) {
                            pair.server().getOutputStream().write(1);
                        }
                    })
                    .isInstanceOf(SocketException.class);
            assertThat(pair.cause()).isEqualTo(CloseCause.RESET);
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void slowReaderStopsTheWriter(TransportKind kind) throws Exception {
        try (RelayedPair pair = RelayedPair.open(kind)) {
            pair.sendUntilNothingMoves();
            assertThat(pair.relayedButUnwritten()).isLessThanOrEqualTo(256 * 1024);
        }
    }

    private static byte[] bytes(long seed) {
        byte[] bytes = new byte[MUCH];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void write(Socket socket, byte[] bytes, boolean last) throws IOException {
        socket.getOutputStream().write(bytes);
        if (last) {
            socket.shutdownOutput();
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }
}
