package dev.cgnat.bench.report;

import dev.cgnat.bench.size.Ceiling;
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
            String pooling,
            int slotsToOneDestination,
            int destinations,
            long slotsToThatManyOnOneHost,
            long slotsToThatManyHosts,
            int slotsPerSubscriber,
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
        return new Pool(
                ceiling.pool(),
                kebab(ceiling.reuseScope()),
                kebab(ceiling.pooling()),
                ceiling.slotsToOne(),
                ceiling.destinations(),
                ceiling.slotsToMany(),
                ceiling.slotsToManyHosts(),
                ceiling.slotsPerSubscriber(),
                ceiling.lifetime().toNanos() / 1e9,
                ceiling.rates().stream()
                        .map(rate -> new Rate(
                                kebab(rate.cause()),
                                rate.hold().toNanos() / 1e9,
                                Numbers.rate(rate.perSecond()),
                                Numbers.rate(rate.perSecondPerSubscriber()),
                                rate.perSecond().isPresent() ? Optional.empty() : Optional.of(UNLIMITED)))
                        .toList());
    }

    /** The same for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append("profile ").append(profile).append('\n');
        for (Pool pool : pools) {
            text.append(String.format(
                    Locale.ROOT, "%npool %s: reuse scope %s, pooling %s%n", pool.name, pool.reuseScope, pool.pooling));
            slots(text, "to one destination", pool.slotsToOneDestination);
            slots(text, "to " + pool.destinations + " destinations on one host", pool.slotsToThatManyOnOneHost);
            slots(text, "to " + pool.destinations + " hosts", pool.slotsToThatManyHosts);
            slots(text, "of one subscriber to one destination", pool.slotsPerSubscriber);
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

    private static void slots(StringBuilder text, String what, long slots) {
        text.append(String.format(Locale.ROOT, "  %,10d slots %s%n", slots, what));
    }

    private static String perSecond(OptionalDouble rate) {
        return rate.isPresent() ? Numbers.perSecond(rate.getAsDouble()) : "unlimited";
    }

    private static String kebab(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
