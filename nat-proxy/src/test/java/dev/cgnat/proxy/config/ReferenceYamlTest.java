package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.proxy.config.ConfigNode.Mapping;
import dev.cgnat.proxy.config.ConfigNode.Scalar;
import dev.cgnat.proxy.config.ConfigNode.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of {@code config/} that people read and start from. */
class ReferenceYamlTest {
    private static final Path REFERENCE = Path.of("../config/reference.yaml");
    private static final Pattern DEFAULT = Pattern.compile("\\s*# Default: (.*)");
    private static final Pattern KEY = Pattern.compile("\\s*(?:- )?([A-Za-z0-9-]+):(?: (.*))?");
    /** For pools under some profiles alone, so no value of theirs can stand in a file that has none. */
    private static final Set<String> OF_SOME_PROFILES = Set.of("pools[].MaxUserPort", "pools[].TcpTimedWaitDelay");

    @Test
    void referenceHasEveryKeyAndNoOther() throws IOException {
        Set<String> written = new LinkedHashSet<>();
        collect(
                YamlReader.read(Files.readString(REFERENCE), "reference.yaml", new Problems())
                        .orElseThrow(),
                "",
                written);

        Set<String> paths = new LinkedHashSet<>(Section.paths());
        assertThat(paths).containsAll(OF_SOME_PROFILES);
        paths.removeAll(OF_SOME_PROFILES);
        assertThat(written).containsExactlyInAnyOrderElementsOf(paths);
    }

    @Test
    void everyFileLoadsWithoutWarning() throws Exception {
        for (String name :
                List.of("reference.yaml", "demo.yaml", "transparent/tproxy.yaml", "transparent/redirect.yaml")) {
            Path file = Path.of("../config").resolve(name);
            LoadedConfig loaded =
                    ConfigLoader.parse(Files.readString(file), name, Optional.empty(), List.of(), address -> true);

            assertThat(loaded.warnings()).as(name).isEmpty();
        }
    }

    @Test
    void demoHasEveryWayInThatNeedsNoFirewall() throws Exception {
        ProxyConfig demo = ConfigLoader.load(Optional.of(Path.of("../config/demo.yaml")), Optional.empty());

        assertThat(demo.listeners())
                .extracting(ListenerConfig::type)
                .containsExactlyElementsOf(Stream.of(ListenerConfig.Type.values())
                        .filter(type -> !type.isTransparent())
                        .toList());
    }

    /** Without the line of a key that stands at its default, the file must mean the same. */
    @Test
    void valuesEqualTheDefaultsThatTheirCommentsName() throws Exception {
        List<String> lines = Files.readAllLines(REFERENCE);
        ProxyConfig whole = load(lines);
        int checked = 0;
        for (int i = 0; i + 1 < lines.size(); i++) {
            Matcher comment = DEFAULT.matcher(lines.get(i));
            if (!comment.matches()) {
                continue;
            }
            String line = lines.get(i + 1);
            Matcher key = KEY.matcher(line);
            assertThat(key.matches()).as(line).isTrue();
            assertThat(key.group(2)).as(line).isEqualTo(comment.group(1));

            List<String> without = new ArrayList<>(lines);
            without.set(i + 1, line.contains("- ") ? line.substring(0, line.indexOf("- ") + 2) : "");
            assertThat(load(without)).as("without %s", line).isEqualTo(whole);
            checked++;
        }
        long promised =
                lines.stream().filter(line -> line.contains("# Default: ")).count();
        assertThat(checked).isEqualTo((int) promised).isGreaterThan(25);
    }

    /** Every key is explained where it first stands. */
    @Test
    void everyKeyHasACommentAbove() throws IOException {
        List<String> lines = Files.readAllLines(REFERENCE);
        Set<String> explained = new LinkedHashSet<>();
        for (int i = 1; i < lines.size(); i++) {
            Matcher key = KEY.matcher(lines.get(i));
            if (key.matches() && lines.get(i - 1).strip().startsWith("# ")) {
                explained.add(key.group(1));
            }
        }

        Set<String> containers = Set.of(
                "subscriber", "alarm", "timeouts", "tcp", "limits", "acl", "admin", "metrics", "translation-log");
        assertThat(Section.paths()).allSatisfy(path -> {
            String key = path.substring(path.lastIndexOf('.') + 1);
            assertThat(explained.contains(key) || containers.contains(key) || namedInAComment(lines, path, key))
                    .as(path)
                    .isTrue();
        });
    }

    private static boolean namedInAComment(List<String> lines, String path, String key) {
        return OF_SOME_PROFILES.contains(path)
                && lines.stream().anyMatch(line -> line.strip().startsWith("#   " + key + ": "));
    }

    private static ProxyConfig load(List<String> lines) throws ConfigException {
        return ConfigLoader.parse(
                        String.join("\n", lines), "reference.yaml", Optional.empty(), List.of(), address -> true)
                .config();
    }

    private static void collect(ConfigNode node, String path, Set<String> paths) {
        if (node instanceof Mapping mapping) {
            mapping.entries().forEach((key, entry) -> {
                String full = path.isEmpty() ? key : path + "." + key;
                paths.add(full);
                collect(entry.value(), full, paths);
            });
        } else if (node instanceof Sequence sequence) {
            sequence.items().forEach(item -> collect(item, path + "[]", paths));
        } else {
            assertThat(node).isInstanceOf(Scalar.class);
        }
    }
}
