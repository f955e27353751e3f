package dev.cgnat.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The processors that this process may use: in a container, these need not begin with 0. */
final class Cores {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private Cores() {}

    /** The kernel's number of one of them, 0 being the first; the last if there are not so many. */
    static int number(int wished) {
        int[] allowed = allowed();
        return allowed[Math.min(wished, allowed.length - 1)];
    }

    private static int[] allowed() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            Optional<String> list =
                    lines.filter(line -> line.startsWith(ALLOWED)).findFirst();
            if (list.isPresent()) {
                return parsed(list.get().substring(ALLOWED.length()).strip());
            }
        } catch (IOException e) {
            // the kernel does not say
        }
        return IntStream.range(0, Runtime.getRuntime().availableProcessors()).toArray();
    }

    /** {@code 0-1,4}. */
    static int[] parsed(String list) {
        return Stream.of(list.split(",", -1))
                .flatMapToInt(part -> {
                    String[] ends = part.split("-", 2);
                    return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
                })
                .toArray();
    }
}
