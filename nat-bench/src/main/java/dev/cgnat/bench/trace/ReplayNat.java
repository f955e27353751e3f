package dev.cgnat.bench.trace;

import dev.cgnat.bench.report.RunReport.Use;
import dev.cgnat.bench.sim.Census;
import dev.cgnat.bench.sim.SubscriberTally;
import dev.cgnat.bench.sim.UseTable;
import dev.cgnat.bench.sim.VirtualNat;
import dev.cgnat.bench.trace.TraceFlow.State;
import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.ClientClass;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the flows of a log begin and end in a NAT on the log's clock, and counts what becomes of them.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: memory for the flows that live, rest or wait, and for each subscriber and
 * destination.
 */
final class ReplayNat {
    private static final int MOST_ADDRESSES = 256;
    private static final int MOST_SAMPLES = 2000;
    private static final long FIRST_DISTANCE_NANOS = 1_000_000_000;

    private final ReplayPlan plan;
    /** The zero of the NAT's clock, on the log's. */
    private final long baseNanos;

    private final VirtualNat nat;
    private final Counts counts;
    private final Consumer<TraceFlow> over;
    /** Flows that wait for a port, by tag. */
    private final Map<Long, TraceFlow> waiting = new HashMap<>();

    private @Nullable TraceFlow opening;
    private long flows;
    private long distanceNanos = FIRST_DISTANCE_NANOS;
    private long nextSampleNanos = FIRST_DISTANCE_NANOS;

    /** What is counted. */
    private static final class Counts {
        private final Census census;
        private final SubscriberTally subscribers = new SubscriberTally();
        private final DestinationUse destinations = new DestinationUse();
        private final Map<IpAddress, Integer> addresses = new LinkedHashMap<>();
        private final UseTable addressUse = new UseTable();
        private final Demand demand;

        Counts(ReplayPlan plan) {
            census = new Census(plan.protocols());
            demand = new Demand(plan.pool());
            PoolConfig pool = plan.pool();
            if (pool.addressCount() <= MOST_ADDRESSES) {
                for (AddressRange range : pool.addresses()) {
                    range.addresses().forEach(address -> addresses.put(address, addresses.size()));
                }
            }
        }
    }

    /**
     * @param baseNanos when the first flow begins
     * @param over told of each flow whose port the NAT has back, or never gave
     */
    ReplayNat(ReplayPlan plan, long baseNanos, Consumer<TraceFlow> over) {
        this.plan = plan;
        this.baseNanos = baseNanos;
        this.over = over;
        counts = new Counts(plan);
        nat = new VirtualNat(plan.nat(), plan.seed(), new Fates());
    }

    /** The flow begins, after all that is due before; flows come by their beginnings. */
    void begin(TraceFlow flow) {
        runTo(flow.startNanos);
        long tag = flows++;
        if (flow.state != State.INBOUND) {
            open(flow, tag);
        }
        nat.at(Math.max(plan.natEnd(flow) - baseNanos, nat.nowNanos()), tag, flow);
    }

    /** Goes on to a moment of the log, with the samples until then. */
    void runTo(long logNanos) {
        long until = logNanos - baseNanos;
        while (nextSampleNanos <= until) {
            nat.runTo(nextSampleNanos);
            sample();
            if (counts.census.samples().size() >= MOST_SAMPLES) {
                counts.census.halve();
                distanceNanos *= 2;
            }
            nextSampleNanos += distanceNanos;
        }
        nat.runTo(until);
    }

    /** Takes a sample if there is none, so that even a short run shows something. */
    void finish() {
        if (counts.census.samples().isEmpty()) {
            sample();
        }
    }

    /** How far the NAT has come, on the clock of the log. */
    long clockNanos() {
        return baseNanos + nat.nowNanos();
    }

    /** The same since the first flow began. */
    long nowNanos() {
        return nat.nowNanos();
    }

    Census census() {
        return counts.census;
    }

    SubscriberTally subscribers() {
        return counts.subscribers;
    }

    DestinationUse destinations() {
        return counts.destinations;
    }

    Demand demand() {
        return counts.demand;
    }

    /** Port blocks, all that were lent so far. */
    long blocksLent() {
        return nat.snapshots().stream()
                .flatMap(snapshot -> snapshot.pools().stream())
                .mapToLong(pool -> pool.blocks().allocated())
                .sum();
    }

