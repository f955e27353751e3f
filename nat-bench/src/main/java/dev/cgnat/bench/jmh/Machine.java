package dev.cgnat.bench.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where a run was made.
 *
 * @param processor its model, where Linux tells it
 * @param processors that Java sees
 * @param stealPercent of the run's processor time that the host gave to others, where Linux tells it
 */
public record Machine(Optional<String> processor, int processors, String java, OptionalDouble stealPercent) {
    private static final Path CPUS = Path.of("/proc/cpuinfo");
    private static final Path TIMES = Path.of("/proc/stat");
    private static final int STEAL = 7;
    private static final int ALL = 8; // what follows is contained in the first two

    /** The processor times until now; empty where there is no {@code /proc}. */
    public static long[] times() {
        return lines(TIMES).stream()
                .filter(line -> line.startsWith("cpu "))
                .findFirst()
                .map(line -> Arrays.stream(line.substring("cpu".length()).trim().split(" "))
                        .mapToLong(Long::parseLong)
                        .limit(ALL)
                        .toArray())
                .orElse(new long[0]);
    }

    /** This machine, since {@code before}. */
    public static Machine since(long[] before) {
        return new Machine(
                lines(CPUS).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).trim())
                        .findFirst(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().toString(),
                steal(before, times()));
    }

    static OptionalDouble steal(long[] before, long[] after) {
        long all = Arrays.stream(after).sum() - Arrays.stream(before).sum();
        return before.length <= STEAL || after.length <= STEAL || all <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(100.0 * (after[STEAL] - before[STEAL]) / all);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
