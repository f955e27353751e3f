package dev.cgnat.bench.report;

import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.report.RunReport.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reports with fixed numbers, and the texts that they must come to. */
final class Samples {
    private static final LatencySummary NOBODY = new LatencySummary(0, 0, 0, 0, 0, 0, 0);

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
                List.of(),
                OptionalDouble.of(1.25),
                new TreeMap<>(Map.of("cgnat", "0.1.0")),
                OptionalInt.of(50),
                List.of(
                        new Sample(0, 0, 0, 1, 49, 0, 0, new TreeMap<>(), Optional.of(NOBODY)),
                        new Sample(
                                1,
                                48,
                                0,
                                1,
                                1,
                                48,
                                48,
                                new TreeMap<>(),
                                Optional.of(new LatencySummary(48, 1, 2, 3, 3, 3, 1.5))),
                        new Sample(
                                2,
                                49,
                                1,
                                0,
                                0,
                                49,
                                40,
                                new TreeMap<>(Map.of("exhausted", 9L, "held", 3L)),
                                Optional.of(new LatencySummary(40, 1, 2, 4, 8, 9.5, 1)))));
    }

    /** A small pool that runs dry, with everything that a report may have. */
    static RunReport runReport() {
        return new RunReport(
                1,
                "sim",
                "evening of a small network, pool main of 500 ports",
                new TreeMap<>(Map.of("workload", "evening.yaml", "until", "2m")),
                OptionalLong.of(7),
                new TreeMap<>(Map.of("cgnat", "0.1.0")),
                false,
                120,
                new RunReport.Capacity(500, 500, OptionalDouble.of(8.333)),
                new RunReport.Totals(
                        20_000,
                        16_880,
                        new TreeMap<>(Map.of("exhausted", 210L, "held", 2_910L)),
                        15,
                        40,
                        500,
                        480,
                        900,
                        OptionalDouble.of(42)),
                List.of(
                        new Sample(0, 0, 0, 0, 500, 0, 0, new TreeMap<>()),
                        new Sample(60, 300, 200, 0, 0, 600, 9_000, new TreeMap<>(Map.of("exhausted", 210L))),
                        new Sample(120, 20, 480, 0, 0, 30, 7_880, new TreeMap<>(Map.of("held", 2_910L)))),
                Optional.of(new RunReport.Subscribers(
                        250,
                        new RunReport.Distribution(
                                12, 31, 60, 64, 64, 14.25, List.of(8L, 16L, 32L, 64L), List.of(40L, 150L, 45L, 15L)),
                        31,
                        0.912)),
                List.of(
                        new RunReport.Behaviour("web", 200, 15_000, 14_800, 200, 0.98667, 0.99),
                        new RunReport.Behaviour("torrent", 50, 4_960, 2_080, 2_920, 0.41935, 0.31)),
                List.of(new RunReport.Use("127.0.1.1", 500, 16_880, 3_120)),
                List.of(
                        new RunReport.Use("10.9.0.1:443", 450, 12_000, 3_000),
                        new RunReport.Use("10.9.0.2:443", 90, 4_880, 120)),
                Optional.of(new LatencySummary(16_880, 1, 2, 4, 8, 9.5, 1.25)),
                List.of(
                        "flows that began before the log did are not counted, which a reader has to know to read the rest of"
                                + " this report aright"),
                List.of());
    }

    /** Nobody came, and nothing was seen of the pool. */
    static RunReport emptyRun() {
        return new RunReport(
                1,
                "sim",
                "nobody",
                new TreeMap<>(),
                OptionalLong.empty(),
                new TreeMap<>(),
                true,
                0,
                RunReport.Capacity.unknown(),
                new RunReport.Totals(0, 0, new TreeMap<>(), 0, 0, 0, 0, 0, OptionalDouble.empty()),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
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
