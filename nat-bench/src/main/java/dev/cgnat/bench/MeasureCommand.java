package dev.cgnat.bench;

import static dev.cgnat.bench.Laboratory.pairs;

import dev.cgnat.bench.load.Durations;
import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.load.LoadDriver;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.LoadResult;
import dev.cgnat.bench.report.MeasureReport;
import dev.cgnat.bench.report.Numbers;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the ceiling over real sockets. */
@Command(
        name = "measure",
        mixinStandardHelpOptions = true,
        description = "Runs a pool on loopback far above its ceiling, then at 0.8 of it, and compares with the rule.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class MeasureCommand implements Callable<Integer> {
    private static final int FIRST_PORT = 20_000;
    /** In multiples of the ceiling. Each port is taken once, at half the later rate, so that none waits for a request after. */
    private static final double FIRST_ROUND = 2;

    private static final double OVERLOAD = 4;
    private static final double CALM = 0.8;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--ports",
            paramLabel = "N",
            defaultValue = "200",
            description = "of the pool, from 20000 on, 1 to 10000 (default: ${DEFAULT-VALUE})")
    private int ports;

    @Option(
            names = "--hold-down",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "after every close (default: ${DEFAULT-VALUE})")
    private Duration holdDown;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "of the overload; the calm takes half (default: ${DEFAULT-VALUE})")
    private Duration duration;

    @Mixin
    private ReportOutput output;

    @Override
    public Integer call() throws Exception {
        if (ports < 1 || ports > 10_000) {
            throw new ParameterException(spec.commandLine(), "ports: " + ports + " (expected: 1 to 10000)");
        }
        if (holdDown.isZero() || duration.compareTo(holdDown.multipliedBy(2)) < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "duration: " + Durations.text(duration)
                            + " (expected: at least twice the hold-down, which is more than 0s)");
        }
        PoolConfig pool = PoolConfig.defaults("measured", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))))
                .withPorts(new PortRange(FIRST_PORT, FIRST_PORT + ports - 1))
                .withHoldDown(HoldDownConfig.same(holdDown));
        try (Laboratory laboratory = Laboratory.start(ProxyConfig.defaults(NatConfig.of(pool)), pool, 1)) {
            MeasureReport report = measure(laboratory);
            PrintWriter out = spec.commandLine().getOut();
            out.print(output.render(report, report::text));
            out.flush();
        }
        return ExitCode.OK;
    }

    private MeasureReport measure(Laboratory laboratory) {
        double ceiling = ports / (holdDown.toNanos() / 1e9);
        long began = System.nanoTime();
        run(laboratory, ceiling * FIRST_ROUND, Duration.ofNanos(Math.round(holdDown.toNanos() / FIRST_ROUND)));
        LoadResult overload = run(laboratory, ceiling * OVERLOAD, duration);
        PoolSnapshot after = laboratory.pool();
        int usable = pairs(after).capacity() - pairs(after).reserved();
        Recurrence recurrence = Recurrence.of(laboratory.seen(laboratory.target(0), began), usable, holdDown);
        laboratory.await(
                pool -> pairs(pool).inUse() + pairs(pool).held() == 0,
                holdDown.multipliedBy(2).toNanos());
        Map<String, Long> before = Refusals.of(laboratory.pool());
        double calmRate = recurrence.predicted() * CALM;
        LoadResult calm = run(laboratory, calmRate, duration.dividedBy(2));
        return MeasureReport.of(
                usable,
                pairs(after).reserved(),
                holdDown.toNanos() / 1e9,
                new MeasureReport.Overload(
                        Numbers.rate(ceiling * OVERLOAD),
                        Numbers.decimals(overload.elapsed().toNanos() / 1e9, 1),
                        overload.counts().attempted(),
                        overload.counts().established(),
                        Refusals.of(after),
                        recurrence.gaps().count(),
                        Numbers.decimals(recurrence.meanLifetimeSeconds(), 6),
                        Numbers.decimals(recurrence.gaps().leastSeconds().orElse(0), 3),
                        Numbers.decimals(recurrence.predicted(), 3),
                        Numbers.decimals(recurrence.measured().orElse(0), 3),
                        Numbers.decimals(recurrence.ratio(), 4)),
                new MeasureReport.Calm(
                        Numbers.rate(calmRate),
                        Numbers.decimals(calm.elapsed().toNanos() / 1e9, 1),
                        calm.counts().attempted(),
                        calm.counts().established(),
                        Refusals.between(before, Refusals.of(laboratory.pool()))));
    }

    private LoadResult run(Laboratory laboratory, double perSecond, Duration time) {
        LoadPlan plan = LoadPlan.holding(
                        laboratory.target(0),
                        laboratory.via(),
                        perSecond,
                        Math.max(1, Math.round(perSecond * time.toNanos() / 1e9)))
                .withHold(new HoldTime.Constant(Duration.ZERO));
        try (LoadDriver driver = laboratory.drive(plan)) {
            driver.settled().join();
            return driver.finish();
        }
    }
}
