package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged jar, as a user starts it. */
final class DemoIT {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path JAR = Path.of("target", "nat-bench.jar");
    private static final int PATIENCE_SECONDS = 180;

    /** Of the report: the demo's rates pace it to 27 s, and it says on how slow a machine it ran. */
    private static final int AT_MOST_SECONDS = 60;

    @Test
    void runsThePoolDryAndReportsItAsJsonWithinAMinute() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(JAVA.toString(), "-jar", JAR.toString(), "demo", "-o", "json").start();
        process.getOutputStream().close();
        CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("ended").isTrue();
        assertThat(process.exitValue()).as(out.join() + err.join()).isZero();

        JsonNode report = JsonMapper.shared().readTree(out.join());
        int usable =
                report.path("capacity").asInt() - report.path("foreign-ports").asInt();
        assertThat(report.path("schema-version").asInt()).isEqualTo(1);
        assertThat(report.path("profile").asString()).isEqualTo("demo");
        assertThat(report.path("as-expected").asBoolean()).as(out.join()).isTrue();
        assertThat(report.path("peak-in-use").asInt()).isEqualTo(usable);
        assertThat(report.path("granted").asLong()).isGreaterThanOrEqualTo(3L * usable);
        assertThat(report.path("refused").path("exhausted").asLong()).isPositive();
        assertThat(report.path("refused").path("held").asLong()).isPositive();
        assertThat(report.path("ceiling").asDouble()).isPositive();
        assertThat(report.path("duration-seconds").asDouble()).isPositive().isLessThan(AT_MOST_SECONDS);
        assertThat(report.path("phases").size()).isEqualTo(6);
        assertThat(err.join()).contains("in use").contains("exhausted");
    }

    private static String read(java.io.InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
