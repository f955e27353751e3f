package dev.cgnat.bench.report;

import dev.cgnat.bench.size.Ceiling;
import dev.cgnat.core.PoolCapacity;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.PoolConfig;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The ceilings of a configuration, ready to print: numbers are rounded. */
public record CeilingReport(int schemaVersion, String profile, String rule, List<Pool> pools) {
    private static final int SCHEMA_VERSION = 1;
    private static final String UNLIMITED = "no hold-down: lifetime alone limits";

    /** One pool; see {@link Ceiling}. */
    public record Pool(
            String name,
            String reuseScope,
            String mapping,
            String pooling,
            Optional<String> lent,
            int slotsToOneDestination,
            int liveToOneDestination,
            int destinations,
            long slotsToThatManyOnOneHost,
            long slotsToThatManyHosts,
            int slotsPerSubscriber,
            int livePerSubscriber,
            double lifetimeSeconds,
            List<Rate> rates) {}

    /**
     * What holds if every flow ends by {@code cause}.
     *
     * @param limitedBy set where no rate is: what limits it instead
     */
    public record Rate(
            String cause,
            double holdSeconds,
            OptionalDouble perSecond,
            OptionalDouble perSecondPerSubscriber,
            Optional<String> limitedBy) {}

    /** The report of the pools of one configuration. */
    public static CeilingReport of(String profile, List<Ceiling> ceilings) {
        return new CeilingReport(
                SCHEMA_VERSION,
                profile,
                Ceiling.RULE,
                ceilings.stream().map(CeilingReport::pool).toList());
    }

    private static Pool pool(Ceiling ceiling) {
        PoolConfig pool = ceiling.pool();
        PoolCapacity capacity = ceiling.capacity();
        return new Pool(
                pool.name(),
                pool.reuseScope().key(),
                pool.mapping().behaviour().key(),
                pool.pooling().behaviour().key(),
                lent(pool),
                capacity.slotsToOne(),
                capacity.liveToOne(),
                ceiling.destinations(),
                capacity.slotsToMany(ceiling.destinations()),
                capacity.slotsToManyHosts(ceiling.destinations()),
                capacity.slotsPerSubscriber(),
                capacity.livePerSubscriber(),
                ceiling.lifetime().toNanos() / 1e9,
                ceiling.rates().stream()
                        .map(rate -> new Rate(
                                rate.cause().label().replace('_', '-'),
                                rate.hold().toNanos() / 1e9,
                                Numbers.rate(rate.perSecond()),
                                Numbers.rate(rate.perSecondPerSubscriber()),
                                rate.perSecond().isPresent() ? Optional.empty() : Optional.of(UNLIMITED)))
                        .toList());
    }

    /** How ports reach subscribers, if not one by one. */
    private static Optional<String> lent(PoolConfig pool) {
        Optional<String> blocks = pool.blocks()
                .map(block ->
                        "blocks of " + block.size() + ", at most " + block.maxPerSubscriber() + " per subscriber");
        return pool.deterministic()
                .map(plan -> "shares by formula, " + plan.scheme().key()
                        + blocks.map(text -> ", then " + text).orElse(""))
                .or(() -> blocks);
    }

    /** The same for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("profile ").append(profile).append('\n');
        for (Pool pool : pools) {
            text.append(String.format(
                    Locale.ROOT,
                    "%npool %s: reuse scope %s, pooling %s%s%s%n",
                    pool.name,
                    pool.reuseScope,
                    pool.pooling,
                    pool.mapping.equals(Mapping.ADDRESS_AND_PORT_DEPENDENT.key()) ? "" : ", mapping " + pool.mapping,
                    pool.lent.map(how -> ", " + how).orElse("")));
            slots(
                    text,
                    "to one destination" + live(pool.liveToOneDestination, pool.slotsToOneDestination),
                    pool.slotsToOneDestination);
            slots(text, "to " + pool.destinations + " destinations on one host", pool.slotsToThatManyOnOneHost);
            slots(text, "to " + pool.destinations + " hosts", pool.slotsToThatManyHosts);
            slots(
                    text,
                    "of one subscriber to one destination" + live(pool.livePerSubscriber, pool.slotsPerSubscriber),
                    pool.slotsPerSubscriber);
            text.append(String.format(
                    Locale.ROOT, "%n  %-16s %10s %14s %18s%n", "flow ended by", "hold", "pool", "one subscriber"));
            for (Rate rate : pool.rates) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %-16s %10s %14s %18s%s%n",
                        rate.cause,
                        BigDecimal.valueOf(rate.holdSeconds)
                                        .stripTrailingZeros()
                                        .toPlainString() + " s",
                        perSecond(rate.perSecond),
                        perSecond(rate.perSecondPerSubscriber),
                        rate.limitedBy.map(by -> "   " + by).orElse("")));
            }
        }
        return text.append("\nrule: ").append(rule).append('\n').toString();
    }

    /** Where a limit counts live flows alone. */
    private static String live(int live, int slots) {
        return live == slots ? "" : String.format(Locale.ROOT, ", %,d of them live", live);
    }

    private static void slots(StringBuilder text, String what, long slots) {
        text.append(String.format(Locale.ROOT, "  %,10d slots %s%n", slots, what));
    }

    private static String perSecond(OptionalDouble rate) {
        return rate.isPresent() ? Numbers.perSecond(rate.getAsDouble()) : "unlimited";
    }
}
