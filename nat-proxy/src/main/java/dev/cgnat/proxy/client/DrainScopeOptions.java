package dev.cgnat.proxy.client;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is drained: exactly one of them. */
final class DrainScopeOptions {
    @Option(names = "--address", paramLabel = "IP", required = true, description = "That external address.")
    private @Nullable String address;

    @Option(names = "--pool", paramLabel = "NAME", required = true, description = "That pool.")
    private @Nullable String pool;

    @Option(names = "--all", required = true, description = "Everything.")
    private boolean isAll;

    /** As the API names it. */
    String text() {
        return isAll ? "all" : pool != null ? "pool:" + pool : "address:" + address;
    }
}
