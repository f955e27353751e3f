package dev.cgnat.bench.workload;

import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.Fields;
import dev.cgnat.proxy.config.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The workloads: those of files, and those that come with the program. */
public final class Workloads {
    /** A directory inside a jar cannot be listed portably; a test compares this with the files. */
    public static final List<String> NAMES = List.of(
            "connect-per-request",
            "database",
            "iot-keep-alive",
            "pooled-client",
            "residential",
            "torrent-swarm",
            "web-browsing");

    private static final NamedFiles FILES = new NamedFiles("workload", NAMES, "--workload ", "load.yaml");

    private Workloads() {}

    /**
     * The workload of a file, or one of {@link #NAMES}.
     *
     * @param nameOrFile a path if it has a slash or ends with {@code .yaml}, else a name
     * @throws ConfigException with every mistake, if there is any, or if there is no such workload
     */
    public static Workload load(String nameOrFile) throws ConfigException {
        return FILES.load(nameOrFile, WorkloadReader::read);
    }

    /** The workload of {@code file}. */
    public static Workload load(Path file) throws ConfigException {
        return FILES.load(file, WorkloadReader::read);
    }

    /**
     * The workload that stands in {@code fields} beside other things; they may have the keys {@code description} and
     * {@code groups}. Empty if it has mistakes, which {@code problems} then tells.
     *
     * @param folder that files named in it are relative to
     */
    public static Optional<Workload> in(Fields fields, String name, Path folder, Problems problems) {
        return WorkloadReader.workload(fields, name, folder, problems);
    }
}
