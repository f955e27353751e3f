package dev.cgnat.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.peers.PeersReport.Row;
import dev.cgnat.bench.peers.PeersReport.Table;
import dev.cgnat.bench.report.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The whole report against texts; a difference is a change that users see. */
final class PeersReportGoldenTest {
    @Test
    void asText() throws IOException {
        assertThat(report().text()).isEqualTo(golden("peers.txt"));
    }

    @Test
    void asJson() throws IOException {
        assertThat(Json.pretty(report()) + "\n").isEqualTo(golden("peers.json"));
    }

    @Test
    void figuresHaveThreeDigitsThatMatter() {
        assertThat(PeersReport.rounded(15_671.4)).isEqualTo(15_671);
        assertThat(PeersReport.rounded(63.84)).isEqualTo(63.8);
        assertThat(PeersReport.rounded(-2.345)).isEqualTo(-2.35);
        assertThat(PeersReport.rounded(0.9512)).isEqualTo(0.951);
    }

    private static PeersReport report() {
        return new PeersReport(
                1,
                Optional.of("Sample CPU"),
                2,
                "17.0.1+2",
                false,
                List.of(
                        new Table(
                                "cps",
                                "short connections",
                                Optional.of("haproxy"),
                                List.of(
                                        measured("direct", Map.of("conn/s", 21_000.0), OptionalDouble.empty()),
                                        measured("ours", figures(14_250, 9_000), OptionalDouble.of(0.95))
                                                .with("calls/conn", 17.96),
                                        measured("haproxy", figures(15_000, 9_100.5), OptionalDouble.of(1))
                                                .withNote("failed: {reset=2}"),
                                        Row.missing("nginx", "not installed"))),
                        new Table(
                                "churn",
                                "few ports",
                                Optional.empty(),
                                List.of(
                                        Row.once("ours", Map.of("least gap ms", 5001.0), ""),
                                        Row.once("kernel-nft", Map.of("least gap ms", 0.28), "failed: {timeout=1}")))),
                List.of("bulk: no such file"),
                List.of("figures are medians"));
    }

    private static Map<String, Double> figures(double perProcessorSecond, double perSecond) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("conn/CPU-s", perProcessorSecond);
        figures.put("conn/s", perSecond);
        return figures;
    }

    private static Row measured(String peer, Map<String, Double> figures, OptionalDouble ratio) {
        return new Row(peer, 3, figures, OptionalDouble.of(2.5), ratio, OptionalDouble.of(0.02), Optional.empty());
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PeersReportGoldenTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
