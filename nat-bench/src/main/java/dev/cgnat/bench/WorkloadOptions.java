package dev.cgnat.bench;

import dev.cgnat.bench.workload.Workload;
import dev.cgnat.bench.workload.Workloads;
import dev.cgnat.proxy.config.ConfigException;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options {@code --workload} and {@code --subscribers} of the commands that put one through a NAT in virtual time. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class WorkloadOptions {
    @Option(
            names = "--workload",
            required = true,
            paramLabel = "WORKLOAD",
            description = "a YAML file, or one that comes with the program, such as residential")
    private String name;

    @Option(
            names = "--subscribers",
            paramLabel = "N",
            description = "so many in all, in the proportions of the workload (default: as it says)")
    private Optional<Integer> subscribers = Optional.empty();

    /** The workload with as many subscribers as were asked for. */
    Workload load(CommandSpec command) throws ConfigException {
        Workload workload = Workloads.load(name);
        if (subscribers.isEmpty()) {
            return workload;
        }
        if (subscribers.get() < workload.groups().size()) {
            throw new ParameterException(
                    command.commandLine(),
                    "subscribers: " + subscribers.get() + " (expected: at least one for each of the "
                            + workload.groups().size() + " groups)");
        }
        return workload.scaled((double) subscribers.get() / workload.subscribers());
    }

    /** Puts what was asked for into the parameters of a report. */
    void putInto(Map<String, String> parameters, Workload loaded) {
        parameters.put("workload", name);
        parameters.put("subscribers", Integer.toString(loaded.subscribers()));
    }
}
