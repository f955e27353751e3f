package dev.cgnat.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace with a loopback of its own, where every port is free. Needs no privilege where users may make
 * namespaces; elsewhere the test skips, see {@link Tools}.
 */
public final class Namespace implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);
    /** Ends by itself, should nobody close it. */
    private static final String LIFETIME_SECONDS = "600";

    private final Process holder;
    private final Path nsenter;

    private Namespace(Process holder, Path nsenter) {
        this.holder = holder;
        this.nsenter = nsenter;
    }

    public static Namespace create() throws IOException {
        Path unshare = Tools.require("unshare");
        Path nsenter = Tools.require("nsenter");
        Tools.require("ip");
        Process holder = new ProcessBuilder(
                        unshare.toString(),
                        "--user",
                        "--map-root-user",
                        "--net",
                        "sh",
                        "-c",
                        "ip link set lo up && echo up && exec sleep " + LIFETIME_SECONDS)
                .redirectErrorStream(true)
                .start();
        String answer = holder.inputReader().readLine();
        if (!"up".equals(answer)) {
            holder.destroyForcibly();
            Tools.missing("the right to make a network namespace (" + answer + ")");
        }
        Namespace namespace = new Namespace(holder, nsenter);
        await("namespace").atMost(STARTS_WITHIN).until(namespace::canBeEntered);
        return namespace;
    }

    /** A process to be started inside. */
    public ProcessBuilder process(String... command) {
        List<String> all = new ArrayList<>(List.of(
                nsenter.toString(), "--target=" + holder.pid(), "--user", "--net", "--preserve-credentials", "--"));
        all.addAll(List.of(command));
        return new ProcessBuilder(all);
    }

    /**
     * Runs the {@code main} of {@code scenario} in a JVM inside, and fails with what it said if it does not end well.
     *
     * @param within how long it may take
     */
    public void run(Class<?> scenario, Duration within) throws IOException, InterruptedException {
        Process process = process(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        scenario.getName())
                .redirectErrorStream(true)
                .start();
        try {
            CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> readAll(process));
            boolean ended = process.waitFor(within.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            assertThat(ended && process.exitValue() == 0).as(said.join()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** For scenarios: runs a command of the system, which must end well. */
    public static void command(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = readAll(process);
        assertThat(process.waitFor()).as("%s: %s", List.of(command), said).isZero();
    }

    private static String readAll(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }

    private boolean canBeEntered() throws IOException, InterruptedException {
        Process probe = process("true").start();
        return probe.waitFor(STARTS_WITHIN.toSeconds(), TimeUnit.SECONDS) && probe.exitValue() == 0;
    }
}
