package dev.cgnat.bench.twin;

import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.bench.workload.Workloads;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.ConfigNode;
import dev.cgnat.proxy.config.ConfigProblem;
import dev.cgnat.proxy.config.Fields;
import dev.cgnat.proxy.config.Keys;
import dev.cgnat.proxy.config.Leaf;
import dev.cgnat.proxy.config.Leaves;
import dev.cgnat.proxy.config.Located;
import dev.cgnat.proxy.config.Position;
import dev.cgnat.proxy.config.Problems;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.config.YamlReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes a {@link Scenario} of YAML; every mistake becomes a problem with its place. */
final class ScenarioReader {
    private static final Keys ROOT =
            () -> List.of("description", "profile", "configuration", "set", "until", "sample", "seed", "groups");

    private final Fields fields;
    private final Path folder;
    private final Problems problems;

    private ScenarioReader(Fields fields, Path folder, Problems problems) {
        this.fields = fields;
        this.folder = folder;
        this.problems = problems;
    }

    /**
     * The scenario of a text.
     *
     * @param label the file's name in messages
     * @param folder that files named in it are relative to
     * @throws ConfigException with every mistake, if there is any
     */
    static Scenario read(String text, String label, String name, Path folder, Problems problems)
            throws ConfigException {
        Optional<ConfigNode> root = YamlReader.read(text, label, problems);
        if (root.isEmpty() && problems.errors() == 0) {
            problems.error(Position.whole(label), "groups", "missing (expected: a list of groups)");
        }
        problems.throwIfErrors();
        return new ScenarioReader(Fields.of(root.orElseThrow(), "", ROOT, problems), folder, problems).read(name);
    }

    private Scenario read(String name) throws ConfigException {
        Optional<Workload> workload = Workloads.in(fields, name, folder, problems);
        workload.ifPresent(this::checkGroups);
        Duration until = fields.read("until", guarded(Scenario::requireUntil), Duration.ofSeconds(10));
        Duration sample = fields.read("sample", guarded(Scenario::requireSample), Duration.ofSeconds(1));
        if (sample.compareTo(until) > 0) {
            fields.error(fields.at("sample"), "sample", "longer than until (expected: at most that)");
        }
        long seed = fields.read("seed", ScenarioReader::seed, 1L);
        Optional<ProxyConfig> config = config();
        config.ifPresent(found -> checked(fields.at(), "", () -> Scenario.requirePool(found)));
        problems.throwIfErrors();
        Workload all = workload.orElseThrow();
        ProxyConfig nat = config.orElseThrow();
        for (int i = 0; i < all.groups().size(); i++) {
            Group group = all.groups().get(i);
            checked(place(i, "pool"), "groups[" + i + "].", () -> Scenario.requirePool(group, nat));
        }
        problems.throwIfErrors();
        String from = fields.read("configuration", Leaves::text, "profile " + nat.profile());
        return new Scenario(all, from, nat, until, sample, seed);
    }

    private void checkGroups(Workload workload) {
        for (int i = 0; i < workload.groups().size(); i++) {
            Group group = workload.groups().get(i);
            String path = "groups[" + i + "].";
            checked(place(i, "protocols"), path, () -> Scenario.requireProtocols(group));
            checked(place(i, "ends"), path, () -> Scenario.requireEnds(group));
            checked(place(i, "bypass"), path, () -> Scenario.requireBypass(group));
            checked(place(i, "source-port"), path, () -> Scenario.requireSourcePort(group));
        }
        checked(fields.at("groups"), "", () -> Scenario.requireSizes(workload));
    }

    /** Where a key of a group stands, or the group if it has none of that name. */
    private Position place(int group, String key) {
        if (fields.find("groups").orElseThrow() instanceof ConfigNode.Sequence groups
                && groups.items().get(group) instanceof ConfigNode.Mapping mapping) {
            ConfigNode.Entry entry = mapping.entries().get(key);
            return entry == null ? mapping.at() : entry.value().at();
        }
        return fields.at("groups");
    }

    private void checked(Position at, String path, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            int colon = message.indexOf(": ");
            problems.error(at, path + message.substring(0, colon), message.substring(colon + 2));
        }
    }

    /** The configuration of the NAT, with the mistakes of what is set where it is set. */
    private Optional<ProxyConfig> config() {
        if (!fields.has("profile") && !fields.has("configuration")) {
            fields.error(
                    fields.at(),
                    "profile",
                    "missing (expected: the name of a profile, or a configuration: a file of the proxy)");
            return Optional.empty();
        }
        Optional<Located<String>> profile = fields.read("profile", Leaves::text);
        Optional<Located<String>> file = fields.read("configuration", Leaves::text);
        List<Located<String>> sets = fields.readList("set", Leaves::text);
        try {
            return Optional.of(ConfigLoader.load(
                    file.map(found -> folder.resolve(found.value())),
                    profile.map(Located::value),
                    sets.stream().map(Located::value).toList()));
        } catch (ConfigException e) {
            e.problems().stream()
                    .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                    .forEach(problem ->
                            problems.error(placeOf(problem, profile, sets), problem.path(), problem.message()));
            return Optional.empty();
        }
    }

    /** What the loader says of the command line is of this file here. */
    private static Position placeOf(
            ConfigProblem problem, Optional<Located<String>> profile, List<Located<String>> sets) {
        for (Located<String> set : sets) {
            if (problem.file().equals("--set " + set.value())) {
                return set.at();
            }
        }
        return profile.filter(name -> problem.file().equals("--profile " + name.value()))
                .map(Located::at)
                .orElseGet(() -> new Position(problem.file(), problem.line(), problem.column()));
    }

    private static Leaf<Duration> guarded(Consumer<Duration> guard) {
        return Leaves.guarded(Leaves::duration, guard);
    }

    private static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("(expected: a whole number)", e);
        }
    }
}
