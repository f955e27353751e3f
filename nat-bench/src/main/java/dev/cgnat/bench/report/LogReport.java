package dev.cgnat.bench.report;

import dev.cgnat.bench.size.LogVolume;
import dev.cgnat.bench.size.LogVolume.Format;
import dev.cgnat.bench.size.LogVolume.Policy;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How much a translation log grows, ready to print. */
public record LogReport(int schemaVersion, double flowsPerDay, double blocksPerDay, List<Row> rows) {
    private static final int SCHEMA_VERSION = 1;
    private static final double MEGABYTE = 1e6;

    /** One policy in one format. */
    public record Row(String policy, String format, double bytesPerDay) {}

    public static LogReport of(LogVolume volume) {
        List<Row> rows = volume.rows().stream()
                .map(row -> new Row(row.policy().key(), row.format().key(), row.bytesPerDay()))
                .toList();
        return new LogReport(SCHEMA_VERSION, volume.flowsPerDay(), volume.blocksPerDay(), rows);
    }

    /** A line for each policy, a column for each format. */
    public String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "MB per day of %,.0f flows and %,.0f blocks%n%-26s", flowsPerDay, blocksPerDay, ""));
        for (Format format : Format.values()) {
            text.append(String.format(Locale.ROOT, "%12s", format.key()));
        }
        text.append('\n');
        for (Policy policy : Policy.values()) {
            text.append(String.format(Locale.ROOT, "%-26s", policy.key()));
            rows(policy).forEach(row -> text.append(String.format(Locale.ROOT, "%,12.1f", row.bytesPerDay / MEGABYTE)));
            text.append('\n');
        }
        return text.toString();
    }

    private Stream<Row> rows(Policy policy) {
        return rows.stream().filter(row -> row.policy.equals(policy.key()));
    }
}
