package dev.cgnat.proxy;

import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.LoadedConfig;
import dev.cgnat.proxy.config.Profile;
import dev.cgnat.proxy.egress.HostChecks;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code natproxy config}: looks at configurations without running them. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        subcommands = {ConfigCommand.Check.class, ConfigCommand.ListProfiles.class},
        description = "Look at a configuration without running it.")
final class ConfigCommand {
    /** {@code natproxy config check [FILE]}. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description =
                    "Print every error and warning of FILE with its line and column; exit code 3 if there is an error.")
    static final class Check implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", arity = "0..1", description = "Configuration, see config/reference.yaml.")
        private Optional<Path> file = Optional.empty();

        @Mixin
        private ConfigOptions options = new ConfigOptions();

        @Override
        public Integer call() {
            try {
                LoadedConfig loaded = options.load(file);
                loaded.warnings().forEach(System.err::println);
                HostChecks.ofThisHost()
                        .warnings(loaded.config().nat().pools())
                        .forEach(line -> System.err.println("this host: warning: " + line));
                System.out.println(file.map(Path::toString)
                                .orElse("profile " + loaded.config().profile()) + ": ok");
                return ExitCodes.OK;
            } catch (ConfigException e) {
                System.err.println(e.getMessage());
                return ExitCodes.INVALID_CONFIG;
            }
        }
    }

    /** {@code natproxy config profiles [NAME]}. */
    @Command(
            name = "profiles",
            mixinStandardHelpOptions = true,
            description = "List the profiles, or print the file of one; exit code 6 if there is none of that name.")
    static final class ListProfiles implements Callable<Integer> {
        private static final String ROW = "%-26s %6s  %-11s %6s  %-11s  %s%n";

        @Parameters(paramLabel = "NAME", arity = "0..1", description = "Profile to print.")
        private Optional<String> name = Optional.empty();

        @Override
        public Integer call() throws ConfigException {
            List<Profile> profiles = ConfigLoader.profiles();
            if (name.isEmpty()) {
                System.out.printf(Locale.ROOT, ROW, "NAME", "PORTS", "SCOPE", "HOLD", "CONFIDENCE", "PER SUBSCRIBER");
                for (Profile profile : profiles) {
                    System.out.print(row(profile));
                }
                return ExitCodes.OK;
            }
            Optional<Profile> found = profiles.stream()
                    .filter(profile -> profile.name().equals(name.get()))
                    .findFirst();
            found.ifPresentOrElse(
                    profile -> System.out.print(profile.text()),
                    () -> System.err.println("error: no profile " + name.get() + " (expected: "
                            + String.join(
                                    ", ", profiles.stream().map(Profile::name).toList())
                            + ")"));
            return found.isPresent() ? ExitCodes.OK : ExitCodes.NOT_FOUND;
        }

        /** Ports of one address, and the rest after the client's FIN. */
        private static String row(Profile profile) throws ConfigException {
            PoolConfig pool =
                    ConfigLoader.loadProfile(profile.name()).nat().pools().get(0);
            String lent = pool.deterministic().isPresent()
                    ? "a share by formula"
                    : pool.blocks()
                            .map(blocks -> "blocks of " + blocks.size() + ", at most " + blocks.maxPerSubscriber())
                            .orElse("any port");
            return String.format(
                    Locale.ROOT,
                    ROW,
                    profile.name(),
                    pool.usablePorts(),
                    pool.reuseScope().key(),
                    pool.holdDown().clientFin().toSeconds() + "s",
                    profile.confidence().key(),
                    lent);
        }
    }
}
