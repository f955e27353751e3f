package dev.cgnat.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's scores of the selections are those of this build; what they are instead is left in target/scores.md. */
class SelectorScoreGoldenTest {
    @Test
    void scoresAreThoseOfTheReadme() throws IOException {
        String table = SelectorScore.table();
        Files.writeString(Path.of("target/scores.md"), table);
        assertThat(table).isEqualTo(Files.readString(Path.of("src/test/resources/dev/cgnat/core/select/scores.md")));
        assertThat(Files.readString(Path.of("README.md"))).contains(table);
    }
}
