package dev.cgnat.bench;

import dev.cgnat.bench.report.CeilingReport;
import dev.cgnat.bench.size.Ceiling;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Slots, and slots ÷ hold. */
@Command(
        name = "ceiling",
        mixinStandardHelpOptions = true,
        description = "Says how many flows a pool can hold, and how many new ones per second it can give for ever.",
        subcommands = {MeasureCommand.class, LogCommand.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class CeilingCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigurationOptions configuration;

    @Option(
            names = "--destinations",
            paramLabel = "K",
            defaultValue = "10",
            description = "how many destinations to count slots to (default: ${DEFAULT-VALUE})")
    private int destinations;

    @Option(
            names = "--lifetime",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "how long a flow lives (default: ${DEFAULT-VALUE})")
    private Duration lifetime;

    @Mixin
    private ReportOutput output;

    @Override
    public Integer call() throws ConfigException {
        configuration.require();
        if (destinations < 1) {
            throw new ParameterException(
                    spec.commandLine(), "destinations: " + destinations + " (expected: at least 1)");
        }
        ProxyConfig config = configuration.load();
        NatConfig nat = config.nat();
        List<Ceiling> ceilings = nat.pools().stream()
                .map(pool -> Ceiling.of(pool, nat.limits(), destinations, lifetime))
                .toList();
        CeilingReport report = CeilingReport.of(config.profile(), ceilings);
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.render(report, report::text));
        out.flush();
        return ExitCode.OK;
    }
}
