package dev.cgnat.bench.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.cgnat.bench.report.RunReport.Sample;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * What {@code run --both} prints: the run over sockets, whose keys stand at the top, the same in virtual time, and how far they
 * are apart.
 *
 * @param run over sockets
 * @param simulated in virtual time
 */
public record TwinReport(@JsonUnwrapped RunReport run, RunReport simulated, Decisions decisions, Distance distance)
        implements SavedReport {
    private static final String DISTANCE = "distance";

    /**
     * The log of what the real NAT decided, against that of a fresh one that was asked the same at the same times.
     *
     * @param count of the real one
     * @param difference the first one; absent if both logs are the same
     */
    public record Decisions(int count, Optional<String> difference) {
        /** A line for people. */
        public String text() {
            return String.format(
                    Locale.ROOT,
                    "%,d decisions, %s",
                    count,
                    difference.map(found -> "different: " + found).orElse("identical when repeated in virtual time"));
        }
    }

    /**
     * How far the two runs are apart, each a ratio.
     *
     * @param granted the difference of all that were granted, of the larger
     * @param refused the difference of all that were refused, of the larger
     * @param ports the largest of {@code curve}; 0 if there are no samples
     * @param portsAtSeconds where that is
     * @param meanPorts the mean of {@code curve}
     * @param curve for each sample that both have, the largest difference of the ports in use, of those held and of both
     *     together, of the ports of the pool
     */
    public record Distance(
            double granted, double refused, double ports, double portsAtSeconds, double meanPorts, List<Double> curve) {
        public Distance {
            curve = List.copyOf(curve);
        }

        /** Between two runs of the same pool, with samples at the same times. */
        public static Distance between(RunReport one, RunReport other) {
            int pool = Math.max(1, one.capacity().ports());
            List<Double> curve = new ArrayList<>();
            int worst = 0;
            int common = Math.min(one.samples().size(), other.samples().size());
            for (int i = 0; i < common; i++) {
                Sample first = one.samples().get(i);
                Sample second = other.samples().get(i);
                int apart = Math.max(
                        apart(first, second, TwinReport::taken),
                        Math.max(apart(first, second, Sample::inUse), apart(first, second, Sample::held)));
                curve.add(Numbers.decimals((double) apart / pool, 5));
                if (curve.get(i) > curve.get(worst)) {
                    worst = i;
                }
            }
            return new Distance(
                    apart(one.totals().granted(), other.totals().granted()),
                    apart(one.totals().refusedTotal(), other.totals().refusedTotal()),
                    curve.isEmpty() ? 0 : curve.get(worst),
                    curve.isEmpty() ? 0 : one.samples().get(worst).atSeconds(),
                    Numbers.decimals(
                            curve.stream()
                                    .mapToDouble(Double::doubleValue)
                                    .average()
                                    .orElse(0),
                            5),
                    curve);
        }

        private static int apart(Sample one, Sample other, ToIntFunction<Sample> count) {
            return Math.abs(count.applyAsInt(one) - count.applyAsInt(other));
        }

        private static double apart(long one, long other) {
            return one == other ? 0 : Numbers.decimals((double) Math.abs(one - other) / Math.max(one, other), 5);
        }
    }

    /** Of two runs of one scenario. */
    public static TwinReport of(RunReport real, RunReport simulated, Decisions decisions) {
        return new TwinReport(real, simulated, decisions, Distance.between(real, simulated));
    }

    /** Ports that nobody else can have. */
    static int taken(Sample sample) {
        return sample.inUse() + sample.held();
    }

    /** The same with its thresholds judged, by the run over sockets; {@code distance} is the largest of the three. */
    public TwinReport judged(List<Threshold> asked) {
        return new TwinReport(run.judged(asked, this::value), simulated, decisions, distance);
    }

    /** The same for people, at most 100 columns wide. */
    @Override
    public String text() {
        return new TwinText(this).text();
    }

    @Override
    public String csv() {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            csv.writeRecord(
                    "at-seconds",
                    "in-use",
                    "held",
                    "sessions",
                    "granted",
                    "refused",
                    "simulated.in-use",
                    "simulated.held",
                    "simulated.sessions",
                    "simulated.granted",
                    "simulated.refused",
                    DISTANCE);
            for (int i = 0; i < distance.curve.size(); i++) {
                List<String> row = new ArrayList<>();
                row.add(Double.toString(run.samples().get(i).atSeconds()));
                row.addAll(cells(run.samples().get(i)));
                row.addAll(cells(simulated.samples().get(i)));
                row.add(distance.curve.get(i).toString());
                csv.writeRecord(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: nothing is written but to memory
        }
        return text.toString();
    }

    private static List<String> cells(Sample sample) {
        return List.of(
                Integer.toString(sample.inUse()),
                Integer.toString(sample.held()),
                Integer.toString(sample.sessions()),
                Long.toString(sample.granted()),
                Long.toString(sample.refusedTotal()));
    }

    @Override
    public String command() {
        return run.command();
    }

    @Override
    public Object page() {
        return this;
    }

    @Override
    public List<String> metrics() {
        List<String> names = new ArrayList<>(run.metrics());
        RunMetrics.DISTANCES.forEach(part -> names.add(DISTANCE + "." + part));
        return names;
    }

    @Override
    public double value(String metric) {
        return switch (metric) {
            case DISTANCE -> Math.max(distance.ports, Math.max(distance.granted, distance.refused));
            case DISTANCE + ".granted" -> distance.granted;
            case DISTANCE + ".refused" -> distance.refused;
            case DISTANCE + ".ports" -> distance.ports;
            default -> run.value(metric);
        };
    }
}
