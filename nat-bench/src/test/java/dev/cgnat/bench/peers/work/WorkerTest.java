package dev.cgnat.bench.peers.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.load.Via;
import dev.cgnat.bench.peers.work.WorkOrder.Ending;
import dev.cgnat.bench.peers.work.WorkOrder.Kind;
import dev.cgnat.bench.peers.work.WorkResult.Figure;
import dev.cgnat.bench.report.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One worker is clients and server at once; orders and results go through JSON as between processes. */
final class WorkerTest {
    private static final Via DIRECT = new Via.Direct();
    private static final Duration MOMENT = Duration.ofMillis(300);
    private static final int GUARD_MILLIS = 60_000;
    private static final Duration LONGEST_MOMENT = Duration.ofSeconds(5);

    private final Worker worker = new Worker("127.37.0.0/16");
    private String target = "";

    @BeforeEach
    void serve() throws Exception {
        target = "127.0.0.1:" + freePort();
        assertThat(ask(WorkOrder.plain(Kind.SERVE, target)).text()).isEmpty();
    }

    @AfterEach
    void close() {
        worker.close();
    }

    @ParameterizedTest
    @EnumSource
    void shortConnectionsAreAsManyAsAskedFor(Ending ending) throws Exception {
        ask(WorkOrder.plain(Kind.RECORD));

        WorkResult result = ask(WorkOrder.shortFlows(DIRECT, target, 4, Duration.ofSeconds(30))
                .withLimit(50)
                .withEnding(ending));

        assertThat(result.failed()).isEmpty();
        assertThat(result.done()).isEqualTo(50);
        assertThat(result.figure(Figure.P50_MICROS)).isPositive();
        assertThat(ask(WorkOrder.plain(Kind.TELL)).figure(Figure.SEEN)).isEqualTo(50);
    }

    @Test
    void freshConnectionsComeAtTheirRate() throws Exception {
        WorkResult result = ask(WorkOrder.freshFlows(DIRECT, target, 100, MOMENT));

        assertThat(result.failed()).isEmpty();
        assertThat(result.done()).isEqualTo(30);
    }

    @Test
    void requestsGoOverConnectionsThatStayOpen() throws Exception {
        ask(WorkOrder.plain(Kind.RECORD));

        WorkResult result = ask(WorkOrder.requests(DIRECT, target, 3, 100, MOMENT));

        assertThat(result.failed()).isEmpty();
        assertThat(result.done()).isEqualTo(30);
        assertThat(ask(WorkOrder.plain(Kind.TELL)).figure(Figure.SEEN)).isEqualTo(3);
    }

    @Test
    void requestsThatArriveTogetherAreAnsweredEach() throws Exception {
        InetSocketAddress server = Backend.address(target);
        try (Socket client = new Socket(server.getAddress(), server.getPort())) {
            client.setSoTimeout(GUARD_MILLIS);
            byte[] requests = new byte[3 * Wire.REQUEST];
            Arrays.fill(requests, Wire.ANSWER);
            client.getOutputStream().write(requests);

            assertThat(client.getInputStream().readNBytes(3 * Wire.RESPONSE)).hasSize(3 * Wire.RESPONSE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesFlowBothWaysOnEveryConnection(boolean isUp) throws Exception {
        Duration time = MOMENT;
        WorkResult result = ask(WorkOrder.bulk(isUp, DIRECT, target, 3, time));
        while (result.figure(Figure.FAIRNESS) == 0 && time.compareTo(LONGEST_MOMENT) < 0) {
            time = time.multipliedBy(2); // a busy machine may not get to each of them in a moment
            result = ask(WorkOrder.bulk(isUp, DIRECT, target, 3, time));
        }

        assertThat(result.failed()).isEmpty();
        assertThat(result.figure(Figure.BYTES)).isPositive();
        assertThat(result.figure(Figure.FAIRNESS)).isPositive().isLessThanOrEqualTo(1);
    }

    @Test
    void heldConnectionsStayUntilTheyAreReleased() throws Exception {
        ask(WorkOrder.plain(Kind.RECORD));

        assertThat(ask(WorkOrder.hold(DIRECT, List.of(target), 20, 20)).done()).isEqualTo(20);
        assertThat(ask(WorkOrder.hold(DIRECT, List.of(target), 25, 100)).done()).isEqualTo(25);
        assertThat(ask(WorkOrder.plain(Kind.CHECK)).done()).isEqualTo(25);
        assertThat(ask(WorkOrder.plain(Kind.RELEASE)).done()).isEqualTo(25);
        assertThat(ask(WorkOrder.plain(Kind.CHECK)).done()).isZero();

        assertThat(ask(WorkOrder.plain(Kind.TELL)).figure(Figure.SEEN)).isEqualTo(25);
    }

    @Test
    void triesThatFailAreCountedAndEnd() throws Exception {
        String closed = "127.0.0.1:" + freePort();

        WorkResult held = ask(WorkOrder.hold(DIRECT, List.of(closed), 5, 7));
        assertThat(held.done()).isZero();
        assertThat(held.failed()).containsEntry("refused", 7L);

        WorkResult tried = ask(
                WorkOrder.shortFlows(DIRECT, closed, 2, Duration.ofSeconds(30)).withLimit(9));
        assertThat(tried.done()).isZero();
        assertThat(tried.failures()).isEqualTo(9);
    }

    private WorkResult ask(WorkOrder order) throws Exception {
        StringWriter result = new StringWriter();
        worker.run(new BufferedReader(new StringReader(Json.line(order) + "\n")), new PrintWriter(result));
        return Json.read(result.toString(), WorkResult.class);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
