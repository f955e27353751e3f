package dev.cgnat.bench.peers;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * What a laboratory works with.
 *
 * @param ours the proxy of this project, a runnable jar
 * @param jvm options of its Java, none for how it is shipped
 * @param directory for configurations and logs
 * @param progress for the person who waits
 */
public record LabOptions(Path ours, List<String> jvm, Path directory, PrintWriter progress) {}
