package dev.cgnat.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code demo} prints.
 *
 * @param capacity ports of the pool
 * @param foreignPorts of those that sockets of others kept
 * @param granted flows, over all phases, as the proxy counted
 * @param peakInUse most ports in use at a time
 * @param peakSessions most flows at a time
 * @param refused by reason, as the proxy counted
 * @param ceiling new flows per second to one destination, by the rule
 * @param ceilingMeasured the same, as the destination saw it in the last phase
 * @param asExpected whether every phase went as predicted
 * @param notes what was smaller or other than usual
 */
public record DemoReport(
        int schemaVersion,
        String profile,
        int capacity,
        int foreignPorts,
        int subscribers,
        long granted,
        int peakInUse,
        int peakSessions,
        SortedMap<String, Long> refused,
        double ceiling,
        double ceilingMeasured,
        double durationSeconds,
        boolean asExpected,
        List<Phase> phases,
        List<String> notes) {
    private static final int WIDTH = 80;
    private static final String INDENT = "   ";

    /**
     * One scene of the story. Counts are those of the phase alone.
     *
     * @param what happens
     * @param why it comes out so
     * @param attempted flows that the clients tried
     * @param granted flows that the proxy granted
     * @param refused by reason, as the proxy counted
     * @param inUse ports in use at the end
     * @param held ports that rest at the end
     * @param sessions flows at the end
     * @param expected what should come out
     * @param different what came out otherwise; absent if nothing did
     */
    public record Phase(
            String name,
            String what,
            String why,
            double seconds,
            long attempted,
            long granted,
            Map<String, Long> refused,
            int inUse,
            int held,
            int sessions,
            String expected,
            boolean asExpected,
            Optional<String> different) {}

    public DemoReport {
        phases = List.copyOf(phases);
        notes = List.copyOf(notes);
    }

    /** The same for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "profile %s: %d ports, %d subscribers, %.1f s%n",
                profile,
                capacity - foreignPorts,
                subscribers,
                durationSeconds));
        int number = 1;
        for (Phase phase : phases) {
            text.append(String.format(Locale.ROOT, "%n%d. %s: %s%n", number++, phase.name, phase.what));
            text.append(String.format(
                    Locale.ROOT,
                    "   %d tried, %d granted, refused: %s%n",
                    phase.attempted,
                    phase.granted,
                    Numbers.reasons(phase.refused)));
            text.append(String.format(
                    Locale.ROOT,
                    "   then %d ports in use, %d held, %d flows%n",
                    phase.inUse,
                    phase.held,
                    phase.sessions));
            text.append(wrapped("why: " + phase.why));
            phase.different.ifPresent(different -> text.append("   NOT AS EXPECTED: ")
                    .append(different)
                    .append(" (expected: ")
                    .append(phase.expected)
                    .append(")\n"));
        }
        text.append(String.format(
                Locale.ROOT,
                "%ngranted %d, refused: %s%npeak %d ports in use under %d flows%n"
                        + "ceiling to one destination (slots / hold time) %s, measured %s%n",
                granted,
                Numbers.reasons(refused),
                peakInUse,
                peakSessions,
                Numbers.perSecond(ceiling),
                Numbers.perSecond(ceilingMeasured)));
        notes.forEach(note -> text.append("note: ").append(note).append('\n'));
        text.append(asExpected ? "everything as expected\n" : "NOT everything as expected\n");
        return text.toString();
    }

    /**
     * The same in the shape that all commands share.
     *
     * @param samples from the beginning of the first phase on
     */
    public RunReport run(SortedMap<String, String> versions, List<RunReport.Sample> samples) {
        List<String> all = new ArrayList<>();
        for (Phase phase : phases) {
            all.add(String.format(
                    Locale.ROOT,
                    "%s, %.1f s: %s; %d granted, refused: %s; %s",
                    phase.name,
                    phase.seconds,
                    phase.what,
                    phase.granted,
                    Numbers.reasons(phase.refused),
                    phase.different
                            .map(different -> "NOT AS EXPECTED: " + different)
                            .orElse("as expected: " + phase.expected)));
        }
        all.addAll(notes);
        return new RunReport(
                RunReport.SCHEMA_VERSION,
                "demo",
                "profile " + profile + ": " + (capacity - foreignPorts) + " ports, " + subscribers
                        + " subscribers, a pool runs dry in six phases",
                new TreeMap<>(Map.of("profile", profile, "subscribers", Integer.toString(subscribers))),
                OptionalLong.empty(),
                versions,
                false,
                durationSeconds,
                new RunReport.Capacity(capacity, capacity - foreignPorts, OptionalDouble.of(ceiling)),
                RunReport.Totals.decided(
                        granted,
                        refused,
                        0,
                        0,
                        peakInUse,
                        samples.stream().mapToInt(RunReport.Sample::held).max().orElse(0),
                        peakSessions,
                        samples.stream()
                                .filter(sample -> !sample.refused().isEmpty())
                                .mapToDouble(RunReport.Sample::atSeconds)
                                .findFirst()),
                samples,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                all,
                List.of());
    }

    /** Indented lines that a terminal of 80 columns need not break within a word. */
    private static String wrapped(String sentence) {
        StringBuilder lines = new StringBuilder();
        String line = INDENT;
        for (String word : sentence.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.append(line).append('\n');
                line = INDENT + INDENT + word;
            } else {
                line += (line.isBlank() ? "" : " ") + word;
            }
        }
        return lines.append(line).append('\n').toString();
    }
}
