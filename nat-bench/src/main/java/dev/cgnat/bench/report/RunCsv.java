package dev.cgnat.bench.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.cgnat.bench.load.LatencySummary;
import dev.cgnat.bench.report.RunReport.Sample;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The samples of a {@link RunReport} as a table. */
final class RunCsv {
    private RunCsv() {}

    static String of(RunReport report) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            SortedSet<String> reasons = new TreeSet<>(report.totals().refused().keySet());
            report.samples().forEach(sample -> reasons.addAll(sample.refused().keySet()));
            boolean pool = report.capacity().known();
            boolean connect = report.samples().stream()
                    .anyMatch(sample -> sample.connectMs().isPresent());
            csv.writeRecord(header(reasons, pool, connect));
            for (Sample sample : report.samples()) {
                csv.writeRecord(row(sample, reasons, pool, connect));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: nothing is written but to memory
        }
        return text.toString();
    }

    private static List<String> header(SortedSet<String> reasons, boolean pool, boolean connect) {
        List<String> names = new ArrayList<>(List.of("at-seconds"));
        if (pool) {
            names.addAll(List.of("in-use", "held", "reserved", "free"));
        }
        names.addAll(List.of("sessions", "granted"));
        reasons.forEach(reason -> names.add("refused." + reason));
        if (connect) {
            names.addAll(List.of("connect.p50-ms", "connect.p90-ms", "connect.p99-ms", "connect.max-ms"));
        }
        return names;
    }

    private static List<String> row(Sample sample, SortedSet<String> reasons, boolean pool, boolean connect) {
        List<String> values = new ArrayList<>(List.of(Double.toString(sample.atSeconds())));
        if (pool) {
            List.of(sample.inUse(), sample.held(), sample.reserved(), sample.free())
                    .forEach(count -> values.add(count.toString()));
        }
        values.add(Integer.toString(sample.sessions()));
        values.add(Long.toString(sample.granted()));
        reasons.forEach(reason -> values.add(Long.toString(sample.refused().getOrDefault(reason, 0L))));
        if (connect) {
            Optional<LatencySummary> ms = sample.connectMs().filter(times -> times.count() > 0);
            values.add(ms.map(times -> Double.toString(times.p50())).orElse(""));
            values.add(ms.map(times -> Double.toString(times.p90())).orElse(""));
            values.add(ms.map(times -> Double.toString(times.p99())).orElse(""));
            values.add(ms.map(times -> Double.toString(times.max())).orElse(""));
        }
        return values;
    }
}