    /** By external address; none if there are more than 256. */
    List<Use> addresses() {
        List<String> names =
                counts.addresses.keySet().stream().map(IpAddress::toString).toList();
        return counts.addressUse.all(names.size(), names::get);
    }

    private void sample() {
        nat.settle();
        counts.census.sample(nat);
    }

    private void open(TraceFlow flow, long tag) {
        DestinationUse.Place place = counts.destinations.place(flow);
        flow.place = place;
        flow.unit = counts.demand.begin(flow.protocol, place, nat.nowNanos());
        counts.subscribers.wanted(flow.number);
        FlowRequest request = new FlowRequest(
                plan.pool().name(),
                flow.subscriber,
                flow.protocol,
                flow.internal,
                place.endpoint(),
                Optional.empty(),
                ClientClass.SCALABLE);
        opening = flow;
        nat.open(0, request, VirtualNat.UNTIL_CLOSED, flow.ending.cause(), tag);
        opening = null;
        if (flow.state == State.NEW) {
            flow.state = State.WAITING;
            waiting.put(tag, flow);
        }
    }

    private TraceFlow decided(long tag) {
        TraceFlow flow = opening;
        return flow != null && (waiting.isEmpty() || !waiting.containsKey(tag))
                ? flow
                : Objects.requireNonNull(waiting.remove(tag));
    }

    private void end(TraceFlow flow, long tag) {
        if (flow.state == State.OVER) {
            return;
        }
        long end = plan.natEnd(flow) - baseNanos;
        if (end > nat.nowNanos()) {
            nat.at(end, tag, flow); // the log told more of it
            return;
        }
        if (flow.state == State.WAITING) {
            return; // ends when it is granted or refused
        }
        flow.state = State.OVER;
        if (flow.binding != null) {
            nat.close(0, flow.binding, flow.ending.cause(), tag);
            Objects.requireNonNull(flow.place).end();
        }
        if (flow.unit != null) {
            counts.demand.end(flow.unit, flow.ending.cause(), nat.nowNanos());
        }
        over.accept(flow);
    }

    /** What becomes of flows. */
    private final class Fates implements VirtualNat.Listener {
        @Override
        public void granted(Binding binding, long tag, long waitedNanos) {
            TraceFlow flow = decided(tag);
            boolean hasWaited = flow.state == State.WAITING;
            flow.state = State.GRANTED;
            flow.binding = binding;
            counts.census.granted(nat, waitedNanos);
            counts.subscribers.granted(flow.number, binding.subscriberPorts());
            Objects.requireNonNull(flow.place).grant();
            if (!counts.addresses.isEmpty()) {
                counts.addressUse.granted(binding.externalAddressIndex());
            }
            if (hasWaited && plan.natEnd(flow) - baseNanos <= nat.nowNanos()) {
                nat.at(nat.nowNanos(), tag, flow); // it was over before it had a port
            }
        }

        @Override
        public void refused(VirtualNat.Flow request, Refused refused, boolean byOuter) {
            TraceFlow flow = decided(request.tag());
            boolean hasWaited = flow.state == State.WAITING;
            flow.state = State.REFUSED;
            counts.census.refused(refused.reason(), false, nat.nowNanos());
            counts.subscribers.refused(flow.number);
            Objects.requireNonNull(flow.place).refuse();
            if (plan.pool().pooling().behaviour() == Pooling.PAIRED) {
                nat.pairedAddress(0, plan.pool().name(), request.request().subscriber())
                        .map(counts.addresses::get)
                        .ifPresent(counts.addressUse::refused);
            }
            if (hasWaited && plan.natEnd(flow) - baseNanos <= nat.nowNanos()) {
                nat.at(nat.nowNanos(), request.tag(), flow);
            }
        }

        @Override
        public void ended(Binding binding, CloseCause cause, long tag) {
            counts.census.ended(nat);
            if (!counts.addresses.isEmpty()) {
                counts.addressUse.ended(binding.externalAddressIndex());
            }
        }

        @Override
        public void timer(long tag, @Nullable Object what) {
            end((TraceFlow) Objects.requireNonNull(what), tag);
        }
    }
}
