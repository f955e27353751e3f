package dev.cgnat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** CONFORMANCE.md names every test of a case, and no other. */
class ConformanceTableTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]\\d\\d) \\|(.*)$");
    private static final Pattern TEST_IN_ROW = Pattern.compile("`(\\w+#\\w+)`");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"conformance-(\\w+)\"\\)(?=(?s:.*?)void (\\w+)\\()");

    @Test
    void tableAndTagsAreTheSame() throws IOException {
        Set<String> inTable = new TreeSet<>();
        String tested = Files.readString(Path.of("CONFORMANCE.md")).split("## Not tested here", -1)[0];
        ROW.matcher(tested).results().forEach(row -> {
            String number = row.group(1).toLowerCase(Locale.ROOT);
            assertThat(row.group(2)).as(number).containsPattern(TEST_IN_ROW);
            TEST_IN_ROW.matcher(row.group(2)).results().forEach(test -> inTable.add(number + " " + test.group(1)));
        });
        Set<String> inTests = new TreeSet<>();
        for (String module : new String[] {"../nat-core", "../nat-proxy"}) {
            try (Stream<Path> files = Files.walk(Path.of(module, "src", "test", "java"))) {
                files.filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
                        .forEach(file -> addTests(file, inTests));
            }
        }
        assertThat(inTests).hasSizeGreaterThan(40);
        assertThat(inTable).isEqualTo(inTests);
    }

    private static void addTests(Path file, Set<String> tests) {
        String name = file.getFileName().toString().replace(".java", "");
        try {
            TAG.matcher(Files.readString(file))
                    .results()
                    .forEach(tag -> tests.add(tag.group(1) + " " + name + "#" + tag.group(2)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
