package dev.cgnat.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What tests of {@link NamedFiles} of all kinds ask. */
public final class YamlFiles {
    private YamlFiles() {}

    /** Such as {@link Workloads#load(String)}. */
    public interface Loader<T> {
        T load(String nameOrFile) throws ConfigException;
    }

    /** What {@code text} says as a file of {@code folder}, which is {@code test.yaml} in messages. */
    public static <T> T read(Path folder, String text, Loader<T> loader) throws ConfigException, IOException {
        Path file = Files.writeString(folder.resolve("test.yaml"), text);
        try {
            return loader.load(file.toString());
        } catch (ConfigException e) {
            throw new ConfigException(e.problems().stream()
                    .map(problem -> new ConfigProblem(
                            problem.file().replace(folder + "/", ""),
                            problem.line(),
                            problem.column(),
                            problem.severity(),
                            problem.path(),
                            problem.message()))
                    .toList());
        }
    }

    /** What comes with the program under {@code names}, which is what is in {@code folder} of {@code config}. */
    public static <T> List<T> shipped(String folder, List<String> names, Loader<T> loader)
            throws ConfigException, IOException {
        Path directory = Path.of(System.getProperty("cgnat.module-directory", "."), "..", "config", folder);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactlyElementsOf(
                            names.stream().map(name -> name + ".yaml").toList());
        }
        List<T> all = new ArrayList<>();
        for (String name : names) {
            T loaded = loader.load(name);
            assertThat(loaded)
                    .isEqualTo(loader.load(directory.resolve(name + ".yaml").toString()));
            all.add(loaded);
        }
        return all;
    }
}
