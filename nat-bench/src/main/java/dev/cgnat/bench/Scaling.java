package dev.cgnat.bench;

import dev.cgnat.bench.workload.Workload;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The option {@code --subscribers} of the commands that take a workload. */
final class Scaling {
    private Scaling() {}

    /** {@code workload} with so many subscribers in all, in its proportions; as it is if none are given. */
    static Workload to(CommandSpec spec, Workload workload, Optional<Integer> subscribers) {
        if (subscribers.isEmpty()) {
            return workload;
        }
        if (subscribers.get() < workload.groups().size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "subscribers: " + subscribers.get() + " (expected: at least one for each of the "
                            + workload.groups().size() + " groups)");
        }
        return workload.scaled((double) subscribers.get() / workload.subscribers());
    }
}
