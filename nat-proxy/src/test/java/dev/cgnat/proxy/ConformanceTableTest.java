package dev.cgnat.proxy;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** CONFORMANCE.md names every test of a case, and no other. */
class ConformanceTableTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]\\d\\d) \\|.*\\| (\\S*) \\|$");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"conformance-(\\w+)\"\\)(?=(?s:.*?)void (\\w+)\\()");

    /** By case, as the table's last column has it. */
    private record Tagged(String number, String test) {}

    @Test
    void tableAndTagsAreTheSame() throws IOException {
        String tested = Files.readString(Path.of("CONFORMANCE.md")).split("## Not tested here", -1)[0];
        Map<String, String> table = new TreeMap<>();
        ROW.matcher(tested).results().forEach(row -> table.put(row.group(1), row.group(2)));
        Map<String, String> tests = Stream.of("../nat-core", "../nat-proxy")
                .flatMap(module -> javaFiles(Path.of(module, "src", "test", "java")))
                .flatMap(ConformanceTableTest::tagged)
                .distinct()
                .sorted((one, other) -> one.test.compareTo(other.test))
                .collect(groupingBy(Tagged::number, TreeMap::new, mapping(Tagged::test, joining("<br>"))));
        assertThat(tests).hasSizeGreaterThan(50);
        assertThat(table).isEqualTo(tests);
    }

    private static Stream<Tagged> tagged(Path file) {
        String name = file.getFileName().toString().replace(".java", "");
        try {
            return TAG.matcher(Files.readString(file))
                    .results()
                    .map(tag ->
                            new Tagged(tag.group(1).toUpperCase(Locale.ROOT), "`" + name + "#" + tag.group(2) + "`"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(".*(Test|IT)\\.java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
