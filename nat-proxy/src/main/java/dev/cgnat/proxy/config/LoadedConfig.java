package dev.cgnat.proxy.config;

import java.util.List;

/**
 * A configuration that can be used.
 *
 * @param warnings what looks wrong in it, in the order of the file; often empty
 */
public record LoadedConfig(ProxyConfig config, List<ConfigProblem> warnings) {
    public LoadedConfig {
        warnings = List.copyOf(warnings);
    }
}
