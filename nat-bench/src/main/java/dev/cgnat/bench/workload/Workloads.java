package dev.cgnat.bench.workload;

import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.Fields;
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

/** The workloads: those of files, and those that come with the program. */
public final class Workloads {
    /** A directory inside a jar cannot be listed portably; a test compares this with the files. */
    public static final List<String> NAMES = List.of(
            "connect-per-request",
            "database",
            "iot-keep-alive",
            "pooled-client",
            "residential",
            "torrent-swarm",
            "web-browsing");

    private static final String ENDING = ".yaml";

    private Workloads() {}

    /**
     * The workload of a file, or one of {@link #NAMES}.
     *
     * @param nameOrFile a path if it has a slash or ends with {@code .yaml}, else a name
     * @throws ConfigException with every mistake, if there is any, or if there is no such workload
     */
    public static Workload load(String nameOrFile) throws ConfigException {
        boolean isFile = nameOrFile.endsWith(ENDING) || nameOrFile.contains("/");
        if (isFile) {
            return load(Path.of(nameOrFile));
        }
        Problems problems = new Problems();
        if (!NAMES.contains(nameOrFile)) {
            String advice = Words.closest(nameOrFile, NAMES)
                    .map(close -> ", did you mean \"" + close + "\"?")
                    .orElseGet(() -> " (expected: a file such as load.yaml, or " + Words.or(NAMES) + ")");
            problems.error(Position.whole("--workload " + nameOrFile), "", "no such workload" + advice);
            problems.throwIfErrors();
        }
        return WorkloadReader.read(text(nameOrFile), "workload " + nameOrFile, nameOrFile, Path.of(""), problems);
    }

    /** The workload of {@code file}. */
    public static Workload load(Path file) throws ConfigException {
        Problems problems = new Problems();
        Optional<String> text = TextFile.read(file, problems);
        problems.throwIfErrors();
        String name = String.valueOf(file.getFileName());
        return WorkloadReader.read(
                text.orElse(""),
                file.toString(),
                name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name,
                Optional.ofNullable(file.getParent()).orElse(Path.of("")),
                problems);
    }

    /**
     * The workload that stands in {@code fields} beside other things; they may have the keys {@code description} and
     * {@code groups}. Empty if it has mistakes, which {@code problems} then tells.
     *
     * @param folder that files named in it are relative to
     */
    public static Optional<Workload> in(Fields fields, String name, Path folder, Problems problems) {
        return WorkloadReader.workload(fields, name, folder, problems);
    }

    /** The file of one of {@link #NAMES}. */
    private static String text(String name) {
        String resource = "/dev/cgnat/workloads/" + name + ENDING;
        try (InputStream stream = Workloads.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
