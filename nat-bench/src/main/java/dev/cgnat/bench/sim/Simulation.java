package dev.cgnat.bench.sim;

import dev.cgnat.bench.report.RunReport.Behaviour;
import dev.cgnat.bench.workload.Behaviour.Keeps;
import dev.cgnat.bench.workload.Group;
import dev.cgnat.bench.workload.GroupDemand;
import dev.cgnat.bench.workload.Retry;
import dev.cgnat.bench.workload.Wish;
import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A workload through NATs in virtual time. The same plan gives the same result.
 *
 * <p><b>Ownership</b>: one thread, but for {@link #stop}. <b>Costs</b>: see {@link VirtualNat}; 16 bytes for each subscriber,
 * 36 for each destination, about 100 for each sample.
 */
public final class Simulation {
    /** Most groups of a workload. */
    public static final int MOST_GROUPS = 64;

    private final SimulationPlan plan;
    private final List<GroupDemand> demands;
    private final Crowd[] crowds;
    private final VirtualNat nat;
    private final Clients clients;
    private final Places places;
    private final Census census;
    private final SubscriberTally tally = new SubscriberTally();
    private long ends;
    private volatile boolean isStopped;

    /** One group while it runs. */
    private record Crowd(Group group, PoolConfig pool, int firstSubscriber) {}

    /** A connection that its subscriber keeps is to be opened anew. */
    private static final Object REOPEN = new Object();

    /**
     * A run that has not begun.
     *
     * @throws IllegalArgumentException if the workload is too large, or the NATs side by side need more addresses than follow
     */
    public Simulation(SimulationPlan plan) {
        this(plan, event -> {});
    }

    /** @param log told of every event of the NATs side by side, as it happens */
    public Simulation(SimulationPlan plan, Consumer<NatEvent> log) {
        this.plan = plan;
        List<Group> groups = plan.workload().groups();
        if (groups.size() > MOST_GROUPS) {
            throw new IllegalArgumentException("groups: " + groups.size() + " (expected: at most " + MOST_GROUPS + ")");
        }
        if (plan.workload().subscribers() > Group.MOST_SUBSCRIBERS) {
            throw new IllegalArgumentException("subscribers: " + plan.workload().subscribers()
                    + " in all (expected: at most " + Group.MOST_SUBSCRIBERS + ")");
        }
        List<NatConfig> configs = SideBySide.of(plan.nat(), plan.nats());
        demands = GroupDemand.of(plan.workload(), plan.seed());
        crowds = new Crowd[groups.size()];
        int subscriber = 0;
        for (int i = 0; i < crowds.length; i++) {
            crowds[i] = new Crowd(groups.get(i), plan.poolOf(groups.get(i)), subscriber);
            subscriber += groups.get(i).subscribers();
        }
        nat = new VirtualNat(configs, plan.outer(), plan.seed(), new Fates(), log);
        clients = new Clients(subscriber, plan.nats());
        places = new Places(groups, groups.stream().map(plan::poolOf).toList(), configs);
        census = new Census(protocols(groups));
    }

    /** Protocols of the workload. */
    static Set<Protocol> protocols(List<Group> groups) {
        Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
        groups.forEach(group -> protocols.addAll(group.protocols().weights().keySet()));
        return protocols;
    }

    /** Asks {@link #run} to return soon, with what there is so far. Any thread may call it. */
    public void stop() {
        isStopped = true;
    }

    /** Flows that began or ended so far. */
    public long events() {
        return census.totals().offered() + ends;
    }

    /**
     * Runs to the end, or until {@link #stop}.
     *
     * @param progress told of the time in nanoseconds at every sample
     */
    public SimulationResult run(LongConsumer progress) {
        startKept();
        long until = plan.until().toNanos();
        long distance = plan.sample().toNanos();
        long nextSample = distance;
        int next = earliest();
        while (!isStopped) {
            long arrival = demands.get(next).nextNanos();
            if (arrival > nextSample || arrival > until) {
                if (nextSample > until) {
                    nat.runTo(until);
                    break;
                }
                nat.runTo(nextSample);
                nat.settle();
                census.sample(nat);
                progress.accept(nextSample);
                nextSample += distance;
            } else {
                nat.runTo(arrival);
                arrive(next);
                demands.get(next).advance();
                next = earliest();
            }
        }
        return result();
    }

    /** The group whose next arrival comes first. */
    private int earliest() {
        int earliest = 0;
        for (int i = 1; i < crowds.length; i++) {
            if (demands.get(i).nextNanos() < demands.get(earliest).nextNanos()) {
                earliest = i;
            }
        }
        return earliest;
    }

    private void arrive(int group) {
        GroupDemand demand = demands.get(group);
        int subscriber = crowds[group].firstSubscriber + demand.subscriber();
        for (int i = 0; i < demand.burst(); i++) {
            want(group, subscriber);
        }
    }

    /** The first connections of those who keep some. */
    private void startKept() {
        for (int group = 0; group < crowds.length; group++) {
            if (crowds[group].group.behaviour() instanceof Keeps keeps) {
                long all = (long) crowds[group].group.subscribers() * keeps.connections();
                double gap = keeps.startWithin().toNanos() / (double) all;
                for (long i = 0; i < all; i++) {
                    int subscriber = crowds[group].firstSubscriber + (int) (i % crowds[group].group.subscribers());
                    nat.at((long) (i * gap), Tag.of(group, subscriber, 0, 0), REOPEN);
                }
            }
        }
    }

    private void want(int group, int subscriber) {
        Wish wish = demands.get(group).wish();
        if (wish.bypasses()) {
            census.bypassed();
            keepOn(group, subscriber, wish.lifetimeNanos());
            return;
        }
        tally.wanted(subscriber);
        Crowd crowd = crowds[group];
        Subscriber asking = clients.subscriber(subscriber, crowd.pool);
        Endpoint internal = crowd.group.sourcePort() == Group.SourcePort.EACH
                ? clients.nextEndpoint(subscriber)
                : clients.endpoint(subscriber);
        FlowRequest request = new FlowRequest(
                crowd.pool.name(),
                asking,
                wish.protocol(),
                internal,
                places.endpoint(group, wish.destination(), wish.protocol()),
                Optional.empty(),
                ClientClass.SCALABLE);
        long tag = Tag.of(group, subscriber, places.destination(group, wish.destination()), 0);
        nat.open(subscriber % plan.nats(), request, wish.lifetimeNanos(), wish.cause(), tag);
    }

    /** Who keeps connections opens another one, the pause after {@code fromNowNanos}. */
    private void keepOn(int group, int subscriber, long fromNowNanos) {
        if (crowds[group].group.behaviour() instanceof Keeps keeps) {
            long pause = keeps.pause().toNanos();
            long in = fromNowNanos > Long.MAX_VALUE / 4 ? fromNowNanos / 2 : fromNowNanos + pause;
            nat.at(nat.nowNanos() + in, Tag.of(group, subscriber, 0, 0), REOPEN);
        }
    }

    private SimulationResult result() {
        List<Behaviour> behaviours = new ArrayList<>();
        for (Crowd crowd : crowds) {
            behaviours.add(tally.behaviour(
                    crowd.group.name(), crowd.firstSubscriber, crowd.firstSubscriber + crowd.group.subscribers()));
        }
        return new SimulationResult(
                plan,
                isStopped,
                nat.nowNanos(),
                events(),
                census.totals(),
                census.samples(),
                tally.subscribers(),
                behaviours,
                places.addresses(),
                places.destinations(),
                census.waits());
    }

    /** What becomes of flows. */
    private final class Fates implements VirtualNat.Listener {
        @Override
        public void granted(Binding binding, long tag, long waitedNanos) {
            census.granted(nat, waitedNanos);
            int subscriber = Tag.subscriber(tag);
            tally.granted(subscriber, binding.subscriberPorts());
            places.granted(
                    subscriber % plan.nats(), Tag.group(tag), binding.externalAddressIndex(), Tag.destination(tag));
        }

        @Override
        public void refused(VirtualNat.Flow flow, Refused refused, boolean byOuter) {
            long tag = flow.tag();
            int subscriber = Tag.subscriber(tag);
            census.refused(refused.reason(), byOuter, nat.nowNanos());
            tally.refused(subscriber);
            Crowd crowd = crowds[Tag.group(tag)];
            places.refused(
                    crowd.pool.pooling().behaviour() == Pooling.PAIRED
                            ? nat.pairedAddress(
                                    flow.nat(),
                                    crowd.pool.name(),
                                    flow.request().subscriber())
                            : Optional.empty(),
                    Tag.destination(tag));
            Retry retry = crowd.group.retry();
            int refusals = Tag.refusals(tag) + 1;
            if (refusals <= retry.times()) {
                nat.at(nat.nowNanos() + retry.pauseNanos(refusals), tag, flow);
            } else {
                keepOn(Tag.group(tag), subscriber, 0);
            }
        }

        @Override
        public void ended(Binding binding, CloseCause cause, long tag) {
            ends++;
            census.ended(nat);
            int subscriber = Tag.subscriber(tag);
            places.ended(
                    subscriber % plan.nats(), Tag.group(tag), binding.externalAddressIndex(), Tag.destination(tag));
            keepOn(Tag.group(tag), subscriber, 0);
        }

        @Override
        public void timer(long tag, @Nullable Object what) {
            if (what instanceof VirtualNat.Flow flow) {
                census.retried();
                nat.open(
                        flow.nat(),
                        flow.request(),
                        flow.lifetimeNanos(),
                        flow.cause(),
                        Tag.of(Tag.group(tag), Tag.subscriber(tag), Tag.destination(tag), Tag.refusals(tag) + 1));
            } else {
                want(Tag.group(tag), Tag.subscriber(tag));
            }
        }
    }

    /** What a flow's tag tells: 20 bits of the destination, 24 of the subscriber, 6 of the group, 4 of the refusals. */
    private static final class Tag {
        private static final int SUBSCRIBER = 20;
        private static final int GROUP = SUBSCRIBER + 24;
        private static final int REFUSALS = GROUP + 6;

        private Tag() {}

        static long of(int group, int subscriber, int destination, int refusals) {
            return destination
                    | ((long) subscriber << SUBSCRIBER)
                    | ((long) group << GROUP)
                    | ((long) refusals << REFUSALS);
        }

        static int destination(long tag) {
            return (int) tag & ((1 << SUBSCRIBER) - 1);
        }

        static int subscriber(long tag) {
            return (int) (tag >>> SUBSCRIBER) & ((1 << (GROUP - SUBSCRIBER)) - 1);
        }

        static int group(long tag) {
            return (int) (tag >>> GROUP) & ((1 << (REFUSALS - GROUP)) - 1);
        }

        static int refusals(long tag) {
            return (int) (tag >>> REFUSALS);
        }
    }
}
