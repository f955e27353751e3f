package dev.cgnat.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged programs, started as a user starts them. */
final class Jars {
    private Jars() {}

    /** The command line of {@code nat-proxy} or {@code nat-bench}; {@code program} is {@code proxy} or {@code bench}. */
    static String[] java(String program, String... arguments) {
        String module = "nat-" + program;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("..", module, "target", module + ".jar")
                        .toAbsolutePath()
                        .normalize()
                        .toString()));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }
}
