package dev.cgnat.proxy;

import static dev.cgnat.proxy.testing.Proxies.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.DeterministicScheme;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.proxy.client.LookupCommand;
import dev.cgnat.proxy.config.LogSink;
import dev.cgnat.proxy.config.LogSink.Format;
import dev.cgnat.proxy.config.TranslationLogConfig;
import dev.cgnat.proxy.config.TranslationLogConfig.Granularity;
import dev.cgnat.proxy.log.Attribution;
import dev.cgnat.proxy.log.Attribution.Holder;
import dev.cgnat.proxy.log.LogFile;
import dev.cgnat.proxy.log.LogRecord;
import dev.cgnat.proxy.testing.Proxies;
import dev.cgnat.proxy.testing.Sink;
import dev.cgnat.proxy.testing.SocksClient;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whoever a server has seen is found by the log, and nobody else is. */
class AttributionIT {
    private static final int CLIENTS = 6;
    private static final int SUBSCRIBERS = 500;

    @TempDir
    private Path folder;

    /** What a server wrote down, as RFC 6302 asks, and whose flow it was. */
    private record Seen(Endpoint external, Instant time, int flow) {
        String subscriber() {
            return AttributionIT.subscriber(flow);
        }
    }

    @Test
    void everyOneOf100000FlowsIsAttributedToItsSubscriberAndNoOther() throws Exception {
        int flows = 100_000;
        Path file = folder.resolve("log.jsonl");
        PoolConfig pool = pool("127.0.10.241", "127.0.10.242", 20_000, 20_127).withReuseScope(ReuseScope.ADDRESS);

        Queue<Seen> seen = run(pool, log(file, Format.JSONL, Granularity.SESSION), flows);

        assertThat(seen).hasSize(flows);
        requireAttributed(seen, file);
        assertThat(Files.size(file) / (double) flows)
                .as("bytes for both records of a flow")
                .isLessThan(600);
    }

    @Test
    @Tag("rfc7422")
    void aBlockLogAttributesEveryFlowToo() throws Exception {
        Path file = folder.resolve("log.csv");
        PoolConfig pool = pool("127.0.10.243", "127.0.10.243", 20_000, 24_095)
                .withReuseScope(ReuseScope.ADDRESS)
                .withBlocks(new PortBlockConfig(8, 4, BlockGrowth.ONE));

        Queue<Seen> seen = run(pool, log(file, Format.CSV, Granularity.BLOCK), 2_000);

        requireAttributed(seen, file);
    }

    @Test
    @Tag("rfc7422")
    void theCommandFindsThemInCompressedFilesAndByFormula() throws Exception {
        Path file = folder.resolve("log.jsonl");
        PoolConfig pool = pool("127.0.10.244", 20_000, 20_099).withReuseScope(ReuseScope.ADDRESS);
        List<Seen> seen = new ArrayList<>(run(pool, log(file, Format.JSONL, Granularity.SESSION), 50));
        Path old = folder.resolve("log.jsonl.1.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(old))) {
            Files.copy(file, gzip);
        }
        for (Seen flow : seen) {
            assertThat(lookup(
                            0,
                            flow.external.toString(),
                            "--at",
                            flow.time.toString(),
                            "--log",
                            old.toString(),
                            "-o",
                            "wide",
                            "--no-headers"))
                    .startsWith(flow.subscriber() + " ")
                    .contains(flow.subscriber() + ":", "session log")
                    .hasLineCount(1);
        }
        Seen first = seen.get(0);
        String early = first.time.minusSeconds(3_600).toString();
        assertThat(lookup(6, first.external.toString(), "--at", early, "--log", old.toString()))
                .isEmpty();

        Path config = Files.writeString(folder.resolve("nat.yaml"), """
                pools:
                  - addresses: 127.0.10.245
                    ports: 20000-20511
                    reuse-scope: address
                    deterministic: { inside: 127.20.0.0/25 }
                """);
        PoolConfig formula = pool("127.0.10.245", 20_000, 20_511)
                .withReuseScope(ReuseScope.ADDRESS)
                .withDeterministic(new DeterministicConfig(
                        List.of(new AddressRange(Proxies.address("127.20.0.0"), Proxies.address("127.20.0.127"))),
                        DeterministicScheme.SEQUENTIAL,
                        0,
                        0));
        for (Seen flow : run(formula, TranslationLogConfig.defaults(), 50)) {
            assertThat(lookup(0, flow.external.toString(), "-c", config.toString(), "-o", "json"))
                    .contains("\"" + flow.subscriber() + "\"", "\"formula\"");
        }
    }

