package dev.cgnat.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/**
 * What {@code shootout} prints: one workload through many profiles.
 *
 * @param parameters what was asked for, by the name of the option
 * @param profiles in alphabetical order
 */
public record ShootoutReport(
        int schemaVersion,
        SortedMap<String, String> parameters,
        List<Row> profiles,
        SortedMap<String, String> versions) {
    private static final int SCHEMA_VERSION = 1;
    private static final int BAR = 30;

    /**
     * One profile.
     *
     * @param slotsToOne to one destination, with the addresses asked for
     * @param refusal the share of the flows that was refused, 0 to 1
     * @param mainReason what most of them were told; absent if none was refused
     * @param peakPorts most pairs in use or held at a time
     * @param firstRefusalSeconds absent if none was refused
     * @param addressesNeeded to refuse no more than the target; absent if no number does
     */
    public record Row(
            String profile,
            int slotsToOne,
            long offered,
            double refusal,
            Optional<String> mainReason,
            int peakPorts,
            OptionalDouble firstRefusalSeconds,
            Optional<Integer> addressesNeeded) {}

    /** The report of {@code rows}. */
    public static ShootoutReport of(
            SortedMap<String, String> parameters, List<Row> rows, SortedMap<String, String> versions) {
        return new ShootoutReport(SCHEMA_VERSION, parameters, rows, versions);
    }

    /** The same for people: a table, and a bar for each refusal rate. */
    public String text() {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-16s %s%n", name, value)));
        text.append(String.format(
                Locale.ROOT,
                "%n%-26s %12s %9s %-20s %11s %12s %10s%n",
                "profile",
                "slots to one",
                "refused",
                "most often",
                "peak ports",
                "1st refusal",
                "addresses"));
        for (Row row : profiles) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-26s %,12d %8.2f%% %-20s %,11d %12s %10s%n",
                    row.profile,
                    row.slotsToOne,
                    100 * row.refusal,
                    row.mainReason.orElse("-"),
                    row.peakPorts,
                    row.firstRefusalSeconds.isPresent()
                            ? String.format(Locale.ROOT, "%,.1f s", row.firstRefusalSeconds.getAsDouble())
                            : "never",
                    row.addressesNeeded.map(Object::toString).orElse("no number")));
        }
        text.append("\nrefused\n");
        for (Row row : profiles) {
            int filled = (int) Math.ceil(row.refusal * BAR);
            text.append(String.format(
                    Locale.ROOT,
                    "%-26s [%s%s] %.2f%%%n",
                    row.profile,
                    "#".repeat(filled),
                    ".".repeat(BAR - filled),
                    100 * row.refusal));
        }
        return text.toString();
    }
}
