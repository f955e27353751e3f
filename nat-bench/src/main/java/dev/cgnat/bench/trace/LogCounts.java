package dev.cgnat.bench.trace;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What became of the lines of all logs. <b>Ownership</b>: one thread. */
public final class LogCounts {
    private final Map<Verdict, long[]> verdicts = new EnumMap<>(Verdict.class);
    private final boolean strict;
    private final int mostNamed;
    private final Consumer<String> warnings;
    private long broken;

    /**
     * @param strict whether the first broken line ends the reading
     * @param mostNamed how many broken lines are told
     * @param warnings told of them
     */
    public LogCounts(boolean strict, int mostNamed, Consumer<String> warnings) {
        this.strict = strict;
        this.mostNamed = mostNamed;
        this.warnings = warnings;
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(verdict, new long[1]);
        }
    }

    void add(Verdict verdict) {
        counter(verdict)[0]++;
    }

    /** A line was counted as a flow, and turned out to be something else. */
    void change(Verdict from, Verdict to) {
        counter(from)[0]--;
        counter(to)[0]++;
    }

    /**
     * Counts a broken line.
     *
     * @throws FlowLogException if one is enough
     */
    void addBroken(String file, long line, String why) throws FlowLogException {
        broken++;
        String message = file + ":" + line + ": " + why;
        if (strict) {
            throw new FlowLogException(message);
        }
        if (broken <= mostNamed) {
            warnings.accept(message);
        } else if (broken == mostNamed + 1) {
            warnings.accept("further broken lines are counted only");
        }
    }

    /** Lines that tell of traffic, broken ones included. */
    public long lines() {
        long sum = broken;
        for (Verdict verdict : Verdict.values()) {
            sum += verdict == Verdict.NONE ? 0 : count(verdict);
        }
        return sum;
    }

    public long count(Verdict verdict) {
        return counter(verdict)[0];
    }

    private long[] counter(Verdict verdict) {
        return Objects.requireNonNull(verdicts.get(verdict));
    }

    /** Lines that could not be understood. */
    public long broken() {
        return broken;
    }

    /** Lines that were understood and do not count, by reason; no reason without a line. */
    public SortedMap<String, Long> skipped() {
        SortedMap<String, Long> skipped = new TreeMap<>();
        for (Verdict verdict : Verdict.values()) {
            if (verdict.isSkipped() && count(verdict) > 0) {
                skipped.put(verdict.label(), count(verdict));
            }
        }
        return skipped;
    }
}
