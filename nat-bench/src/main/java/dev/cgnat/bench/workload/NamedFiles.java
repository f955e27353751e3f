package dev.cgnat.bench.workload;

import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.Position;
import dev.cgnat.proxy.config.Problems;
import dev.cgnat.proxy.config.TextFile;
import dev.cgnat.proxy.config.Words;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * YAML files of one kind: those that come with the program, by name, and those of users, by path.
 *
 * @param kind such as {@code workload}; its files are resources under {@code /dev/cgnat/workloads}
 * @param names of those that come with the program
 * @param asked what stands before a name that is none, in messages: the option and a blank, or nothing
 * @param example the name of a file that a user might have
 */
public record NamedFiles(String kind, List<String> names, String asked, String example) {
    private static final String ENDING = ".yaml";

    /** Makes something of a text. */
    public interface Reader<T> {
        /**
         * What the text says.
         *
         * @param label the file in messages
         * @param folder that files named in it are relative to
         * @throws ConfigException with every mistake, if there is any
         */
        T read(String text, String label, String name, Path folder, Problems problems) throws ConfigException;
    }

    /**
     * What the file says, or one of {@link #names}.
     *
     * @param nameOrFile a path if it has a slash or ends with {@code .yaml}, else a name
     * @throws ConfigException with every mistake, if there is any, or if there is no such file or name
     */
    public <T> T load(String nameOrFile, Reader<T> reader) throws ConfigException {
        if (nameOrFile.endsWith(ENDING) || nameOrFile.contains("/")) {
            return load(Path.of(nameOrFile), reader);
        }
        Problems problems = new Problems();
        if (!names.contains(nameOrFile)) {
            String advice = Words.closest(nameOrFile, names)
                    .map(close -> ", did you mean \"" + close + "\"?")
                    .orElseGet(() -> " (expected: a file such as " + example + ", or " + Words.or(names) + ")");
            problems.error(Position.whole(asked + nameOrFile), "", "no such " + kind + advice);
            problems.throwIfErrors();
        }
        String text = TextFile.shipped("/dev/cgnat/" + kind + "s/" + nameOrFile + ENDING);
        return reader.read(text, kind + " " + nameOrFile, nameOrFile, Path.of(""), problems);
    }

    /** What {@code file} says. */
    public <T> T load(Path file, Reader<T> reader) throws ConfigException {
        Problems problems = new Problems();
        Optional<String> text = TextFile.read(file, problems);
        problems.throwIfErrors();
        String name = String.valueOf(file.getFileName());
        return reader.read(
                text.orElse(""),
                file.toString(),
                name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name,
                Optional.ofNullable(file.getParent()).orElse(Path.of("")),
                problems);
    }
}