    private static String lookup(int exitCode, String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new LookupCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(new StringWriter()));
        assertThat(command.execute(arguments)).isEqualTo(exitCode);
        return out.toString();
    }

    private static TranslationLogConfig log(Path file, Format format, Granularity granularity) {
        return TranslationLogConfig.defaults()
                .withSink(new LogSink.File(file, format))
                .withGranularity(granularity);
    }

    /** What the server saw of so many flows. Each says its number, which the server echoes once it has noted it. */
    private static Queue<Seen> run(PoolConfig pool, TranslationLogConfig log, int flows) throws Exception {
        Queue<Seen> seen = new ConcurrentLinkedQueue<>();
        Sink.Behaviour noting = new Sink.Behaviour() {
            @Override
            public void onBytes(Sink.Connection connection, ByteBuf bytes) {
                seen.add(new Seen(Endpoint.from(connection.peer()), Instant.now(), bytes.getInt(0)));
                connection.send((byte) 1);
            }

            @Override
            public void onFin(Sink.Connection connection) {
                connection.close();
                connection.forget();
            }
        };
        try (NatProxy proxy = NatProxy.start(Proxies.with(pool).log(log).config());
                Sink server = Sink.start(noting, "127.0.0.2")) {
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            try {
                List<Callable<Void>> tasks = new ArrayList<>();
                for (int client = 0; client < CLIENTS; client++) {
                    int first = client;
                    tasks.add(() -> {
                        for (int flow = first; flow < flows; flow += CLIENTS) {
                            open(proxy, server, flow);
                        }
                        return null;
                    });
                }
                for (Future<Void> done : clients.invokeAll(tasks)) {
                    done.get();
                }
            } finally {
                clients.shutdownNow();
            }
        }
        return seen;
    }

    private static void open(NatProxy proxy, Sink server, int flow) throws IOException {
        try (SocksClient client =
                SocksClient.connectFrom(subscriber(flow), proxy.address(Proxies.SOCKS), server.address())) {
            assertThat(client.isGranted()).as("flow %s", flow).isTrue();
            client.wire().send(ByteBuffer.allocate(4).putInt(flow).array());
            assertThat(client.wire().read(1)).containsExactly(1);
        }
    }

    private static String subscriber(int flow) {
        int number = flow % SUBSCRIBERS;
        return "127.20." + number / 100 + "." + (1 + number % 100);
    }

    /** Asks the log of every external endpoint, each time with its records alone, as a lookup would pick them. */
    private static void requireAttributed(Queue<Seen> seen, Path file) throws IOException {
        Map<Endpoint, Attribution> endpoints = new HashMap<>();
        seen.forEach(flow ->
                endpoints.computeIfAbsent(flow.external, external -> new Attribution(external, Optional.empty())));
        Map<Object, List<Attribution>> byRecord = new HashMap<>();
        endpoints.forEach((external, attribution) -> {
            byRecord.computeIfAbsent(external, key -> new ArrayList<>()).add(attribution);
            byRecord.computeIfAbsent(external.address(), key -> new ArrayList<>())
                    .add(attribution);
        });
        LogFile log = new LogFile(file);
        log.read(line -> true, record -> {
            Object key = record instanceof LogRecord.Session session
                    ? session.external()
                    : record instanceof LogRecord.Block block ? block.address() : record;
            byRecord.getOrDefault(key, List.of()).forEach(attribution -> attribution.add(record));
        });
        assertThat(log.malformed()).isZero();
        for (Seen flow : seen) {
            List<Holder> holders =
                    Objects.requireNonNull(endpoints.get(flow.external)).at(flow.time, Duration.ZERO);
            assertThat(holders).as("%s", flow).singleElement().satisfies(holder -> {
                assertThat(holder.subscriber().name()).isEqualTo(flow.subscriber());
                assertThat(holder.isResting()).isFalse();
            });
        }
    }
}
