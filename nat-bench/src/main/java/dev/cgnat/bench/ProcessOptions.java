package dev.cgnat.bench;

import dev.cgnat.bench.load.Arrivals;
import dev.cgnat.bench.load.LoadDriver;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.Loops;
import dev.cgnat.bench.load.Sources;
import dev.cgnat.bench.processes.DriverPart;
import dev.cgnat.bench.processes.DriverProcesses;
import dev.cgnat.core.address.PortRange;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** How many processes a load is made by. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ProcessOptions {
    private static final int MOST = 64;
    private static final String AUTO = "auto";
    /** Arrivals are uneven: processes for so many times the flows that are expected to live at a time. */
    private static final double ROOM = 1.2;

    /** Of those of load, what says what a share of it is. */
    private static final Set<String> SHARED = Set.of(
            "--via",
            "--rate",
            "--duration",
            "--connections",
            "--subscribers",
            "--sources",
            "--arrival",
            "--hold",
            "--close",
            "--payload",
            "--timeout",
            "--seed");

    @Option(
            names = "--processes",
            paramLabel = "N|auto",
            defaultValue = "1",
            description =
                    "driver processes that share the load, 1 to 64; auto: as many as the file descriptors of one, which"
                            + " the others have too, make necessary (default: ${DEFAULT-VALUE})")
    private String processes;

    @Option(names = "--part", hidden = true, description = "K/N: the K-th of N processes, from 0 on")
    private Optional<String> part = Optional.empty();

    /** Whether this process was started to take part in a load. */
    boolean isPart() {
        return part.isPresent();
    }

    /**
     * Makes this process's share of {@code whole}, as its parent orders; the exit code.
     *
     * @param sources with the ports that no other process uses
     */
    int takePart(CommandSpec spec, LoadPlan whole, Function<PortRange, Sources> sources)
            throws IOException, InterruptedException, ExecutionException {
        String[] numbers = part.orElseThrow().split("/", 2);
        int index = Integer.parseInt(numbers[0]);
        int count = Integer.parseInt(numbers[1]);
        int ports = Sources.ALL_PORTS.size() / count;
        int first = Sources.ALL_PORTS.first() + index * ports;
        Sources from = sources.apply(new PortRange(first, first + ports - 1));
        DriverPart driverPart = new DriverPart(System.in, spec.commandLine().getOut());
        try (Loops loops = Loops.start("load", 1)) {
            driverPart.awaitStart();
            if (whole.arrivals() == Arrivals.CONSTANT) {
                LockSupport.parkNanos(Math.round(index * 1e9 / whole.ratePerSecond())); // between those of the others
            }
            try (LoadDriver driver = LoadDriver.start(loops, from, whole.share(index, count));
                    Interrupt interrupt = new Interrupt(driver::stop)) {
                driverPart.run(driver);
                return interrupt.isRaised() ? ExitCode.FAILURE : ExitCode.OK;
            }
        }
    }

    /** Begins a load by {@code count} processes with what {@code spec} was given. */
    static DriverProcesses start(CommandSpec spec, LoadPlan plan, int count)
            throws CommandException, InterruptedException {
        spec.commandLine().getErr().println(count + " driver processes");
        try {
            return DriverProcesses.start(plan, count, index -> command(spec, index, count));
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * How many, for what is wanted.
     *
     * @param plan with the flows at a time that one process can have
     */
    int count(LoadPlan plan) {
        double most = Math.min(MOST, plan.connections());
        if (processes.equals(AUTO)) {
            double live = Math.min(plan.ratePerSecond() * plan.hold().meanSeconds() * ROOM, plan.intendedFlows());
            return (int) Math.max(1, Math.min(most, Math.ceil(live / plan.maxLive())));
        }
        if (!processes.matches("\\d{1,2}") || Integer.parseInt(processes) < 1 || Integer.parseInt(processes) > most) {
            throw new IllegalArgumentException(
                    "processes: " + processes + " (expected: auto or 1 to " + Math.round(most) + ")");
        }
        return Integer.parseInt(processes);
    }

    /** This program again, as the {@code index}-th of {@code count} processes. */
    private static List<String> command(CommandSpec spec, int index, int count) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-X") || argument.startsWith("-D"))
                .forEach(command::add);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), NatBenchMain.class.getName(), spec.name()));
        ParseResult given = spec.commandLine().getParseResult();
        for (OptionSpec option : given.matchedOptions()) {
            if (SHARED.contains(option.longestName())) {
                command.add(option.longestName() + "="
                        + option.originalStringValues().get(0));
            }
        }
        command.add("--part=" + index + "/" + count);
        given.matchedPositionals().forEach(target -> command.addAll(target.originalStringValues()));
        return command;
    }
}
