package dev.cgnat.bench.report;

import dev.cgnat.bench.size.LogPlan;
import dev.cgnat.bench.size.LogVolume;
import dev.cgnat.bench.size.OfferedLoad;
import dev.cgnat.bench.size.Proposal;
import dev.cgnat.bench.size.RefusalEstimate;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code size} prints.
 *
 * @param parameters what was asked for, by the name of the option
 * @param offered by the workload or log
 * @param recorded absent if the flows are those of a workload
 * @param pools a proposal for each policy, in the order in which they were asked for
 * @param recommended the policy with the fewest ports of those that refuse no more than asked for and keep to the log budget;
 *     absent if none does
 */
public record SizeReport(
        int schemaVersion,
        SortedMap<String, String> parameters,
        Offered offered,
        Optional<Recorded> recorded,
        List<Pool> pools,
        Optional<String> recommended,
        SortedMap<String, String> versions) {
    private static final int SCHEMA_VERSION = 1;
    private static final int WIDTH = 34;
    private static final double HOUR = 3600;

    /**
     * What is asked for if none is refused: of a workload by arithmetic, see {@link OfferedLoad}; of a log as it was.
     *
     * @param flowsPerSecond in the busiest hour
     * @param live in the busiest hour of a workload; the most at a time of a log, as is {@code held}
     */
    public record Offered(double flowsPerSecond, double live, double held, String busiest, double busiestShare) {
        /** Of a workload, by arithmetic. */
        public static Offered of(OfferedLoad load) {
            return new Offered(
                    Numbers.rate(load.flowsPerSecond()),
                    Numbers.decimals(load.live(), 1),
                    Numbers.decimals(load.held(), 1),
                    load.busiest().toString(),
                    Numbers.decimals(load.share(), 4));
        }

        /** Of logs that were replayed into a pool where each port is used once, and none was refused. */
        public static Offered of(RunReport run) {
            RunReport.Totals totals = run.totals();
            Optional<RunReport.Use> busiest = run.destinations().stream().findFirst();
            return new Offered(
                    Numbers.rate(busiestHour(run)),
                    totals.peakSessions(),
                    totals.peakHeld(),
                    busiest.map(RunReport.Use::name).orElse("none"),
                    Numbers.decimals(
                            busiest.map(RunReport.Use::granted).orElse(0L) / (double) Math.max(1, totals.granted()),
                            4));
        }

        /** Flows per second in the hour of the samples with the most; of all if they take no hour. */
        private static double busiestHour(RunReport run) {
            List<RunReport.Sample> samples = run.samples();
            double most = 0;
            int first = 0;
            long sum = 0;
            for (RunReport.Sample last : samples) {
                sum += last.granted();
                while (last.atSeconds() - samples.get(first).atSeconds() >= HOUR) {
                    sum -= samples.get(first++).granted();
                }
                most = Math.max(most, (double) sum);
            }
            return run.durationSeconds() < HOUR
                    ? run.totals().granted() / Math.max(1, run.durationSeconds())
                    : most / HOUR;
        }
    }

    /**
     * The flows of logs.
     *
     * @param flows from inside to outside that need a port
     * @param seconds from the first to the last moment
     */
    public record Recorded(long flows, int subscribers, double seconds, ReplayReport.Log log) {
        /** Of what was replayed into a pool that refuses none. */
        public static Recorded of(ReplayReport measured) {
            RunReport run = measured.run();
            return new Recorded(
                    run.totals().granted(),
                    run.subscribers().map(RunReport.Subscribers::count).orElse(0),
                    run.durationSeconds(),
                    measured.log());
        }
    }

    /**
     * One proposal.
     *
     * @param policy as the option spells it
     * @param met whether it refuses no more than asked for
     * @param blocks size and number per subscriber; absent if ports are not lent in blocks
     * @param portsPerSubscriber a limit that would have touched nobody in one run
     * @param analyticPorts what arithmetic asks for; of a log the most that its flows have at a time
     * @param smaller the refusals of the pool one step smaller; absent if there is none
     */
    public record Pool(
            String policy,
            String description,
            boolean met,
            int addresses,
            int portsPerAddress,
            long ports,
            Optional<Blocks> blocks,
            SortedMap<String, Double> holdDownSeconds,
            int portsPerSubscriber,
            int analyticPorts,
            Estimate refusal,
            Optional<Estimate> smaller,
            String binding,
            TranslationLog log,
            List<Knob> sensitivity) {}

    /**
     * What the pool has to log so that it can be told who had a port.
     *
     * @param granularity such as {@code block}
     * @param format such as {@code jsonl}
     * @param bytesPerDay if every day were like the run
     * @param withinBudget absent if there is no budget
     */
    public record TranslationLog(
            String granularity, String format, double bytesPerDay, Optional<Boolean> withinBudget) {}

    /** Port blocks. */
    public record Blocks(int size, int maxPerSubscriber) {}

    /** See {@link RefusalEstimate}. */
    public record Estimate(
            double mean, double low, double high, long offered, int runs, SortedMap<String, Long> refused) {}

    /** The same pool with one key changed. */
    public record Knob(String key, String value, Estimate refusal) {}

    /** The report of what was found. */
    public static SizeReport of(
            SortedMap<String, String> parameters,
            Offered offered,
            Optional<Recorded> recorded,
            List<Proposal> proposals,
            LogPlan logging,
            SortedMap<String, String> versions) {
        return new SizeReport(
                SCHEMA_VERSION,
                parameters,
                offered,
                recorded,
                proposals.stream().map(proposal -> pool(proposal, logging)).toList(),
                recommended(proposals, logging)
                        .map(proposal -> proposal.policy().key()),
                versions);
    }

    /** The one with the fewest ports that refuses no more than asked for and keeps to the budget. */
    public static Optional<Proposal> recommended(List<Proposal> proposals, LogPlan logging) {
        return proposals.stream()
                .filter(Proposal::found)
                .filter(logging::allows)
                .min(Comparator.comparing(Proposal::pairs));
    }

    private static TranslationLog log(Proposal proposal, LogPlan logging) {
        return new TranslationLog(
                LogVolume.Policy.neededBy(proposal.pool()).key(),
                logging.format().key(),
                Numbers.decimals(logging.bytesPerDay(proposal), 0),
                logging.budget().map(budget -> logging.allows(proposal)));
    }

    private static Pool pool(Proposal proposal, LogPlan logging) {
        return new Pool(
                proposal.policy().key(),
                proposal.policy().text(),
                proposal.found(),
                proposal.addresses(),
                proposal.portsOfAnAddress(),
                proposal.pairs(),
                proposal.pool().blocks().map(blocks -> new Blocks(blocks.size(), blocks.maxPerSubscriber())),
                holdDown(proposal.pool()),
                proposal.trial().subscriberPeakPorts(),
                proposal.analytic(),
                estimate(proposal.refusal()),
                proposal.smaller().map(smaller -> estimate(smaller.refusal())),
                proposal.binding(),
                log(proposal, logging),
                proposal.sensitivities().stream()
                        .map(tried -> new Knob(tried.knob(), tried.value(), estimate(tried.refusal())))
                        .toList());
    }

    private static SortedMap<String, Double> holdDown(PoolConfig pool) {
        HoldDownConfig hold = pool.holdDown();
        SortedMap<String, Double> seconds = new TreeMap<>();
        seconds.put("client-fin", seconds(hold.clientFin()));
        seconds.put("server-fin", seconds(hold.serverFin()));
        seconds.put("reset", seconds(hold.reset()));
        seconds.put("idle", seconds(hold.idle()));
        seconds.put("connect-failed", seconds(hold.connectFailed()));
        return seconds;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static Estimate estimate(RefusalEstimate refusal) {
        return new Estimate(
                refusal.mean(), refusal.low(), refusal.high(), refusal.offered(), refusal.runs(), refusal.refused());
    }

    /** Whether every policy has a pool that refuses no more than asked for, and one of them keeps to the log budget. */
    public boolean isMet() {
        return pools.stream().allMatch(Pool::met) && recommended.isPresent();
    }

    /** The same for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-16s %s%n", name, value)));
        text.append('\n');
        recorded.ifPresent(flows -> text.append(String.format(
                Locale.ROOT,
                "recorded: %,d flows of %,d subscribers in %s; %,d lines, %,d broken, %,d late%n",
                flows.flows,
                flows.subscribers,
                Numbers.seconds(flows.seconds),
                flows.log.lines(),
                flows.log.broken(),
                flows.log.late())));
        text.append(String.format(
                Locale.ROOT,
                "busiest hour: %,.1f flows/s; %s%,.0f live and %,.0f resting at a time if none is refused;"
                        + " %s gets %s of them%n",
                offered.flowsPerSecond,
                recorded.isPresent() ? "at most " : "",
                offered.live,
                offered.held,
                offered.busiest,
                percent(offered.busiestShare)));
        text.append(String.format(
                Locale.ROOT,
                "%n%-" + WIDTH + "s %9s %12s %10s %12s %21s %12s%n",
                "policy",
                "addresses",
                "ports each",
                "blocks",
                "refused",
                "95 % interval",
                "log per day"));
        pools.forEach(pool -> row(text, pool));
        if (pools.stream().anyMatch(pool -> !pool.log.withinBudget.orElse(true))) {
            text.append("* more than the log budget\n");
        }
        recorded.ifPresent(
                flows -> text.append(
                        "the interval is that of what the NAT draws, over replays of these very flows: other days are not in it\n"));
        text.append(recommended
                        .map(policy -> "recommended: " + policy + ", the fewest ports that do")
                        .orElse("recommended: none, as none does what was asked for"))
                .append('\n');
        pools.forEach(pool -> details(text, pool));
        return text.toString();
    }

    private static void row(StringBuilder text, Pool pool) {
        text.append(String.format(
                Locale.ROOT,
                "%-" + WIDTH + "s %9s %12s %10s %12s %21s %12s%s%n",
                pool.description,
                (pool.met ? "" : ">") + String.format(Locale.ROOT, "%,d", pool.addresses),
                String.format(Locale.ROOT, "%,d", pool.portsPerAddress),
                pool.blocks
                        .map(blocks -> blocks.maxPerSubscriber + " × " + blocks.size)
                        .orElse("-"),
                percent(pool.refusal.mean),
                percent(pool.refusal.low) + "–" + percent(pool.refusal.high),
                Numbers.bytes(pool.log.bytesPerDay),
                pool.log.withinBudget.orElse(true) ? "" : " *"));
    }

    private void details(StringBuilder text, Pool pool) {
        text.append(String.format(Locale.ROOT, "%n%s (%s)%n", pool.description, pool.policy));
        if (!pool.met) {
            text.append("  no pool of this policy refuses so little\n");
        }
        text.append("  held back by ").append(pool.binding).append('\n');
        pool.smaller.ifPresent(smaller -> text.append(String.format(
                Locale.ROOT,
                "  one step smaller refuses %s (%s–%s)%n",
                percent(smaller.mean),
                percent(smaller.low),
                percent(smaller.high))));
        text.append(String.format(
                Locale.ROOT,
                "  %s: %,d ports; proposed %,d; ports-per-subscriber: %,d would touch nobody%n",
                recorded.isPresent() ? "the busiest moment alone" : "arithmetic alone",
                pool.analyticPorts,
                pool.ports,
                pool.portsPerSubscriber));
        text.append(String.format(
                Locale.ROOT,
                "  log: %s, %s a day as %s%n",
                pool.log.granularity,
                Numbers.bytes(pool.log.bytesPerDay),
                pool.log.format));
        for (Knob knob : pool.sensitivity) {
            text.append(String.format(
                    Locale.ROOT,
                    "  with %-36s %10s refused (%s–%s)%n",
                    knob.key + " " + knob.value,
                    percent(knob.refusal.mean),
                    percent(knob.refusal.low),
                    percent(knob.refusal.high)));
        }
    }

    /** Three significant digits. */
    private static String percent(double share) {
        if (share == 0) {
            return "0 %";
        }
        return new BigDecimal(100 * share)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString()
                + " %";
    }
}
