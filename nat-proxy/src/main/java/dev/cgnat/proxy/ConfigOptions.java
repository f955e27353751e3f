package dev.cgnat.proxy;

import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigSource;
import dev.cgnat.proxy.config.LoadedConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What wins over a configuration file, and what it is based on. */
public final class ConfigOptions {
    @Option(names = "--profile", paramLabel = "NAME", description = "Base values; natproxy config profiles lists them.")
    private Optional<String> profile = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key, such as pools.0.ports=1024-2047. May be given several times.")
    private List<String> sets = List.of();

    /** The configuration of {@code file} with these options, or of the options alone. */
    public LoadedConfig load(Optional<Path> file) throws ConfigException {
        return source(file).load();
    }

    /** What {@link #load} reads. */
    ConfigSource source(Optional<Path> file) {
        return new ConfigSource(file, profile, sets);
    }
}
