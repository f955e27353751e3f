package dev.cgnat.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** METRICS.md and the configuration of Prometheus against what is really exported. */
class CatalogueTest {
    private static final Pattern ROW = Pattern.compile("\\| `(cgn_\\w+)` \\| (\\w+) \\| (.*?) \\| .*");
    private static final Pattern LABEL = Pattern.compile("`(\\w+)`(?: = ((?:`\\w+` ?)+))?");
    private static final Pattern PAIR = Pattern.compile("(\\w+)=\"(.*?)\"");
    /** Their values come from the configuration and the build. */
    private static final Set<String> OPEN = Set.of(
            "pool",
            "listener",
            "protocol",
            "external_ip",
            "reuse_scope",
            "version",
            "revision",
            "java",
            "transport",
            "le");

    private record Row(String type, Map<String, Set<String>> labels) {}

    @Test
    void documentListsExactlyWhatIsExported() throws IOException {
        assertThat(exported()).isEqualTo(documented());
    }

    @Test
    void promtoolHasNothingToSayAboutOurMetrics(@TempDir Path folder) throws Exception {
        Path scrape = Files.writeString(folder.resolve("metrics.txt"), scrape().text());
        Process promtool = new ProcessBuilder(Tools.require("promtool").toString(), "check", "metrics")
                .redirectInput(scrape.toFile())
                .redirectErrorStream(true)
                .start();
        String remarks = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // 3 = it could read everything and has remarks; 1 = it could not read the text.
        assertThat(promtool.waitFor()).as(remarks).isIn(0, 3);
        assertThat(remarks.lines()).noneMatch(line -> line.contains("cgn_"));
    }

    @Test
    void configurationOfPrometheusIsValid() throws Exception {
        Path config = Path.of("..", "config", "prometheus", "prometheus.yml");
        Process promtool = new ProcessBuilder(
                        Tools.require("promtool").toString(), "check", "config", config.toString())
                .redirectErrorStream(true)
                .start();
        String remarks = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(remarks).isZero();
    }

    private static Exposition scrape() {
        try (ProxyMeters meters = new ProxyMeters(TestSnapshots.CONFIG, "nio", TestSnapshots::idle)) {
            return meters.scrape("");
        }
    }

    private static Map<String, Row> exported() {
        Samples samples = Samples.of(scrape());
        Map<String, Row> rows = new TreeMap<>();
        samples.types().forEach((family, type) -> {
            if (family.startsWith("cgn_")) {
                rows.put(family, new Row(type, new TreeMap<>()));
            }
        });
        samples.ours().forEach(series -> {
            String name = series.replaceFirst("\\{.*", "");
            String family = rows.containsKey(name) ? name : name.replaceAll("_(bucket|count|sum)$", "");
            Row row = Objects.requireNonNull(rows.get(family), series);
            PAIR.matcher(series).results().forEach(pair -> add(row.labels(), pair.group(1), pair.group(2)));
        });
        rows.values().forEach(row -> row.labels().remove("le"));
        return rows;
    }

    private static Map<String, Row> documented() throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("METRICS.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Map<String, Set<String>> labels = new TreeMap<>();
                LABEL.matcher(row.group(3)).results().forEach(label -> addDocumented(labels, label));
                rows.put(row.group(1), new Row(row.group(2), labels));
            }
        }
        return rows;
    }

    private static void addDocumented(Map<String, Set<String>> labels, MatchResult label) {
        String values = label.group(2) == null ? "any" : label.group(2).replace("`", "");
        for (String value : values.strip().split(" ", -1)) {
            add(labels, label.group(1), value);
        }
    }

    private static void add(Map<String, Set<String>> labels, String name, String value) {
        labels.computeIfAbsent(name, key -> new TreeSet<>()).add(OPEN.contains(name) ? "any" : value);
    }
}
