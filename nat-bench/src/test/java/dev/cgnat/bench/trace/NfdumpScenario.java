package dev.cgnat.bench.trace;

import dev.cgnat.core.address.IpAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Real flows on the loopback of a namespace, exported by softflowd to nfcapd and written down by nfdump into the file that the
 * property {@code cgnat.nfdump-out} names.
 */
final class NfdumpScenario {
    static final String OUT = "cgnat.nfdump-out";

    private static final int COLLECTOR = 9995;
    private static final int SERVER = 8080;
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);
    private static final long ENDS_WITHIN_SECONDS = 60;

    private NfdumpScenario() {}

    public static void main(String[] args) throws Exception {
        Path out = Path.of(System.getProperty(OUT));
        Path folder = Files.createTempDirectory("nfdump");
        Process collector = start("nfcapd", "-w", folder.toString(), "-p", "" + COLLECTOR, "-b", "127.0.0.1");
        try {
            Awaitility.await().atMost(STARTS_WITHIN).until(NfdumpScenario::isCollecting);
            Process exporter = start(
                    "softflowd",
                    "-i",
                    "lo",
                    "-D",
                    "-n",
                    "127.0.0.1:" + COLLECTOR,
                    "-v",
                    "9",
                    "-A",
                    "milli",
                    "-t",
                    "maxlife=2",
                    "-t",
                    "expint=1",
                    "-c",
                    folder.resolve("ctl").toString(),
                    "-p",
                    folder.resolve("pid").toString(),
                    "not port " + COLLECTOR);
            try {
                Awaitility.await().atMost(STARTS_WITHIN).until(() -> Files.exists(folder.resolve("ctl")));
                makeFlows();
            } finally {
                end(exporter); // which exports what it has
            }
        } finally {
            end(collector); // which closes its file
        }
        Process nfdump = new ProcessBuilder("nfdump", "-R", folder.toString(), "-o", "csv")
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!nfdump.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS) || nfdump.exitValue() != 0) {
            throw new IllegalStateException("nfdump did not end well");
        }
    }

    private static void makeFlows() throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(true);
            server.bind(at(IpAddress.ofIpv4(127, 0, 0, 1), SERVER));
            try (Socket client = connect(5);
                    Socket peer = server.accept()) {
                client.getOutputStream().write(1);
                peer.getInputStream().read();
            }
            try (Socket client = connect(6);
                    Socket peer = server.accept()) {
                client.setSoLinger(true, 0); // a reset
                peer.setSoLinger(true, 0);
            }
            try (Socket refused = new Socket()) {
                refused.bind(at(IpAddress.ofIpv4(127, 1, 0, 7), 0));
                refused.connect(at(IpAddress.ofIpv4(127, 0, 0, 1), SERVER + 1));
                throw new IllegalStateException("somebody listens");
            } catch (ConnectException e) {
                // a SYN and a reset
            }
            try (DatagramSocket socket = new DatagramSocket(at(IpAddress.ofIpv4(127, 1, 0, 8), 0))) {
                socket.send(new DatagramPacket(
                        new byte[1], 1, IpAddress.ofIpv4(127, 0, 0, 1).toInetAddress(), 53));
            }
            try (Socket client = connect(9);
                    Socket peer = server.accept()) {
                // longer than softflowd lets a flow live, so that it is cut
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(6);
                while (System.nanoTime() < end) {
                    client.getOutputStream().write(1);
                    peer.getInputStream().read();
                    wakeSoftflowd();
                    Awaitility.await().pollDelay(500, TimeUnit.MILLISECONDS).until(() -> true);
                }
            }
            wakeSoftflowd();
            Awaitility.await().pollDelay(2, TimeUnit.SECONDS).until(() -> true);
            wakeSoftflowd();
        }
    }

    /** It is told of packets only when a buffer of the kernel is full. */
    private static void wakeSoftflowd() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(at(IpAddress.ofIpv4(127, 9, 9, 9), 9999))) {
            InetAddress nobody = IpAddress.ofIpv4(127, 9, 9, 8).toInetAddress();
            for (int i = 0; i < 2000; i++) {
                socket.send(new DatagramPacket(new byte[60], 60, nobody, 9));
            }
        }
    }

    private static InetSocketAddress at(IpAddress address, int port) {
        return new InetSocketAddress(address.toInetAddress(), port);
    }

    private static Socket connect(int from) throws IOException {
        Socket socket = new Socket();
        socket.bind(at(IpAddress.ofIpv4(127, 1, 0, from), 0));
        socket.connect(at(IpAddress.ofIpv4(127, 0, 0, 1), SERVER));
        return socket;
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(List.of(command)).inheritIO().start();
    }

    private static boolean isCollecting() throws IOException {
        return Files.readString(Path.of("/proc/net/udp")).contains(String.format(":%04X ", COLLECTOR));
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
