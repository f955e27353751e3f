package dev.cgnat.bench.jmh;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs one {@link BenchCase} in a new process of this Java, with the class path of this one. */
public final class BenchRunner {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private static final Pattern THROWN = Pattern.compile("^(?:Error|[a-z.]+\\.[A-Za-z]+(?:Error|Exception))\\b");

    private final Effort effort;

    public BenchRunner(Effort effort) {
        this.effort = effort;
    }

    /** Runs it to its end, in seconds to a minute. */
    public Measurement run(BenchCase benchCase) throws BenchException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
        OutputFormat format = OutputFormatFactory.createFormatInstance(print, VerboseMode.NORMAL);
        TimeValue time = TimeValue.milliseconds(effort.time(benchCase).toMillis());
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(BenchRunner.class.getPackageName() + "." + benchCase.method()) + "$")
                .forks(1)
                .threads(benchCase.threads())
                .warmupIterations(effort.warmUps())
                .warmupTime(time)
                .measurementIterations(effort.iterations())
                .measurementTime(time)
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class)
                .jvmArgs(benchCase.jvm().toArray(String[]::new));
        benchCase.parameters().forEach((name, value) -> options.param(name, value));
        try {
            RunResult result = new Runner(options.build(), format).runSingle();
            return measurement(
                    benchCase,
                    List.copyOf(result.getBenchmarkResults().iterator().next().getIterationResults()));
        } catch (RunnerException e) {
            String log = said.toString(StandardCharsets.UTF_8);
            throw new BenchException(benchCase.name() + ": " + cause(log, e), log, e);
        }
    }

    /** What the fork died of; JMH itself only says that it did. */
    private static String cause(String log, RunnerException e) {
        return log.lines()
                .filter(line -> THROWN.matcher(line).find())
                .findFirst()
                .orElse(String.valueOf(e.getMessage()));
    }

    private static Measurement measurement(BenchCase benchCase, List<IterationResult> iterations) {
        int threads = benchCase.threads();
        return new Measurement(
                benchCase,
                median(iterations, iteration -> cpuNanos(iteration)),
                median(iterations, iteration -> iteration.getPrimaryResult().getScore()),
                median(iterations, iteration -> refNanos(iteration, threads)),
                median(iterations, iteration -> cpuNanos(iteration) / refNanos(iteration, threads)),
                median(iterations, iteration -> secondary(iteration, ALLOCATED)),
                iterations.stream()
                                .mapToDouble(iteration -> secondary(iteration, "refused"))
                                .sum()
                        / iterations.stream().mapToLong(BenchRunner::pairs).sum());
    }

    private static double cpuNanos(IterationResult iteration) {
        return secondary(iteration, "cpuNanos") / pairs(iteration);
    }

    /** JMH adds up what the threads say. */
    private static double refNanos(IterationResult iteration, int threads) {
        return secondary(iteration, "refNanos") / threads;
    }

    private static long pairs(IterationResult iteration) {
        return iteration.getMetadata().getAllOps();
    }

    private static double secondary(IterationResult iteration, String name) {
        Result<?> result = iteration.getSecondaryResults().get(name);
        if (result == null) {
            throw new IllegalStateException("name: " + name + " (expected: one of "
                    + iteration.getSecondaryResults().keySet() + ")");
        }
        return result.getScore();
    }

    private static double median(List<IterationResult> iterations, ToDoubleFunction<IterationResult> value) {
        double[] sorted = iterations.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
    }
}
