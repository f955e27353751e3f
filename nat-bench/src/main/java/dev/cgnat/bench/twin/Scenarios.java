package dev.cgnat.bench.twin;

import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.Position;
import dev.cgnat.proxy.config.Problems;
import dev.cgnat.proxy.config.TextFile;
import dev.cgnat.proxy.config.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The scenarios: those of files, and those that come with the program. */
public final class Scenarios {
    /** A directory inside a jar cannot be listed portably; a test compares this with the files. */
    public static final List<String> NAMES = List.of("burst", "churn", "mixed-lifetimes");

    private static final String ENDING = ".yaml";

    private Scenarios() {}

    /**
     * The scenario of a file, or one of {@link #NAMES}.
     *
     * @param nameOrFile a path if it has a slash or ends with {@code .yaml}, else a name
     * @throws ConfigException with every mistake, if there is any, or if there is no such scenario
     */
    public static Scenario load(String nameOrFile) throws ConfigException {
        if (nameOrFile.endsWith(ENDING) || nameOrFile.contains("/")) {
            return load(Path.of(nameOrFile));
        }
        Problems problems = new Problems();
        if (!NAMES.contains(nameOrFile)) {
            String advice = Words.closest(nameOrFile, NAMES)
                    .map(close -> ", did you mean \"" + close + "\"?")
                    .orElseGet(() -> " (expected: a file such as evening.yaml, or " + Words.or(NAMES) + ")");
            problems.error(Position.whole(nameOrFile), "", "no such scenario" + advice);
            problems.throwIfErrors();
        }
        return ScenarioReader.read(text(nameOrFile), "scenario " + nameOrFile, nameOrFile, Path.of(""), problems);
    }

    /** The scenario of {@code file}. */
    public static Scenario load(Path file) throws ConfigException {
        Problems problems = new Problems();
        Optional<String> text = TextFile.read(file, problems);
        problems.throwIfErrors();
        String name = String.valueOf(file.getFileName());
        return ScenarioReader.read(
                text.orElse(""),
                file.toString(),
                name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name,
                Optional.ofNullable(file.getParent()).orElse(Path.of("")),
                problems);
    }

    /** The file of one of {@link #NAMES}. */
    private static String text(String name) {
        String resource = "/dev/cgnat/scenarios/" + name + ENDING;
        try (InputStream stream = Scenarios.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
