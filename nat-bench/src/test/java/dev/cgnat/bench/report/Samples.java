package dev.cgnat.bench.report;

import dev.cgnat.bench.load.LatencySummary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Reports with fixed numbers, and the texts that they must come to. */
final class Samples {
    private Samples() {}

    static LoadReport loadReport() {
        return new LoadReport(
                1,
                new LoadReport.Parameters(
                        List.of("127.0.0.1:9000"),
                        "socks5://127.0.0.1:1080",
                        50,
                        "constant",
                        2,
                        "constant:1s",
                        "client",
                        16,
                        20,
                        1000,
                        7),
                2,
                false,
                new LoadReport.Flows(102, 100, 88, 80, 88, 50),
                new TreeMap<>(Map.of("general", 12L)),
                new TreeMap<>(),
                new TreeMap<>(Map.of("reset", 1L)),
                new TreeMap<>(Map.of("descriptors", 2L)),
                Optional.of(new TreeMap<>(Map.of("exhausted", 9L, "held", 3L))),
                new LoadReport.Rates(51, 50, 44, 6),
                new LoadReport.Latencies(
                        new LatencySummary(88, 1, 2, 4, 8, 9.5, 1.25),
                        new LatencySummary(88, 2, 3, 5, 9, 10.125, 2.25),
                        new LatencySummary(12, 0.5, 0.75, 60, 65, 70, 3)),
                new LatencySummary(100, 0.125, 0.25, 0.5, 1, 1.5, 0.25),
                new LoadReport.Bytes(1408, 1408),
                List.of());
    }

    static String golden(String name) {
        try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
