package dev.cgnat.bench;

import dev.cgnat.bench.load.Durations;
import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.load.Rate;
import dev.cgnat.bench.load.Via;
import dev.cgnat.bench.report.Threshold;
import dev.cgnat.bench.size.LogBudget;
import dev.cgnat.proxy.CompletionCommand;
import dev.cgnat.proxy.ManCommand;
import dev.cgnat.proxy.StartException;
import dev.cgnat.proxy.VersionProvider;
import dev.cgnat.proxy.config.ConfigException;
import java.net.BindException;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line of nat-bench. */
@Command(
        name = "natbench",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Runs NAT pools dry, over real sockets, and says what they can hold.",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            LoadCommand.class,
            CeilingCommand.class,
            SimCommand.class,
            RunCommand.class,
            ReplayCommand.class,
            SizeCommand.class,
            ShootoutCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            JmhCommand.class,
            PeersCommand.class,
            GradeCommand.class,
            CompletionCommand.class,
            ManCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ok",
            "1:failure while running",
            "2:wrong usage",
            "3:invalid configuration",
            "4:an address cannot be bound, or a program or privilege is missing",
            "5:the admin listener cannot be reached",
            "99:a threshold is crossed",
            "130:interrupted"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class NatBenchMain implements Runnable {
    @Spec
    private CommandSpec spec;

    private NatBenchMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand");
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new NatBenchMain());
        return commandLine
                .registerConverter(Duration.class, converter(Durations::parse))
                .registerConverter(HoldTime.class, converter(HoldTime::parse))
                .registerConverter(Via.class, converter(Via::parse))
                .registerConverter(Threshold.class, converter(Threshold::parse))
                .registerConverter(Rate.class, converter(Rate::parse))
                .registerConverter(SimCommand.Sweep.class, converter(SimCommand.Sweep::parse))
                .registerConverter(LogBudget.class, converter(LogBudget::parse))
                .registerConverter(Percent.class, converter(Percent::parse))
                .registerConverter(SlotCount.class, converter(SlotCount::parse))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> fail(e, command));
    }

    private static <T> ITypeConverter<T> converter(ITypeConverter<T> parser) {
        return text -> {
            try {
                return parser.convert(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }

    private static int fail(Exception e, CommandLine command) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        command.getErr().println(command.getColorScheme().errorText(message));
        command.getErr().flush();
        if (e instanceof CommandException known) {
            return known.exitCode();
        }
        if (e instanceof ConfigException) {
            return ExitCode.CONFIG;
        }
        return e instanceof StartException || e instanceof BindException ? ExitCode.BIND : ExitCode.FAILURE;
    }
}
