package dev.cgnat.proxy;

import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.LoadedConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code natproxy config}: looks at configurations without running them. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        subcommands = ConfigCommand.Check.class,
        description = "Look at a configuration without running it.")
final class ConfigCommand {
    /** {@code natproxy config check FILE}. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description =
                    "Print every error and warning of FILE with its line and column; exit code 3 if there is an error.")
    static final class Check implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "Configuration, see config/reference.yaml.")
        private Path file = Path.of("");

        @Override
        public Integer call() {
            try {
                LoadedConfig loaded = ConfigLoader.inspect(Optional.of(file), Optional.empty(), List.of());
                loaded.warnings().forEach(System.err::println);
                System.out.println(file + ": ok");
                return ExitCodes.OK;
            } catch (ConfigException e) {
                System.err.println(e.getMessage());
                return ExitCodes.INVALID_CONFIG;
            }
        }
    }
}
