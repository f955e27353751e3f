package dev.cgnat.bench;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of {@code load --benchmark}. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class BenchmarkOptions {
    /** What of {@code load} makes sense with it. */
    private static final Set<String> COMPANIONS = Set.of(
            "--benchmark",
            "--table",
            "--repeats",
            "--via",
            "--connections",
            "--subscribers",
            "--sources",
            "--seed",
            "-o");

    /** The figures of RFC 9693. */
    enum Figure {
        RATE,
        TEAR_DOWN,
        CAPACITY;

        /** As on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Option(
            names = "--benchmark",
            paramLabel = "FIGURES",
            split = ",",
            description =
                    "instead of a load, the figures of RFC 9693: all, or some of rate (maximum connection establishment"
                            + " rate), tear-down and capacity, with commas between")
    private List<String> figures = List.of();

    @Option(
            names = "--table",
            paramLabel = "N",
            defaultValue = "2000",
            description = "of --benchmark: connections that the NAT's table is loaded with for the rates"
                    + " (default: ${DEFAULT-VALUE}); --connections bounds the capacity")
    private int table;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "of --benchmark: how often each rate is measured; the median counts (default: ${DEFAULT-VALUE})")
    private int repeats;

    boolean isAsked() {
        return !figures.isEmpty();
    }

    int table() {
        return table;
    }

    int repeats() {
        return repeats;
    }

    Set<Figure> figures() {
        EnumSet<Figure> asked = EnumSet.noneOf(Figure.class);
        for (String name : figures) {
            if (name.equals("all")) {
                return EnumSet.allOf(Figure.class);
            }
            asked.add(List.of(Figure.values()).stream()
                    .filter(figure -> figure.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "benchmark: " + name + " (expected: all, rate, tear-down or capacity)")));
        }
        return asked;
    }

    /** Refuses options that would do nothing, or that ask for an output that it does not have. */
    void requireAlone(CommandSpec spec) {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (!COMPANIONS.contains(option.longestName())) {
                throw new ParameterException(
                        spec.commandLine(),
                        option.longestName()
                                + ": given with --benchmark (expected: without, as it finds its own load)");
            }
            if (option.longestName().equals("-o") && "csv".equalsIgnoreCase(Objects.toString(option.getValue()))) {
                throw new ParameterException(
                        spec.commandLine(), "-o: csv (expected: text or json with --benchmark, which has no samples)");
            }
        }
    }
}
