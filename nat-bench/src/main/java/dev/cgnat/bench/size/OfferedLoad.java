package dev.cgnat.bench.size;

import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.bench.workload.Behaviour;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.config.HoldDownConfig;
import java.util.HashMap;
import java.util.Map;

/**
 * What a workload asks of a pool in its busiest hour, by arithmetic: flows that would live and rest at a time if none were
 * refused (Little's law).
 *
 * @param flowsPerSecond flows that need a port
 * @param live flows at a time
 * @param held slots that rest at a time
 * @param busiest the destination that most flows go to
 * @param share of them that do, more than 0 to 1
 */
public record OfferedLoad(double flowsPerSecond, double live, double held, Endpoint busiest, double share) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Of {@code workload} through a pool with {@code holdDown}. */
    public static OfferedLoad of(Workload workload, HoldDownConfig holdDown) {
        double rate = 0;
        double live = 0;
        double held = 0;
        Map<Endpoint, Double> byDestination = new HashMap<>();
        for (Group group : workload.groups()) {
            double own = (1 - group.bypass()) * peakPerSecond(group);
            rate += own;
            live += own * meanSeconds(group.lifetime());
            held += own * meanHoldSeconds(group, holdDown);
            byDestination.merge(group.destinations().first(), own * topShare(group), Double::sum);
        }
        Map.Entry<Endpoint, Double> busiest = byDestination.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow();
        return new OfferedLoad(
                rate,
                live,
                held,
                busiest.getKey(),
                rate == 0 ? 1 : Math.max(busiest.getValue() / rate, Double.MIN_NORMAL));
    }

    /** Slots that live or rest at a time, towards all destinations. */
    public double erlangs() {
        return live + held;
    }

    /** The same towards the busiest destination. */
    public double erlangsToOne() {
        return erlangs() * share;
    }

    private static double peakPerSecond(Group group) {
        if (group.behaviour() instanceof Behaviour.Keeps keeps) {
            double cycle = meanSeconds(group.lifetime()) + keeps.pause().toNanos() / NANOS_PER_SECOND;
            return (double) keeps.connections() * group.subscribers() / cycle;
        }
        Behaviour.Opens opens = (Behaviour.Opens) group.behaviour();
        if (opens.openings() instanceof Behaviour.Steady steady) {
            return steady.perSecond() * group.subscribers() * opens.burst();
        }
        if (opens.openings() instanceof Behaviour.Curve curve) {
            double top = curve.curve().stream()
                    .mapToDouble(Double::doubleValue)
                    .max()
                    .orElseThrow();
            return curve.perSecond() * top * group.subscribers() * opens.burst();
        }
        Behaviour.Recorded recorded = (Behaviour.Recorded) opens.openings();
        long last = recorded.atNanos().get(recorded.atNanos().size() - 1);
        return recorded.atNanos().size() * opens.burst() / Math.max(1, last / NANOS_PER_SECOND);
    }

    /** A mean that is infinite, as that of some heavy tails, counts as a day. */
    private static double meanSeconds(HoldTime lifetime) {
        return Math.min(lifetime.meanSeconds(), 86_400);
    }

    private static double meanHoldSeconds(Group group, HoldDownConfig holdDown) {
        double weights = 0;
        double sum = 0;
        for (Map.Entry<CloseCause, Double> end : group.ends().weights().entrySet()) {
            weights += end.getValue();
            sum += end.getValue() * end.getKey().holdDown(holdDown).toNanos() / NANOS_PER_SECOND;
        }
        return sum / weights;
    }

    /** Of the first destination, by Zipf's law. */
    private static double topShare(Group group) {
        double sum = 0;
        for (int k = 1; k <= group.destinations().count(); k++) {
            sum += Math.pow(k, -group.destinations().skew());
        }
        return 1 / sum;
    }
}
