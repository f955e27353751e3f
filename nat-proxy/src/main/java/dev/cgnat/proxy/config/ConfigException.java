package dev.cgnat.proxy.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration has mistakes; the message lists them all, with the warnings, one per line. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<ConfigProblem> problems; // the message says it all where exceptions are serialized

    /**
     * All that was found.
     *
     * @param problems at least one error, and any warnings, in the order of the file
     */
    public ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Errors and warnings in the order of the file. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
