package dev.cgnat.bench;

import picocli.CommandLine.Option;

/** The option {@code --seed}. */
final class SeedOption {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of everything random (default: ${DEFAULT-VALUE})")
    private long seed;

    long value() {
        return seed;
    }
}
