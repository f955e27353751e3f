package dev.cgnat.core;

import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One pool as plain lists that are scanned: what {@link Nat} may and must answer, told by nothing but the rules.
 *
 * <p>What has come due stays in the lists until {@link #settle}, as {@code Nat} may free it later than at once. Methods
 * that take {@code eager} say which view they take: all that is due is free, or none of it.
 */
final class NatModel {
    static final IpAddress NO_ADDRESS = new IpAddress(0, 0);
    private static final long SET_ASIDE_NANOS = 60_000_000_000L;
    private static final long MILLISECOND = 1_000_000;

    /** A slot is what a flow occupies, a unit what a draw chooses from; both are named by their parts. */
    record Slot(IpAddress address, int port, IpAddress remote, int remotePort) {}

    record Held(Slot slot, Endpoint external, Subscriber subscriber, long deadline) {}

    record Aside(Slot slot, Endpoint external, boolean wholePair, long deadline) {}

    record Waiter(long ticket, FlowRequest request, IpAddress address, Refusal reason, long deadline) {}

    /** {@code lapse} counts while nothing uses the pairing. */
    record Paired(IpAddress address, int uses, long lapse) {}

    final PoolConfig config;
    final List<Binding> live = new ArrayList<>();
    final List<Held> held = new ArrayList<>();
    final List<Aside> asides = new ArrayList<>();
    final List<Waiter> waiting = new ArrayList<>();
    final Map<Subscriber, Paired> pairings = new HashMap<>();
    final List<IpAddress> addresses = new ArrayList<>();
    final BitSet ports = new BitSet();
    long now;

    NatModel(PoolConfig config) {
        this.config = config;
        for (AddressRange range : config.addresses()) {
            for (int i = 0; i < range.size(); i++) {
                addresses.add(range.first().plus(i));
            }
        }
        config.ports().forEach(range -> ports.set(range.first(), range.last() + 1));
        config.excludePorts().forEach(range -> ports.clear(range.first(), range.last() + 1));
    }

    /** Forgets what is due. */
    void settle() {
        held.removeIf(one -> one.deadline <= now);
        asides.removeIf(one -> one.deadline <= now);
    }

    Slot slot(Endpoint external, Endpoint destination) {
        IpAddress address = config.reuseScope() == ReuseScope.HOST ? NO_ADDRESS : external.address();
        return switch (config.reuseScope()) {
            case HOST, ADDRESS -> new Slot(address, external.port(), NO_ADDRESS, 0);
            case REMOTE_HOST -> new Slot(address, external.port(), destination.address(), 0);
            case FOUR_TUPLE -> new Slot(address, external.port(), destination.address(), destination.port());
        };
    }

    boolean isPaired() {
        return config.pooling() == Pooling.PAIRED;
    }

    boolean isPerAddress() {
        return isPaired() && config.reuseScope() != ReuseScope.HOST;
    }

    /** The unit that holds {@code slot}: the slot without its port, and without its address if any will do. */
    Slot unit(Slot slot) {
        return new Slot(isPerAddress() ? slot.address : NO_ADDRESS, 0, slot.remote, slot.remotePort);
    }

    Slot unit(Waiter waiter) {
        return unit(slot(new Endpoint(waiter.address, 0), waiter.request.destination()));
    }

    Optional<IpAddress> pairedAddress(Subscriber subscriber) {
        return Optional.ofNullable(pairings.get(subscriber))
                .filter(paired -> paired.uses > 0 || now < paired.lapse)
                .map(Paired::address);
    }

    boolean isLegal(Endpoint external, Endpoint destination, boolean eager) {
        if (!ports.get(external.port()) || !addresses.contains(external.address()) || external.equals(destination)) {
            return false;
        }
        Slot slot = slot(external, destination);
        for (Binding flow : live) {
            if (flow.external().port() == slot.port
                    && slot(flow.external(), flow.destination()).equals(slot)) {
                return false;
            }
        }
        for (Held one : held) {
            if (one.slot.equals(slot) && !(eager && one.deadline <= now)) {
                return false;
            }
        }
        for (Aside one : asides) {
            boolean isMet = one.slot.equals(slot) || (one.wholePair && isSamePair(one.external, external));
            if (isMet && !(eager && one.deadline <= now)) {
                return false;
            }
        }
        return true;
    }

    boolean hasLegal(IpAddress address, Endpoint destination, boolean eager) {
        for (int port = ports.nextSetBit(0); port >= 0; port = ports.nextSetBit(port + 1)) {
            if (isLegal(new Endpoint(address, port), destination, eager)) {
                return true;
            }
        }
        return false;
    }

    /** What a refusal at this moment must say; empty if the flow must be granted. */
    Optional<Refused> whyFull(Subscriber subscriber, Endpoint destination) {
        Optional<IpAddress> kept = isPaired() ? pairedAddress(subscriber) : Optional.empty();
        List<IpAddress> allowed = kept.isPresent() && isPerAddress() ? List.of(kept.get()) : addresses;
        if (allowed.stream().anyMatch(address -> hasLegal(address, destination, true))) {
            return Optional.empty();
        }
        if (isPerAddress() && addresses.stream().anyMatch(address -> hasLegal(address, destination, true))) {
            return Optional.of(new Refused(Refusal.PAIRED_ADDRESS_FULL, Refused.NEVER));
        }
        long earliest = allowed.stream()
                .mapToLong(address -> earliestRest(address, destination))
                .min()
                .orElseThrow();
        return Optional.of(new Refused(earliest == Refused.NEVER ? Refusal.EXHAUSTED : Refusal.HELD, earliest));
    }

    /** When the first slot that rests in the unit of that address and destination is free. */
    long earliestRest(IpAddress address, Endpoint destination) {
        Slot unit = unit(slot(new Endpoint(address, 0), destination));
        return held.stream()
                .filter(one -> one.deadline > now && unit(one.slot).equals(unit))
                .mapToLong(Held::deadline)
                .min()
                .orElse(Refused.NEVER);
    }

    /** Subscribers that keep {@code address}. */
    long load(IpAddress address) {
        return pairings.keySet().stream()
                .filter(subscriber -> pairedAddress(subscriber).equals(Optional.of(address)))
                .count();
    }

    int liveOf(Subscriber subscriber) {
        return (int) live.stream()
                .filter(flow -> flow.subscriber().equals(subscriber))
                .count();
    }

    int heldOf(Subscriber subscriber) {
        return (int) held.stream()
                .filter(one -> one.subscriber.equals(subscriber) && one.deadline > now)
                .count();
    }

    /** The limit that keeps a subscriber from one more flow, over all pools. */
    static Optional<Refusal> limitReached(List<NatModel> pools, LimitConfig limits, Subscriber subscriber) {
        int live = pools.stream().mapToInt(pool -> pool.liveOf(subscriber)).sum();
        int held = pools.stream().mapToInt(pool -> pool.heldOf(subscriber)).sum();
        if (live >= limits.sessionsPerSubscriber()) {
            return Optional.of(Refusal.SESSION_LIMIT);
        }
        return live + held >= limits.portsPerSubscriber() ? Optional.of(Refusal.PORT_LIMIT) : Optional.empty();
    }

    /** Books a grant; returns what is wrong with it, empty if nothing. {@code ticket} of a waiter, else MAX_VALUE. */
    String grant(Binding binding, long ticket) {
        Endpoint external = binding.external();
        String wrong = "";
        if (!isLegal(external, binding.destination(), true)) {
            wrong = "an illegal slot";
        }
        Optional<IpAddress> kept = isPaired() ? pairedAddress(binding.subscriber()) : Optional.empty();
        if (kept.isPresent()
                && !kept.get().equals(external.address())
                && (isPerAddress() || !binding.destination().equals(new Endpoint(kept.get(), external.port())))) {
            wrong = "not the paired address " + kept.get();
        }
        if (isPaired() && kept.isEmpty()) {
            long load = load(external.address());
            if (addresses.stream()
                    .filter(other -> load(other) < load)
                    .anyMatch(other -> isPerAddress() // in scope host the port comes first
                            ? hasLegal(other, binding.destination(), false)
                            : isLegal(new Endpoint(other, external.port()), binding.destination(), false))) {
                wrong = wrong + "not the address with the fewest subscribers";
            }
        }
        Slot slot = slot(external, binding.destination());
        if (waiting.stream().anyMatch(waiter -> waiter.ticket < ticket && couldHaveTaken(waiter, slot))) {
            wrong = "somebody was overtaken";
        }
        held.removeIf(one -> one.slot.equals(slot));
        asides.removeIf(one -> one.deadline <= now && one.slot.equals(slot));
        live.add(binding);
        if (isPaired()) {
            retain(binding.subscriber(), external.address());
        }
        return wrong;
    }

    private boolean couldHaveTaken(Waiter waiter, Slot slot) {
        Endpoint destination = waiter.request.destination();
        return allowed(waiter).stream()
                .map(address -> new Endpoint(address, slot.port))
                .anyMatch(external -> slot(external, destination).equals(slot) && !external.equals(destination));
    }

    /** The addresses from which a waiting flow may leave. */
    List<IpAddress> allowed(Waiter waiter) {
        return isPerAddress() ? List.of(waiter.address) : addresses;
    }

    /** Books the end of a flow; returns when its slot is free. */
    long close(Binding binding, CloseCause cause) {
        remove(binding);
        long delay = cause.holdDown(config.holdDown()).toNanos();
        if (delay == 0) {
            return now;
        }
        long deadline = (now + delay + MILLISECOND - 1) / MILLISECOND * MILLISECOND;
        held.add(new Held(
                slot(binding.external(), binding.destination()), binding.external(), binding.subscriber(), deadline));
        return deadline;
    }

    void setAside(Binding binding, boolean wholePair) {
        remove(binding);
        Slot slot = slot(binding.external(), binding.destination());
        Optional<Aside> known = asides.stream()
                .filter(one -> wholePair
                        && one.wholePair
                        && one.deadline > now
                        && isSamePair(one.external, binding.external()))
                .findFirst();
        long deadline = known.map(Aside::deadline).orElse(now + SET_ASIDE_NANOS);
        asides.add(new Aside(slot, binding.external(), wholePair, deadline));
    }

    private boolean isSamePair(Endpoint one, Endpoint other) {
        return config.reuseScope() == ReuseScope.HOST ? one.port() == other.port() : one.equals(other);
    }

    private void remove(Binding binding) {
        live.remove(binding);
        if (isPaired()) {
            unretain(binding.subscriber());
        }
    }

    void queue(Queued queued, FlowRequest request, IpAddress address) {
        waiting.add(new Waiter(queued.ticket(), request, address, queued.reason(), queued.deadlineNanos()));
        if (isPerAddress()) {
            retain(request.subscriber(), address);
        }
    }

    void dequeue(Waiter waiter) {
        waiting.remove(waiter);
        if (isPerAddress()) {
            unretain(waiter.request.subscriber());
        }
    }

    private void retain(Subscriber subscriber, IpAddress address) {
        if (pairedAddress(subscriber).isEmpty()) {
            pairings.remove(subscriber);
        }
        pairings.merge(subscriber, new Paired(address, 1, 0), (old, one) -> new Paired(old.address, old.uses + 1, 0));
    }

    private void unretain(Subscriber subscriber) {
        Paired paired = Objects.requireNonNull(pairings.get(subscriber));
        pairings.put(
                subscriber,
                new Paired(
                        paired.address,
                        paired.uses - 1,
                        now + config.pairedIdle().toNanos()));
    }

    /** What differs between {@code snapshot} and the lists, after {@link #settle}; empty if nothing. */
    String difference(PoolSnapshot snapshot) {
        int counted = config.reuseScope() == ReuseScope.HOST ? 1 : addresses.size();
        int configured = config.ports().stream().mapToInt(PortRange::size).sum();
        Predicate<Endpoint> lives = pair -> live.stream().anyMatch(flow -> isSamePair(flow.external(), pair));
        Predicate<Endpoint> rests = pair -> held.stream().anyMatch(one -> isSamePair(one.external, pair));
        Predicate<Endpoint> isAside = pair -> asides.stream().anyMatch(one -> isSamePair(one.external, pair));
        int inUse = 0;
        int resting = 0;
        int reserved = counted * (configured - ports.cardinality());
        for (IpAddress address : addresses.subList(0, counted)) {
            for (int port : ports.stream().toArray()) {
                Endpoint pair = new Endpoint(address, port);
                if (lives.test(pair)) {
                    inUse++;
                } else if (rests.test(pair)) {
                    resting++;
                } else if (isAside.test(pair)) {
                    reserved++;
                }
            }
        }
        Map<Slot, Integer> occupied = new HashMap<>();
        live.forEach(flow -> occupied.merge(unit(slot(flow.external(), flow.destination())), 1, Integer::sum));
        held.forEach(one -> occupied.merge(unit(one.slot), 1, Integer::sum));
        double fullest = occupied.values().stream().mapToInt(i -> i).max().orElse(0);
        double slots = isPerAddress() ? ports.cardinality() : ports.cardinality() * counted;
        // what is set aside is reserved in a unit only once a draw has met it there, so units are not counted exactly
        waiting.forEach(waiter -> occupied.putIfAbsent(unit(waiter), 0));
        String mine = List.of(
                        counted * configured,
                        inUse,
                        resting,
                        reserved,
                        live.size(),
                        held.size(),
                        waiting.size(),
                        fullest / slots)
                .toString();
        String theirs = List.of(
                        snapshot.capacity(),
                        snapshot.inUse(),
                        snapshot.held(),
                        snapshot.reserved(),
                        snapshot.sessions(),
                        snapshot.heldSlots(),
                        snapshot.waiting(),
                        snapshot.maxDestinationUtilization())
                .toString();
        if (asides.isEmpty() && occupied.size() != snapshot.units()) {
            return "units " + occupied.size() + " but " + snapshot.units();
        }
        return mine.equals(theirs) ? "" : mine + " but " + theirs;
    }
}
