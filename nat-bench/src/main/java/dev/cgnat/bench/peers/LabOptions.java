package dev.cgnat.bench.peers;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * What a laboratory works with.
 *
 * @param ours the proxy of this project, a runnable jar
 * @param jvm options of its Java, none for how it is shipped
 * @param warmUp short connections through every Java program before it is measured: compilers count calls, not seconds
 * @param only names of peers, or what they begin with; none for all
 * @param directory for configurations and logs
 * @param progress for the person who waits
 */
public record LabOptions(
        Path ours, List<String> jvm, int warmUp, List<String> only, Path directory, PrintWriter progress) {}
