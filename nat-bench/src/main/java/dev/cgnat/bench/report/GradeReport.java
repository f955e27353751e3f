package dev.cgnat.bench.report;

import dev.cgnat.bench.grade.Blocks;
import dev.cgnat.bench.grade.Finding;
import dev.cgnat.bench.grade.Findings;
import dev.cgnat.bench.grade.HoldDown;
import dev.cgnat.bench.grade.RefusalKind;
import dev.cgnat.bench.grade.Verdict;
import dev.cgnat.bench.grade.Verdicts;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.IpAddress;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What an examination found, ready to print: numbers are rounded. */
public record GradeReport(
        int schemaVersion,
        String via,
        boolean complete,
        List<String> addresses,
        List<Answer> answers,
        List<Row> verdicts,
        Effort effort) {
    private static final int SCHEMA_VERSION = 1;
    private static final MathContext THREE_DIGITS = new MathContext(3);

    /**
     * One question.
     *
     * @param value absent if it was not seen
     * @param number where the value is one: bits, seconds or flows
     */
    public record Answer(String question, Optional<String> value, OptionalDouble number, String evidence) {}

    /** One row of an RFC. */
    public record Row(String row, String requirement, String verdict, String evidence) {}

    /** What it took. */
    public record Effort(int connections, long granted, long refused, double seconds) {}

    /**
     * The report of one examination.
     *
     * @param via what was examined
     */
    public static GradeReport of(String via, Findings findings) {
        return new GradeReport(
                SCHEMA_VERSION,
                via,
                !findings.effort().interrupted(),
                findings.ports().addresses().stream().map(IpAddress::toString).toList(),
                answers(findings),
                Verdicts.of(findings).stream().map(GradeReport::row).toList(),
                new Effort(
                        findings.effort().connections(),
                        findings.effort().granted(),
                        findings.effort().refused(),
                        Numbers.decimals(findings.effort().nanos() / 1e9, 1)));
    }

    private static List<Answer> answers(Findings findings) {
        List<Answer> answers = new ArrayList<>();
        answers.add(answer("reuse-scope", findings.sharing().scope(), scope -> scope.key()));
        answers.add(answer("port-range", findings.ports().range(), range -> range.first() + "-" + range.last()));
        answers.add(number(
                "port-selection",
                findings.ports().selection(),
                selection -> String.format(Locale.ROOT, "%s, %.1f bits", selection.text(), selection.bits()),
                selection -> Numbers.decimals(selection.bits(), 1)));
        answers.add(answer("blocks", findings.ports().blocks(), GradeReport::text));
        answers.add(answer("pooling", findings.sharing().pooling(), pooling -> pooling.key()));
        answers.add(answer("mapping", findings.sharing().mapping(), mapping -> mapping.key()));
        for (Map.Entry<CloseCause, Finding<HoldDown>> entry :
                findings.rests().holdDowns().entrySet()) {
            answers.add(number(
                    "hold-down." + entry.getKey().label().replace('_', '-'),
                    entry.getValue(),
                    rest -> rest.isNone() ? "none" : seconds(rest.atMost().toNanos()),
                    rest -> rest.isNone() ? 0 : rounded(rest.atMost().toNanos() / 1e9)));
        }
        answers.add(number(
                "idle",
                findings.rests().idle(),
                idle -> seconds(idle.toNanos()),
                idle -> rounded(idle.toNanos() / 1e9)));
        answers.add(number(
                "limit-per-subscriber",
                findings.refusals().limit(),
                flows -> String.format(Locale.ROOT, "%,d flows", flows),
                flows -> flows));
        answers.add(number(
                "refusal",
                findings.refusals().shape(),
                shape -> shape.kind() == RefusalKind.SILENCE
                        ? "silence for " + seconds(shape.maxNanos())
                        : shape.text() + " in " + seconds(shape.medianNanos()),
                shape ->
                        rounded((shape.kind() == RefusalKind.SILENCE ? shape.maxNanos() : shape.medianNanos()) / 1e9)));
        return List.copyOf(answers);
    }

    private static <T> Answer answer(String question, Finding<T> finding, Function<T, String> text) {
        return new Answer(question, finding.value().map(text), OptionalDouble.empty(), finding.evidence());
    }

    private static <T> Answer number(
            String question, Finding<T> finding, Function<T, String> text, ToDoubleFunction<T> number) {
        return new Answer(
                question,
                finding.value().map(text),
                finding.value().stream().mapToDouble(number).findFirst(),
                finding.evidence());
    }

    private static String text(Blocks blocks) {
        String size = blocks.size().isPresent() ? "of " + blocks.size().getAsInt() : "of unknown size";
        return blocks.maxPerSubscriber().isPresent()
                ? size + ", at most " + blocks.maxPerSubscriber().getAsInt() + " per subscriber"
                : size;
    }

    private static Row row(Verdict verdict) {
        return new Row(verdict.row(), verdict.requirement(), verdict.status().text(), verdict.evidence());
    }

    private static double rounded(double seconds) {
        return BigDecimal.valueOf(seconds).round(THREE_DIGITS).doubleValue();
    }

    private static String seconds(long nanos) {
        double millis = nanos / 1e6;
        return millis < 100
                ? String.format(Locale.ROOT, "%.1f ms", millis)
                : BigDecimal.valueOf(millis / 1e3).round(THREE_DIGITS).toPlainString() + " s";
    }

    /** The same for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("through ").append(via).append('\n');
        text.append("external addresses ").append(String.join(", ", addresses)).append("\n\n");
        for (Answer answer : answers) {
            text.append(String.format(Locale.ROOT, "%-21s %s%n", answer.question, answer.value.orElse("-")));
            text.append(String.format(Locale.ROOT, "%-21s   %s%n", "", answer.evidence));
        }
        text.append('\n');
        for (Row row : verdicts) {
            text.append(String.format(Locale.ROOT, "%-23s %-15s %s%n", row.row, row.verdict, row.requirement));
            text.append(String.format(Locale.ROOT, "%-23s   %s%n", "", row.evidence));
        }
        text.append(String.format(
                Locale.ROOT,
                "%n%,d connections in %.1f s: %,d granted, %,d refused%s%n",
                effort.connections,
                effort.seconds,
                effort.granted,
                effort.refused,
                complete ? "" : "; interrupted"));
        return text.toString();
    }
}
