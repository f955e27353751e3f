package dev.cgnat.bench.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cgnat.bench.size.LogVolume.Format;
import dev.cgnat.bench.size.LogVolume.Policy;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.proxy.NatProxy;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.config.LogSink;
import dev.cgnat.proxy.config.TranslationLogConfig;
import dev.cgnat.proxy.config.TranslationLogConfig.Granularity;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of records against the log of a real proxy. */
class LogVolumeIT {
    private static final int FLOWS = 400;
    private static final Duration GUARD = Duration.ofSeconds(60);
    private static final int SILENCE_MILLIS = 200;

    /** Templates and the first record, less what a longer log has of them. */
    private static final Percentage TOLERANCE = Percentage.withPercentage(10);

    /** Of a message of IPFIX, and of its set of records (RFC 7011 sections 3.1 and 3.3.2). */
    private static final int HEADERS = 16 + 4;

    /** What it has at most. */
    private static final int LARGEST_MESSAGE = 1_400;

    @TempDir
    private Path folder;

    private record Received(long octets, int messages) {
        /** On a slow machine, fewer records share a message before it is sent; where there are many, it is full. */
        long inFullMessages() {
            long needed = (octets + LARGEST_MESSAGE - 1) / LARGEST_MESSAGE;
            return octets - (messages - needed) * HEADERS;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Policy.class,
            names = {"SESSION", "SESSION_WITH_DESTINATIONS", "BLOCK"})
    void linesAreAsLongAsSaid(Policy policy) throws Exception {
        for (Map.Entry<LogSink.Format, Format> format : Map.of(
                        LogSink.Format.JSONL, Format.JSONL, LogSink.Format.CSV, Format.CSV)
                .entrySet()) {
            Path file = folder.resolve("log." + format.getKey());
            run(policy, new LogSink.File(file, format.getKey()));
            assertThat(Files.size(file) / (double) FLOWS)
                    .isCloseTo(new LogVolume(1, 1).bytesPerDay(policy, format.getValue()), TOLERANCE);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Policy.class,
            names = {"SESSION", "SESSION_WITH_DESTINATIONS", "BLOCK"})
    void messagesAreAsLongAsSaid(Policy policy) throws Exception {
        for (Format format : new Format[] {Format.SYSLOG, Format.IPFIX}) {
            try (DatagramSocket collector =
                    new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                collector.setReceiveBufferSize(4 << 20);
                Target target = new Target("127.0.0.1", collector.getLocalPort());
                AtomicBoolean allSent = new AtomicBoolean();
                CompletableFuture<Received> received =
                        CompletableFuture.supplyAsync(() -> received(collector, allSent));
                run(
                        policy,
                        format == Format.SYSLOG
                                ? new LogSink.Syslog(target, LogSink.Protocol.UDP)
                                : new LogSink.Ipfix(target, 0));
                allSent.set(true); // and so received: loopback delivers while it sends
                Received all = received.get(GUARD.toSeconds(), TimeUnit.SECONDS);
                assertThat((format == Format.IPFIX ? all.inFullMessages() : all.octets()) / (double) FLOWS)
                        .isCloseTo(new LogVolume(1, 1).bytesPerDay(policy, format), TOLERANCE);
            }
        }
    }

    /** All that came; read while they come, as most kernels keep no more than 208 KiB of them for whoever reads later. */
    private static Received received(DatagramSocket collector, AtomicBoolean allSent) {
        long octets = 0;
        int messages = 0;
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        while (true) {
            boolean wasLast = allSent.get();
            try {
                collector.setSoTimeout(SILENCE_MILLIS);
                collector.receive(packet);
                octets += packet.getLength();
                messages++;
            } catch (SocketTimeoutException e) {
                if (wasLast) {
                    return new Received(octets, messages);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** As many flows as blocks, if there are any, each of a subscriber of its own. */
    private static void run(Policy policy, LogSink sink) throws Exception {
        PoolConfig pool = Proxies.pool("127.0.10.246", 20_000, 20_999);
        TranslationLogConfig log = TranslationLogConfig.defaults().withSink(sink);
        if (policy == Policy.BLOCK) {
            pool = pool.withBlocks(new PortBlockConfig(2, 1, BlockGrowth.ONE));
            log = log.withGranularity(Granularity.BLOCK);
        } else if (policy == Policy.SESSION_WITH_DESTINATIONS) {
            log = log.withDestinations();
        }
        try (NatProxy proxy = NatProxy.start(Proxies.with(pool).log(log).config());
                Sink server = Sink.start(Sink.echoing(), "127.0.0.222")) {
            for (int flow = 0; flow < FLOWS; flow++) {
                String source = "127.20." + (100 + flow / 100) + "." + (100 + flow % 100);
                SocksClient.connectFrom(source, proxy.address(Proxies.SOCKS), server.address())
                        .close();
            }
            await().atMost(GUARD).until(() -> proxy.snapshot().pools().get(0).sessions() == 0);
        }
    }
}
