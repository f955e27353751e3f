package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.core.Binding;
import dev.cgnat.core.NatEvent;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.config.LogSink;
import dev.cgnat.proxy.config.TranslationLogConfig;
import dev.cgnat.proxy.testing.NoLeaks;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import dev.cgnat.proxy.testing.ToolProcess;
import dev.cgnat.proxy.testing.Tools;
import dev.cgnat.proxy.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What programs of others make of the translation log of real flows. */
@ExtendWith(NoLeaks.class)
class CollectorIT {
    private static final int FLOWS = 300;
    /** On a busy machine the daemon may be late, and what finds no room in a socket is lost. */
    private static final String ROOMY = " rcvbufSize=\"4m\"";

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    @Test
    void nfcapdHasTheBeginningAndTheEndOfEveryFlow() throws Exception {
        String nfcapd = Tools.require("nfcapd").toString();
        String nfdump = Tools.require("nfdump").toString();
        int port = ToolProcess.freeUdpPort();
        Path flows = Files.createDirectory(folder.resolve("flows"));
        Queue<String> told;
        try (ToolProcess collector = ToolProcess.start(
                folder.resolve("nfcapd.log"),
                nfcapd,
                "-b",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-w",
                flows.toString(),
                "-t",
                "3600",
                "-B",
                "200000")) {
            await().atMost(Wire.GUARD).until(() -> collector.isAlive() && isTaken(port));
            told = told(new LogSink.Ipfix(new Target("127.0.0.1", port), 5));
            // Asked to end, it forgets what it has not read.
            await().atMost(Wire.GUARD).until(() -> isRead(port) && collector.isWaiting());
        }

        Process reader = new ProcessBuilder(nfdump, "-R", flows.toString(), "-N", "-o", "json")
                .redirectError(folder.resolve("nfdump.log").toFile())
                .start();
        JsonNode records = JSON.readTree(new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        List<String> read = new ArrayList<>();
        records.forEach(record -> read.add(text(record)));
        assertThat(read).hasSize(2 * FLOWS).containsExactlyInAnyOrderElementsOf(told);
    }

    @ParameterizedTest
    @EnumSource(LogSink.Protocol.class)
    void rsyslogHasEveryRecordWithItsHeader(LogSink.Protocol protocol) throws Exception {
        String rsyslogd = Tools.require("rsyslogd").toString();
        boolean isUdp = protocol == LogSink.Protocol.UDP;
        int port = isUdp ? ToolProcess.freeUdpPort() : freeTcpPort();
        Path received = folder.resolve("received");
        String module = isUdp ? "imudp" : "imtcp";
        Path config = Files.writeString(folder.resolve("rsyslog.conf"), """
                global(workDirectory="%s")
                module(load="%s")
                template(name="fields" type="string"
                    string="%%pri%% %%protocol-version%% %%app-name%% %%procid%% %%msgid%% %%timestamp:::date-rfc3339%%%%msg%%\\n")
                input(type="%s" port="%d" address="127.0.0.1" ruleset="keep"%s)
                ruleset(name="keep") { action(type="omfile" file="%s" template="fields") }
                """.formatted(
                        folder, module, module, port, isUdp ? ROOMY : "", received));
        Queue<String> told;
        try (ToolProcess collector = ToolProcess.start(
                folder.resolve("rsyslogd.log"),
                rsyslogd,
                "-n",
                "-f",
                config.toString(),
                "-i",
                folder.resolve("rsyslogd.pid").toString())) {
            await().atMost(Wire.GUARD).until(() -> collector.isAlive() && (isUdp ? isTaken(port) : isServed(port)));
            told = told(new LogSink.Syslog(new Target("127.0.0.1", port), protocol));
            await().atMost(Wire.GUARD)
                    .untilAsserted(() ->
                            assertThat(sessions(Files.readAllLines(received))).hasSize(2 * FLOWS));
        }

        List<String> lines = Files.readAllLines(received);
        String pid = Long.toString(ProcessHandle.current().pid());
        assertThat(lines).allSatisfy(line -> {
            JsonNode record = JSON.readTree(line.substring(line.indexOf('{')));
            assertThat(line)
                    .startsWith(
                            "134 1 natproxy " + pid + " " + record.path("event").asString() + " "
                                    + record.path("time").asString().substring(0, 19));
        });
        assertThat(sessions(lines).stream()
                        .map(line -> JSON.readTree(line.substring(line.indexOf('{'))))
                        .map(record -> record.path("nat-event").asInt() + " "
                                + record.path("internal").asString() + " "
                                + record.path("external").asString() + " "
                                + record.path("destination").asString()))
                .containsExactlyInAnyOrderElementsOf(told);
    }

    /** Lets flows through a proxy that logs to {@code sink}; what its NAT told of them, in the words of {@link #text}. */
    private static Queue<String> told(LogSink sink) throws IOException {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        Proxies proxies = Proxies.with(pool("127.0.10.240", 20_000, 20_099))
                .log(TranslationLogConfig.defaults().withSink(sink).withDestinations());
        try (NatProxy proxy = ListenedProxy.start(proxies.config(), event -> tell(event, told));
                Sink server = Sink.start(Sink.echoing(), "127.0.0.2")) {
            for (int i = 0; i < FLOWS; i++) {
                try (SocksClient flow = SocksClient.connectFrom(
                        "127.20.0." + (1 + i % 9), proxy.address(Proxies.SOCKS), server.address())) {
                    assertThat(flow.isGranted()).isTrue();
                }
            }
            await().atMost(Wire.GUARD)
                    .until(() -> proxy.snapshot().pools().get(0).sessions() == 0);
        }
        return told;
    }

    private static void tell(NatEvent event, Queue<String> told) {
        if (event instanceof NatEvent.Opened opened) {
            told.add(text(4, opened.binding()));
        } else if (event instanceof NatEvent.Closed closed) {
            told.add(text(5, closed.binding()));
        }
    }

    private static String text(int event, Binding binding) {
        return event + " " + binding.internal() + " " + binding.external() + " " + binding.destination();
    }

    /** A record as nfdump prints it. */
    private static String text(JsonNode record) {
        return record.path("nat_event_id").asString() + " "
                + record.path("src4_addr").asString() + ":"
                + record.path("src_port").asString() + " "
                + record.path("src4_xlt_ip").asString() + ":"
                + record.path("src_xlt_port").asString() + " "
                + record.path("dst4_addr").asString() + ":"
                + record.path("dst_port").asString();
    }

    private static List<String> sessions(List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains("\"event\":\"session"))
                .toList();
    }

    /** Whether nothing waits at that UDP port. */
    private static boolean isRead(int port) throws IOException {
        String local = String.format(Locale.ROOT, "0100007F:%04X ", port);
        try (Stream<String> sockets = Files.lines(Path.of("/proc/net/udp"))) {
            return sockets.filter(line -> line.contains(local)).allMatch(line -> line.contains(" 00000000:00000000 "));
        }
    }

    /** Whether somebody has that UDP port, as the kernel tells. */
    private static boolean isTaken(int port) throws IOException {
        String local = String.format(Locale.ROOT, "0100007F:%04X ", port);
        try (Stream<String> sockets = Files.lines(Path.of("/proc/net/udp"))) {
            return sockets.anyMatch(line -> line.contains(local));
        }
    }

    private static boolean isServed(int port) throws IOException {
        String local = String.format(Locale.ROOT, "0100007F:%04X 00000000:0000 0A", port);
        try (Stream<String> sockets = Files.lines(Path.of("/proc/net/tcp"))) {
            return sockets.anyMatch(line -> line.contains(local));
        }
    }

    private static int freeTcpPort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }
}
