package dev.cgnat.bench.trace;

import de.siegmar.fastcsv.reader.CsvParseException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The flows of one log, in the order of its lines. <b>Ownership</b>: one thread. <b>Costs</b>: memory of one line. */
final class FlowLog implements Closeable {
    private static final Set<Column> NEEDED = EnumSet.of(
            Column.START,
            Column.PROTOCOL,
            Column.SOURCE,
            Column.SOURCE_PORT,
            Column.DESTINATION,
            Column.DESTINATION_PORT);
    private static final String ZEEK_SEPARATOR = "#separator ";
    private static final String ZEEK_FIELDS = "fields";
    /** Behind nfdump's word "Summary". */
    private static final int SUMMARY_LINES = 2;

    private final String name;
    private final LogFormat format;
    private final Dialect dialect;
    private final boolean isJson;
    private final LogLines lines;
    private final LogCounts counts;
    private final LoggedFlow flow = new LoggedFlow();
    /** Fields that a line must have, 0 before that is known. */
    private int width;

    private int toSkip;
    private boolean isOver;

    private FlowLog(String name, LogFormat format, Dialect dialect, boolean isJson, LogLines lines, LogCounts counts) {
        this.name = name;
        this.format = format;
        this.dialect = dialect;
        this.isJson = isJson;
        this.lines = lines;
        this.counts = counts;
    }

    /**
     * Looks at the beginning of a log.
     *
     * @param name for messages
     * @param in closed with the log
     * @param readBytes told how many bytes of {@code in} were read more
     * @throws FlowLogException if it cannot be told what kind of log it is
     */
    static FlowLog open(
            String name,
            InputStream in,
            LogOptions options,
            RowAddresses addresses,
            LogCounts counts,
            LongConsumer readBytes)
            throws IOException {
        BufferedInputStream content = LogStream.open(in, readBytes);
        String beginning = LogStream.beginning(content);
        LogFormat format = options.format()
                .or(() -> options.columns().map(columns -> LogFormat.CSV))
                .or(() -> LogFormat.of(beginning))
                .orElseThrow(() -> new FlowLogException(
                        name + ": unknown format (expected: --format zeek, nfdump or vpc, or --columns for CSV)"));
        Dialect dialect = switch (format) {
            case ZEEK -> new ZeekDialect(separator(beginning), addresses);
            case NFDUMP -> new NfdumpDialect(options.zone(), addresses);
            case VPC -> new VpcDialect(addresses);
            case CSV -> new CsvDialect(options.columns().orElseThrow(), options.zone(), addresses);
        };
        boolean isJson = format == LogFormat.ZEEK && LogFormat.isJson(beginning);
        LogLines lines = isJson ? LogLines.whole(content) : LogLines.separated(content, dialect);
        FlowLog log = new FlowLog(name, format, dialect, isJson, lines, counts);
        if (format == LogFormat.VPC
                && Character.isDigit(beginning.stripLeading().codePointAt(0))) {
            log.setHeader(VpcDialect.DEFAULT_FIELDS);
        } else if (isJson || format != LogFormat.ZEEK) {
            lines.wantNames();
        }
        return log;
    }

    Dialect dialect() {
        return dialect;
    }

    /** The flow that {@link #next} found; good until it is called again. */
    LoggedFlow flow() {
        return flow;
    }

    /** Goes on to the next line that tells of a flow between two addresses, whichever; false at the end. */
    boolean next() throws FlowLogException {
        while (!isOver) {
            try {
                if (!lines.next()) {
                    isOver = true;
                } else {
                    Verdict verdict = read();
                    if (verdict == Verdict.FLOW) {
                        if (flow.endNanos < flow.startNanos) {
                            throw new BrokenLineException("end: before the start");
                        }
                        return true;
                    }
                    counts.add(verdict);
                }
            } catch (BrokenLineException e) {
                counts.addBroken(name, lines.number(), String.valueOf(e.getMessage()));
            } catch (CsvParseException | UncheckedIOException e) {
                isOver = true;
                Throwable cause = e.getCause() == null ? e : e.getCause();
                counts.addBroken(name, lines.number() + 1, "the rest cannot be read: " + cause.getMessage());
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private Verdict read() throws BrokenLineException, FlowLogException {
        if (isJson) {
            ZeekJson.read(lines.names().get(0), dialect, lines.row());
            return dialect.read(lines.row(), flow);
        }
        if (lines.isComment()) {
            readComment(lines.names().get(0));
            return Verdict.NONE;
        }
        if (width == 0) {
            if (format == LogFormat.ZEEK) {
                throw new BrokenLineException("a line before #fields");
            }
            setHeader(List.copyOf(lines.names()));
            return Verdict.NONE;
        }
        if (format == LogFormat.NFDUMP && isAside()) {
            return Verdict.NONE;
        }
        if (lines.fieldCount() != width) {
            throw new BrokenLineException(lines.fieldCount() + " fields (expected: " + width + ")");
        }
        return dialect.read(lines.row(), flow);
    }

    /** A header repeated where outputs were put together, or the summary at the end. */
    private boolean isAside() {
        if (toSkip > 0) {
            toSkip--;
            return true;
        }
        Row row = lines.row();
        if (row.is(Column.START, "Summary")) {
            toSkip = SUMMARY_LINES;
            return true;
        }
        return row.is(Column.START, "ts")
                || row.is(Column.START, "firstSeen")
                || row.is(Column.START, "No matching flows");
    }

    private void readComment(String comment) throws FlowLogException {
        String prefix = ZEEK_FIELDS + dialect.separator();
        if (comment.startsWith(prefix)) {
            setHeader(List.of(
                    comment.substring(prefix.length()).split(Pattern.quote(String.valueOf(dialect.separator())), -1)));
        }
    }

    private void setHeader(List<String> names) throws FlowLogException {
        Set<Column> told = EnumSet.noneOf(Column.class);
        List<@Nullable Column> columns = new ArrayList<>();
        for (String column : names) {
            Column what = dialect.column(column.strip()).orElse(null);
            columns.add(what);
            if (what != null && !told.add(what)) {
                throw new FlowLogException(name + ": two columns named " + column + " (expected: one)");
            }
        }
        Set<Column> missing = EnumSet.copyOf(NEEDED);
        missing.removeAll(told);
        if (format == LogFormat.CSV) {
            missing.remove(Column.PROTOCOL);
        }
        if (!told.contains(Column.DURATION) && !told.contains(Column.END)) {
            missing.add(Column.DURATION);
        }
        if (!missing.isEmpty()) {
            throw new FlowLogException(name + ": no column for "
                    + missing.stream()
                            .map(column ->
                                    column.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .collect(Collectors.joining(", "))
                    + " (expected: one of that name in the header)");
        }
        width = names.size();
        lines.setColumns(columns.toArray(new @Nullable Column[0]));
    }

    /** Zeek's header spells the separator as {@code \x09}. */
    private static char separator(String beginning) throws FlowLogException {
        if (!beginning.startsWith(ZEEK_SEPARATOR)) {
            return '\t';
        }
        String spelled = beginning
                .lines()
                .findFirst()
                .orElse("")
                .substring(ZEEK_SEPARATOR.length())
                .strip();
        if (spelled.startsWith("\\x") && spelled.length() == 4) {
            try {
                return (char) Integer.parseInt(spelled.substring(2), 16);
            } catch (NumberFormatException e) {
                // told below
            }
        }
        throw new FlowLogException("#separator: " + spelled + " (expected: such as \\x09)");
    }
}
