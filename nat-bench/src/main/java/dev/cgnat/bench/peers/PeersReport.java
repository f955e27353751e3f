package dev.cgnat.bench.peers;

import dev.cgnat.bench.report.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code peers} prints: one table for each question, all of one run.
 *
 * @param complete whether every part that was asked for ran to its end
 * @param warnings what disturbs the figures
 */
public record PeersReport(
        int schemaVersion,
        Optional<String> processor,
        int processors,
        String java,
        boolean complete,
        List<Table> tables,
        List<String> warnings,
        List<String> rules) {
    private static final int SCHEMA_VERSION = 1;
    private static final List<String> RULES = List.of(
            "figures are medians over the samples; ratios are to the named peer, in the same run",
            "/CPU-s = per second of processor time of the peer's own processes, kernel included",
            "foreign = processors that other programs used meanwhile; above 0.15 a sample counts only if there is no better one");

    /**
     * One question.
     *
     * @param part that asked it
     * @param reference whom the ratios refer to, empty if there are none
     */
    public record Table(String part, String title, Optional<String> reference, List<Row> rows) {}

    /**
     * One peer's answer.
     *
     * @param figures by the names of the columns, in their order, rounded
     * @param spreadPercent of its first figure: greatest less least sample, divided by the median
     * @param ratio of its first figure to the reference's
     * @param note what else is to be said, such as {@code not installed}
     */
    public record Row(
            String peer,
            int samples,
            Map<String, Double> figures,
            OptionalDouble spreadPercent,
            OptionalDouble ratio,
            OptionalDouble foreign,
            Optional<String> note) {
        /** Of a peer that could not be measured. */
        static Row missing(String peer, String why) {
            OptionalDouble none = OptionalDouble.empty();
            return new Row(peer, 0, Map.of(), none, none, none, Optional.of(why));
        }

        /**
         * Of a peer that was asked once.
         *
         * @param note empty for none
         */
        static Row once(String peer, Map<String, Double> figures, String note) {
            OptionalDouble none = OptionalDouble.empty();
            return new Row(peer, 1, figures, none, none, none, note.isEmpty() ? Optional.empty() : Optional.of(note));
        }

        /** 0 if there is none of that name. */
        double figure(String column) {
            return figures.getOrDefault(column, 0.0);
        }

        /** With a ratio, where there is one. */
        Row comparedBy(OptionalDouble other) {
            return new Row(peer, samples, figures, spreadPercent, other, foreign, note);
        }

        Row withNote(String text) {
            return new Row(peer, samples, figures, spreadPercent, ratio, foreign, Optional.of(text));
        }

        /** With one more figure, at the end. */
        Row with(String column, double figure) {
            Map<String, Double> more = new LinkedHashMap<>(figures);
            more.put(column, rounded(figure));
            return new Row(peer, samples, more, spreadPercent, ratio, foreign, note);
        }
    }

    static PeersReport of(
            Optional<String> processor, int processors, boolean complete, List<Table> tables, List<String> warnings) {
        return new PeersReport(
                SCHEMA_VERSION,
                processor,
                processors,
                Runtime.version().toString(),
                complete,
                List.copyOf(tables),
                List.copyOf(warnings),
                RULES);
    }

    /** Three significant digits, whole numbers in full. */
    static double rounded(double value) {
        double size = Math.abs(value);
        return Numbers.decimals(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
    }

    /** The same for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s, %d processors, Java %s%s%n",
                processor.orElse("unknown processor"),
                processors,
                java,
                complete ? "" : "; incomplete"));
        for (Table table : tables) {
            text.append(String.format(Locale.ROOT, "%n%s: %s%n%n", table.part, table.title));
            text(text, table);
        }
        text.append('\n');
        warnings.forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        rules.forEach(rule -> text.append("rule: ").append(rule).append('\n'));
        return text.toString();
    }

    private static void text(StringBuilder text, Table table) {
        Set<String> columns = new LinkedHashSet<>();
        table.rows.stream()
                .sorted(Comparator.comparing((Row row) -> row.figures.size())
                        .reversed()) // the one with all has the order
                .forEach(row -> columns.addAll(row.figures.keySet()));
        List<String> heading = new ArrayList<>(List.of("peer"));
        heading.addAll(columns);
        table.reference.ifPresent(reference -> heading.add("÷ " + reference));
        boolean isRepeated = table.rows.stream().anyMatch(row -> row.foreign.isPresent());
        if (isRepeated) {
            heading.addAll(List.of("spread %", "samples", "foreign"));
        }
        heading.add("note");
        List<List<String>> lines = new ArrayList<>(List.of(heading));
        for (Row row : table.rows) {
            List<String> line = new ArrayList<>(List.of(row.peer));
            columns.forEach(column -> line.add(row.figures.containsKey(column) ? cell(row.figure(column)) : ""));
            if (table.reference.isPresent()) {
                line.add(cell(row.ratio));
            }
            if (isRepeated) {
                line.addAll(
                        List.of(cell(row.spreadPercent), row.samples == 0 ? "" : "" + row.samples, cell(row.foreign)));
            }
            line.add(row.note.orElse(""));
            lines.add(line);
        }
        int[] widths = new int[heading.size()];
        lines.forEach(line ->
                Arrays.setAll(widths, i -> Math.max(widths[i], line.get(i).length())));
        line(text, heading, widths);
        line(text, Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
        lines.subList(1, lines.size()).forEach(line -> line(text, line, widths));
    }

    private static String cell(double figure) {
        return String.format(Locale.ROOT, figure == Math.rint(figure) ? "%,.0f" : "%s", figure);
    }

    private static String cell(OptionalDouble figure) {
        return figure.isPresent() ? String.format(Locale.ROOT, "%.2f", figure.getAsDouble()) : "";
    }

    private static void line(StringBuilder text, Collection<String> cells, int[] widths) {
        int[] column = {0};
        text.append(cells.stream()
                        .map(cell -> {
                            int index = column[0]++;
                            String blanks = " ".repeat(widths[index] - cell.length());
                            boolean isText = index == 0 || index == cells.size() - 1;
                            return isText ? cell + blanks : blanks + cell;
                        })
                        .collect(Collectors.joining(" | ", "| ", " |")))
                .append('\n');
    }
}
