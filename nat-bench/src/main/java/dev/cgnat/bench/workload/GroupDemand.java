package dev.cgnat.bench.workload;

import dev.cgnat.bench.load.Arrivals;
import dev.cgnat.bench.workload.Behaviour.Curve;
import dev.cgnat.bench.workload.Behaviour.Opens;
import dev.cgnat.bench.workload.Behaviour.Recorded;
import dev.cgnat.bench.workload.Behaviour.Steady;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What one group wants, drawn step by step: the same seed gives the same wishes, whatever becomes of them. Whoever
 * {@link Behaviour.Keeps keeps} connections has no arrivals; the caller asks for a wish for each connection to be opened.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) each.
 */
public final class GroupDemand {
    private final Group group;
    private final Arrivals.Times arrivals;
    private final RandomGenerator random;
    private final IntSupplier destination;
    private final Supplier<Protocol> protocol;
    private final LongSupplier lifetime;
    private final Supplier<CloseCause> cause;
    private long nextNanos;

    private GroupDemand(Group group, SplittableRandom seed) {
        this.group = group;
        RandomGenerator times = seed.split();
        random = seed.split();
        arrivals = group.behaviour() instanceof Opens opens
                ? Curves.times(opens.openings(), group.subscribers(), times)
                : () -> Long.MAX_VALUE;
        destination = group.destinations().sampler(random);
        protocol = group.protocols().sampler(random);
        lifetime = group.lifetime().sampler(random);
        cause = group.ends().sampler(random);
        nextNanos = arrivals.next();
    }

    /** The demand of each group, in their order; no group's draws depend on another's. */
    public static List<GroupDemand> of(Workload workload, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<GroupDemand> demands = new ArrayList<>();
        for (Group group : workload.groups()) {
            demands.add(new GroupDemand(group, random.split()));
        }
        return demands;
    }

    public Group group() {
        return group;
    }

    /** When the next arrival is, in nanoseconds since the beginning; {@link Long#MAX_VALUE} if there is none. */
    public long nextNanos() {
        return nextNanos;
    }

    /** The arrival is over: goes on to the one after it. */
    public void advance() {
        nextNanos = arrivals.next();
    }

    /** Flows that the arrival opens, all of one subscriber. */
    public int burst() {
        return group.behaviour() instanceof Opens opens ? opens.burst() : 1;
    }

    /** Draws whose arrival it is: 0 to subscribers - 1. */
    public int subscriber() {
        return group.subscribers() == 1 ? 0 : random.nextInt(group.subscribers());
    }

    /** Draws a flow. */
    public Wish wish() {
        boolean bypasses = group.bypass() > 0 && random.nextDouble() < group.bypass();
        return new Wish(destination.getAsInt(), protocol.get(), lifetime.getAsLong(), cause.get(), bypasses);
    }

    /** The moments of openings. */
    private static final class Curves {
        private Curves() {}

        static Arrivals.Times times(Behaviour.Openings openings, int subscribers, RandomGenerator random) {
            if (openings instanceof Steady steady) {
                return steady.process().times(steady.perSecond() * subscribers, random);
            }
            if (openings instanceof Curve curve) {
                return new CurvedTimes(curve, curve.process().times(curve.perSecond() * subscribers, random));
            }
            List<Long> recorded = ((Recorded) openings).atNanos();
            return new Arrivals.Times() {
                private int index;

                @Override
                public long next() {
                    return index == recorded.size() ? Long.MAX_VALUE : recorded.get(index++);
                }
            };
        }
    }
}
