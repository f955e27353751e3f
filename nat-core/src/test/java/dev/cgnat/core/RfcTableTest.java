package dev.cgnat.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's table of RFC requirements names tests that exist. */
class RfcTableTest {
    private static final Pattern TAG_IN_TABLE = Pattern.compile("`(rfc\\d+-[^`]+)`");
    private static final Pattern TAG_IN_TEST = Pattern.compile("@Tag\\(\"([^\"]+)\"\\)");

    @Test
    void everyRequirementThatIsMetNamesATagOfATest() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| RFC "))
                .toList();
        assertThat(rows).hasSizeGreaterThan(35);
        assertThat(rows.stream().filter(RfcTableTest::isMet))
                .hasSizeGreaterThan(20)
                .allMatch(row -> TAG_IN_TABLE.matcher(row).find());
        assertThat(rows.stream().flatMap(row -> found(TAG_IN_TABLE, row))).isSubsetOf(tagsOfTests());
    }

    private static boolean isMet(String row) {
        String status = row.split("\\|", -1)[2].strip();
        return Stream.of("compliant", "partly", "shell").anyMatch(status::startsWith);
    }

    /** Of this module, and of nat-proxy, which decides some of the requirements. */
    private static List<String> tagsOfTests() throws IOException {
        List<String> tags = new ArrayList<>();
        for (String module : List.of("../nat-core", "../nat-proxy")) {
            try (Stream<Path> files = Files.walk(Path.of(module, "src", "test", "java"))) {
                files.filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
                        .flatMap(file -> found(TAG_IN_TEST, read(file)))
                        .forEach(tags::add);
            }
        }
        return tags;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1));
    }
}
