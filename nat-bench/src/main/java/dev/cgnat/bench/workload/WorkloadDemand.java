package dev.cgnat.bench.workload;

import dev.cgnat.bench.load.CloseMode;
import dev.cgnat.bench.load.Demand;
import dev.cgnat.bench.workload.Behaviour.Keeps;
import dev.cgnat.core.CloseCause;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A workload over sockets, as the simulator has it: who keeps connections opens another for each that ended, after the pause; who
 * was refused asks again for the same, as its group says; others come when they come.
 *
 * <p>Subscribers of all groups share the source addresses in turn. A kept connection carries a request a second. A server that is
 * to end a flow is asked to, see {@link CloseMode#SERVER}.
 */
public final class WorkloadDemand implements Demand {
    private static final long REQUEST_NANOS = 1_000_000_000;

    private final List<GroupDemand> groups;
    private final Targets targets;
    private final int sources;
    /** First subscriber of each group, among all. */
    private final List<Integer> offsets = new ArrayList<>();

    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::atNanos));
    private final List<Kept> flows = new ArrayList<>();
    private final List<Integer> spare = new ArrayList<>();

    private final AtomicLong retries = new AtomicLong();

    /** Where flows go. */
    public interface Targets {
        /**
         * The target of a destination.
         *
         * @param group index in the workload
         * @param destination index in the group's destinations
         */
        InetSocketAddress of(int group, int destination);
    }

    /**
     * The k-th destination of each group is the k-th target, and after the last target comes the first again.
     *
     * @param sources number of source addresses, 1 or more
     */
    public WorkloadDemand(Workload workload, List<InetSocketAddress> targets, int sources, long seed) {
        this(workload, (group, destination) -> targets.get(destination % targets.size()), sources, seed);
    }

    /** @param sources number of source addresses, 1 or more */
    public WorkloadDemand(Workload workload, Targets targets, int sources, long seed) {
        this.targets = targets;
        this.sources = sources;
        groups = GroupDemand.of(workload, seed);
        int first = 0;
        for (int group = 0; group < groups.size(); group++) {
            offsets.add(first);
            first += groups.get(group).group().subscribers();
            begin(group);
        }
    }

    /** A flow to be opened. An arrival of its group has no subscriber yet, and what was never refused has no wish yet. */
    private record Due(long atNanos, int group, int subscriber, int refusals, Optional<Wish> wish) {
        private static final int ARRIVAL = -1;

        static Due fresh(long atNanos, int group, int subscriber) {
            return new Due(atNanos, group, subscriber, 0, Optional.empty());
        }
    }

    /** What a flow that is under way belongs to. */
    private record Kept(int group, int subscriber, int refusals, Wish wish) {}

    private void begin(int index) {
        GroupDemand demand = groups.get(index);
        Group group = demand.group();
        if (group.behaviour() instanceof Keeps keeps) {
            long all = (long) group.subscribers() * keeps.connections();
            double gap = (double) keeps.startWithin().toNanos() / all;
            for (long i = 0; i < all; i++) {
                due.add(Due.fresh(Math.round(gap * i), index, (int) (i % group.subscribers())));
            }
        } else {
            schedule(index);
        }
    }

    private void schedule(int index) {
        long next = groups.get(index).nextNanos();
        if (next != NEVER) {
            due.add(Due.fresh(next, index, Due.ARRIVAL));
        }
    }

    @Override
    public long nextNanos() {
        Due next = due.peek();
        return next == null ? NEVER : next.atNanos();
    }

    @Override
    public Flow take() {
        Due next = due.remove();
        GroupDemand demand = groups.get(next.group());
        int subscriber = next.subscriber();
        if (subscriber == Due.ARRIVAL) {
            subscriber = demand.subscriber();
            for (int i = 1; i < demand.burst(); i++) {
                due.add(Due.fresh(next.atNanos(), next.group(), subscriber));
            }
            demand.advance();
            schedule(next.group());
        }
        Wish wish = next.wish().orElseGet(demand::wish);
        if (next.refusals() > 0) {
            retries.incrementAndGet();
        }
        boolean keeps = demand.group().behaviour() instanceof Keeps;
        return new Flow(
                (offsets.get(next.group()) + subscriber) % sources,
                targets.of(next.group(), wish.destination()),
                wish.lifetimeNanos(),
                closeMode(wish.cause()),
                keeps ? REQUEST_NANOS : 0,
                remember(new Kept(next.group(), subscriber, next.refusals(), wish)));
    }

    private int remember(Kept kept) {
        if (spare.isEmpty()) {
            flows.add(kept);
            return flows.size() - 1;
        }
        int tag = spare.remove(spare.size() - 1);
        flows.set(tag, kept);
        return tag;
    }

    @Override
    public void ended(Flow flow, End end, long nowNanos) {
        Kept kept = flows.get(flow.tag());
        spare.add(flow.tag());
        Group group = groups.get(kept.group()).group();
        if (end == End.REFUSED && kept.refusals() < group.retry().times()) {
            int refusals = kept.refusals() + 1;
            long at = nowNanos + group.retry().pauseNanos(refusals);
            due.add(new Due(at, kept.group(), kept.subscriber(), refusals, Optional.of(kept.wish())));
        } else if (group.behaviour() instanceof Keeps keeps) {
            due.add(Due.fresh(nowNanos + keeps.pause().toNanos(), kept.group(), kept.subscriber()));
        }
    }

    /** Flows so far that asked again after a refusal. Any thread may ask. */
    public long retries() {
        return retries.get();
    }

    private static CloseMode closeMode(CloseCause cause) {
        return switch (cause) {
            case RESET -> CloseMode.RESET;
            case SERVER_FIN -> CloseMode.SERVER;
            case CLIENT_FIN, IDLE, CONNECT_FAILED -> CloseMode.CLIENT;
        };
    }
}
