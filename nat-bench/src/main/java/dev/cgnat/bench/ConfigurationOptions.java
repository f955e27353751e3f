package dev.cgnat.bench;

import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.ProxyConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options {@code -c}, {@code --profile} and {@code --set} of the commands that take a NAT as it is configured. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ConfigurationOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "-c", paramLabel = "FILE", description = "a configuration of the proxy")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--profile", paramLabel = "NAME", description = "a profile, such as linux-default")
    private Optional<String> profile = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "overrides the configuration, such as pools.0.addresses=203.0.113.0/28; may be repeated")
    private List<String> sets = new ArrayList<>();

    /** Refuses a command line that names neither a file nor a profile. */
    void require() {
        if (file.isEmpty() && profile.isEmpty()) {
            throw new ParameterException(command.commandLine(), "Missing option: -c FILE or --profile NAME");
        }
    }

    /** Whether there is any of them. */
    boolean isGiven() {
        return file.isPresent() || profile.isPresent() || !sets.isEmpty();
    }

    ProxyConfig load() throws ConfigException {
        return ConfigLoader.load(file, profile, sets);
    }

    /** The same with one key more, such as {@code pools.0.hold-down=30s}. */
    ProxyConfig loadWith(String set) throws ConfigException {
        List<String> all = new ArrayList<>(sets);
        all.add(set);
        return ConfigLoader.load(file, profile, all);
    }

    /** In a few words. */
    String name(ProxyConfig loaded) {
        return file.map(Path::toString).orElseGet(() -> "profile " + loaded.profile());
    }

    /** Puts what was asked for into the parameters of a report. */
    void putInto(Map<String, String> parameters, ProxyConfig loaded) {
        file.ifPresent(path -> parameters.put("configuration", path.toString()));
        parameters.put("profile", loaded.profile());
        if (!sets.isEmpty()) {
            parameters.put("set", String.join(" ", sets));
        }
    }
}
