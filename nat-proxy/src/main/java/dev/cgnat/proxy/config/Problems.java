package dev.cgnat.proxy.config;

import dev.cgnat.proxy.config.ConfigProblem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that one run tells everything. */
public final class Problems {
    private final List<ConfigProblem> found = new ArrayList<>();

    /** Something that cannot be used. */
    public void error(Position at, String path, String message) {
        add(at, Severity.ERROR, path, message);
    }

    void warning(Position at, String path, String message) {
        add(at, Severity.WARNING, path, message);
    }

    /** Number of errors so far. */
    public long errors() {
        return found.stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .count();
    }

    /** Everything, source by source in the order of first mention, then by line and column. */
    List<ConfigProblem> sorted() {
        List<String> sources =
                found.stream().map(ConfigProblem::file).distinct().toList();
        return found.stream()
                .sorted(Comparator.comparingInt((ConfigProblem problem) -> sources.indexOf(problem.file()))
                        .thenComparingInt(ConfigProblem::line)
                        .thenComparingInt(ConfigProblem::column))
                .toList();
    }

    /** Ends with everything that was found, if any of it is an error. */
    public void throwIfErrors() throws ConfigException {
        if (errors() > 0) {
            throw new ConfigException(sorted());
        }
    }

    private void add(Position at, Severity severity, String path, String message) {
        found.add(new ConfigProblem(at.file(), at.line(), at.column(), severity, oneLine(path), oneLine(message)));
    }

    /** A quoted value may hold line feeds and worse, which must not forge a second line of the listing. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
