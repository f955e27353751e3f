package dev.cgnat.bench;

import dev.cgnat.bench.load.CloseMode;
import dev.cgnat.bench.load.Demand;
import dev.cgnat.bench.workload.Behaviour.Keeps;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.GroupDemand;
import dev.cgnat.bench.workload.Wish;
import dev.cgnat.bench.workload.Workload;
import dev.cgnat.core.CloseCause;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A workload over sockets, as the simulator has it: who keeps connections opens another for each that ended, after the pause; who
 * was refused asks again as its group says; others come when they come.
 *
 * <p>The k-th destination of a workload is the k-th target, and after the last target comes the first again. Subscribers of all
 * groups share the source addresses in turn. A kept connection carries a request a second.
 */
final class WorkloadDemand implements Demand {
    private static final long REQUEST_NANOS = 1_000_000_000;

    private final List<GroupDemand> groups;
    private final List<InetSocketAddress> targets;
    private final int sources;
    /** First subscriber of each group, among all. */
    private final List<Integer> offsets = new ArrayList<>();

    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::atNanos));
    private final List<Kept> flows = new ArrayList<>();
    private final List<Integer> spare = new ArrayList<>();

    /** @param sources number of source addresses, 1 or more */
    WorkloadDemand(Workload workload, List<InetSocketAddress> targets, int sources, long seed) {
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

    /** A flow to be opened; {@code refusals} so far, with the same wish. An arrival of its group has no subscriber yet. */
    private record Due(long atNanos, int group, int subscriber, int refusals) {
        private static final int ARRIVAL = -1;
    }

    /** What a flow that is under way belongs to. */
    private record Kept(int group, int subscriber, int refusals) {}

    private void begin(int index) {
        GroupDemand demand = groups.get(index);
        Group group = demand.group();
        if (group.behaviour() instanceof Keeps keeps) {
            long all = (long) group.subscribers() * keeps.connections();
            double gap = (double) keeps.startWithin().toNanos() / all;
            for (long i = 0; i < all; i++) {
                due.add(new Due(Math.round(gap * i), index, (int) (i % group.subscribers()), 0));
            }
        } else {
            schedule(index);
        }
    }

    private void schedule(int index) {
        long next = groups.get(index).nextNanos();
        if (next != NEVER) {
            due.add(new Due(next, index, Due.ARRIVAL, 0));
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
                due.add(new Due(next.atNanos(), next.group(), subscriber, 0));
            }
            demand.advance();
            schedule(next.group());
        }
        Wish wish = demand.wish();
        boolean keeps = demand.group().behaviour() instanceof Keeps;
        return new Flow(
                (offsets.get(next.group()) + subscriber) % sources,
                targets.get(wish.destination() % targets.size()),
                wish.lifetimeNanos(),
                wish.cause() == CloseCause.RESET ? CloseMode.RESET : CloseMode.CLIENT,
                keeps ? REQUEST_NANOS : 0,
                remember(new Kept(next.group(), subscriber, next.refusals())));
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
            due.add(new Due(nowNanos + group.retry().pauseNanos(refusals), kept.group(), kept.subscriber(), refusals));
        } else if (group.behaviour() instanceof Keeps keeps) {
            due.add(new Due(nowNanos + keeps.pause().toNanos(), kept.group(), kept.subscriber(), 0));
        }
    }
}
