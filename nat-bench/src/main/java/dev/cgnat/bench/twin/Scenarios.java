package dev.cgnat.bench.twin;

import dev.cgnat.bench.workload.NamedFiles;
import dev.cgnat.proxy.config.ConfigException;
import java.nio.file.Path;
import java.util.List;

/** The scenarios: those of files, and those that come with the program. */
public final class Scenarios {
    /** A directory inside a jar cannot be listed portably; a test compares this with the files. */
    public static final List<String> NAMES = List.of("burst", "churn", "mixed-lifetimes");

    private static final NamedFiles FILES = new NamedFiles("scenario", NAMES, "", "evening.yaml");

    private Scenarios() {}

    /**
     * The scenario of a file, or one of {@link #NAMES}.
     *
     * @param nameOrFile a path if it has a slash or ends with {@code .yaml}, else a name
     * @throws ConfigException with every mistake, if there is any, or if there is no such scenario
     */
    public static Scenario load(String nameOrFile) throws ConfigException {
        return FILES.load(nameOrFile, ScenarioReader::read);
    }

    /** The scenario of {@code file}. */
    public static Scenario load(Path file) throws ConfigException {
        return FILES.load(file, ScenarioReader::read);
    }
}
