package dev.cgnat.proxy.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a configuration came from, so that it can be read again.
 *
 * @param file empty = a profile alone
 * @param profile that the command line named
 * @param sets settings of the command line
 */
public record ConfigSource(Optional<Path> file, Optional<String> profile, List<String> sets) {
    public ConfigSource {
        sets = List.copyOf(sets);
    }

    /** Reads it, as at the start. */
    public LoadedConfig load() throws ConfigException {
        return ConfigLoader.inspect(file, profile, sets);
    }

    /** As a person would name it. */
    public String label() {
        return file.map(Path::toString).orElseGet(() -> "profile " + profile.orElse(Profiles.NONE));
    }
}
