package dev.cgnat.bench.sim;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Nat;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.random.KeyedRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One or several NATs side by side on a virtual clock, and if wished another NAT behind them all, whose subscribers their
 * external addresses are. Flows are opened with the time that they will live, and end by themselves.
 *
 * <pre>
 *   runTo(t) ── what is due by t: ends of flows, rests, waiting flows, timers
 *   open(…)  ── now: granted ──► ends after its lifetime
 *               ├─ refused
 *               └─ waits: granted or refused later, in some runTo
 * </pre>
 *
 * <p>Time is in nanoseconds since the beginning and never goes backwards. What is due at a moment has happened before a flow is
 * opened at that moment.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: those of {@link Nat}, and O(1) for the end of a flow; 24 bytes for each live
 * flow beside its {@link Binding}.
 */
public final class VirtualNat {
    /** Most NATs side by side. */
    public static final int MOST_NATS = 64;

    /** Bits of a tag: it is 0 to 2^54 - 1. */
    public static final int TAG_BITS = 54;

    /** In place of a lifetime: the flow lives until {@link #close}. */
    public static final long UNTIL_CLOSED = -1;

    private static final long TAG = (1L << TAG_BITS) - 1;
    private static final int KIND_SHIFT = TAG_BITS + 6;
    private static final CloseCause[] CAUSES = CloseCause.values();
    /** In place of a close cause: the event is a timer. */
    private static final int TIMER = CAUSES.length;
    /** Far beyond any run, and far from overflow. */
    private static final long LONGEST_NANOS = 1L << 60;

    private static final long TICK_NANOS = 1_000_000;

    private final Nat[] nats;
    /** By NAT, when something can be due again. */
    private final long[] lookAgain;
    /** Mappings may lapse at any nanosecond. */
    private final boolean isLookedAtAlways;

    private final @Nullable OuterNat outer;
    private final Listener listener;
    private final EventQueue events = new EventQueue();
    private final Waits waits = new Waits();
    private final ReadAhead readAhead = new ReadAhead();
    private long now;
    private int sessions;

    /** Told of what becomes of flows, inside the call that caused it. It may open flows and set timers. */
    public interface Listener {
        /**
         * A flow has its external endpoint, and ends after its lifetime.
         *
         * @param binding of the NAT that it was opened at
         * @param waitedNanos since it was opened
         */
        void granted(Binding binding, long tag, long waitedNanos);

        /** A flow has none. With {@code byOuter} the NAT behind refused it, and the one before took its endpoint back. */
        void refused(Flow flow, Refused refused, boolean byOuter);

        /** A flow is over. */
        void ended(Binding binding, CloseCause cause, long tag);

        /** It is the time that was given to {@link VirtualNat#at}. */
        void timer(long tag, @Nullable Object what);
    }

    /**
     * NATs without flows.
     *
     * @param configs of the NATs side by side, at least one
     * @param outer of the one behind them; its first pool serves
     * @param seed of all that they draw
     * @param log told of every event of the NATs side by side
     */
    public VirtualNat(
            List<NatConfig> configs, Optional<NatConfig> outer, long seed, Listener listener, Consumer<NatEvent> log) {
        if (configs.isEmpty() || configs.size() > MOST_NATS) {
            throw new IllegalArgumentException("nats: " + configs.size() + " (expected: 1 to " + MOST_NATS + ")");
        }
        this.listener = listener;
        KeyedRandom seeds = KeyedRandom.seeded(seed);
        nats = new Nat[configs.size()];
        lookAgain = new long[nats.length];
        isLookedAtAlways = configs.stream()
                .flatMap(config -> config.pools().stream())
                .anyMatch(pool -> pool.mapping().behaviour() != Mapping.ADDRESS_AND_PORT_DEPENDENT);
        for (int i = 0; i < nats.length; i++) {
            int index = i;
            nats[i] = new Nat(configs.get(i), KeyedRandom.from(seeds), event -> {
                log.accept(event);
                waits.heard(index, event);
            });
        }
        this.outer = outer.map(config -> new OuterNat(
                        config, KeyedRandom.from(seeds), nats.length, event -> waits.heard(nats.length, event)))
                .orElse(null);
    }

    /** One NAT. */
    public VirtualNat(NatConfig config, long seed, Listener listener) {
        this(List.of(config), Optional.empty(), seed, listener, event -> {});
    }

    /** Nanoseconds since the beginning. */
    public long nowNanos() {
        return now;
    }

    /**
     * Opens a flow now.
     *
     * @param nat which of the NATs side by side
     * @param lifetimeNanos from its grant to its end, 0 or more, or {@link #UNTIL_CLOSED}
     * @param cause what will end it
     * @param tag given back with whatever is told of it, 0 to 2^54 - 1
     */
    public void open(int nat, FlowRequest request, long lifetimeNanos, CloseCause cause, long tag) {
        expireDueBefore(nat);
        Outcome outcome = nats[nat].open(request, now);
        long bounded = Math.min(lifetimeNanos, LONGEST_NANOS);
        if (outer == null && outcome instanceof Granted granted) { // without an object for what is over
            begin(nat, bounded, cause, tag, now, granted.binding(), granted.binding());
        } else {
            innerDecided(new Flow(nat, request, bounded, cause, tag, now), outcome);
        }
        endWaits();
    }

    /**
     * Ends a flow that was opened {@link #UNTIL_CLOSED}, now.
     *
     * @throws IllegalStateException if a NAT stands behind, which has a binding of its own
     */
    public void close(int nat, Binding binding, CloseCause cause, long tag) {
        if (outer != null) {
            throw new IllegalStateException("close: with a NAT behind (expected: without one)");
        }
        end(nat, binding, cause, tag);
    }

    /**
     * Sets a timer.
     *
     * @param atNanos not before now
     */
    public void at(long atNanos, long tag, @Nullable Object what) {
        events.add(atNanos, tag | ((long) TIMER << KIND_SHIFT), what);
    }

    /** Lets everything happen that is due by then, in the order of time. */
    public void runTo(long nanos) {
        if (nanos < now) {
            throw new IllegalArgumentException("nanos: " + nanos + " (expected: at least " + now + ")");
        }
        while (true) {
            long deadline = waits.isEmpty() ? Long.MAX_VALUE : nextDeadline();
            if (events.next(Math.min(nanos, deadline))) {
                now = events.nowNanos();
                readAhead.taken(events);
                happen(events.tag(), events.what());
            } else if (deadline <= nanos) {
                now = Math.max(now, deadline);
                expireAll();
            } else {
                break;
            }
        }
        now = nanos;
    }

    /** Live flows. */
    public int sessions() {
        return sessions;
    }

    /** (address, port) pairs of the NATs side by side on which a flow lives. */
    public int pairsInUse() {
        int sum = 0;
        for (Nat nat : nats) {
            sum += nat.pairsInUse();
        }
        return sum;
    }

    /** Pairs on which none lives and something rests; exact after {@link #settle}. */
    public int pairsHeld() {
        int sum = 0;
        for (Nat nat : nats) {
            sum += nat.pairsHeld();
        }
        return sum;
    }

    /** Frees what need not rest any more, which is otherwise done when somebody asks for a port. */
    public void settle() {
        expireAll();
    }

    /** The NATs side by side, now. */
    public List<NatSnapshot> snapshots() {
        List<NatSnapshot> snapshots = new ArrayList<>();
        for (Nat nat : nats) {
            expireDue(nat);
            snapshots.add(nat.snapshot());
        }
        endWaits();
        return snapshots;
    }

    /** The external address that a subscriber keeps at one of the NATs; see {@link Nat#pairedAddress}. */
    public Optional<IpAddress> pairedAddress(int nat, String pool, Subscriber subscriber) {
        return nats[nat].pairedAddress(pool, subscriber);
    }

    private void happen(long tagged, @Nullable Object what) {
        int kind = (int) (tagged >>> KIND_SHIFT);
        long tag = tagged & TAG;
        if (kind == TIMER) {
            listener.timer(tag, what);
            return;
        }
        int nat = (int) (tagged >>> TAG_BITS) & (MOST_NATS - 1);
        Binding binding;
        if (what instanceof Both both && outer != null) {
            outer.close(both.outer(), CAUSES[kind], now);
            binding = both.inner();
        } else {
            binding = (Binding) Objects.requireNonNull(what);
        }
        end(nat, binding, CAUSES[kind], tag);
    }

    private void end(int nat, Binding binding, CloseCause cause, long tag) {
        nats[nat].close(binding, cause, now);
        sessions--;
        listener.ended(binding, cause, tag);
        endWaits();
    }

    private void innerDecided(Flow flow, Outcome outcome) {
        if (outcome instanceof Granted granted) {
            if (outer == null) {
                begin(flow, granted.binding(), granted.binding());
            } else {
                outerDecided(flow, granted.binding(), outer.open(flow.nat(), granted.binding(), now));
            }
        } else if (outcome instanceof Refused refused) {
            listener.refused(flow, refused, false);
        } else {
            waits.add(flow.nat(), ((Queued) outcome).ticket(), flow, null);
        }
    }

    private void outerDecided(Flow flow, Binding inner, Outcome outcome) {
        if (outcome instanceof Granted granted) {
            begin(flow, inner, new Both(inner, granted.binding()));
        } else if (outcome instanceof Refused refused) {
            nats[flow.nat()].close(inner, CloseCause.CONNECT_FAILED, now);
            listener.refused(flow, refused, true);
        } else {
            waits.add(nats.length, ((Queued) outcome).ticket(), flow, inner);
        }
    }

    @SuppressWarnings("EnumOrdinal") // three bits of an event that lives no longer than the run
    private void begin(
            int nat, long lifetimeNanos, CloseCause cause, long tag, long openedNanos, Binding inner, Object held) {
        sessions++;
        if (lifetimeNanos != UNTIL_CLOSED) {
            long tagged = tag | ((long) nat << TAG_BITS) | ((long) cause.ordinal() << KIND_SHIFT);
            events.add(now + lifetimeNanos, tagged, held);
        }
        listener.granted(inner, tag, now - openedNanos);
    }

    private void begin(Flow flow, Binding inner, Object held) {
        begin(flow.nat(), flow.lifetimeNanos(), flow.cause(), flow.tag(), flow.openedNanos(), inner, held);
    }

    /** Tells of the flows whose wait the last calls have ended; each may end the wait of others. */
    private void endWaits() {
        for (Waits.Ended ended = waits.next(); ended != null; ended = waits.next()) {
            Binding inner = ended.inner();
            if (inner == null) {
                innerDecided(ended.flow(), ended.outcome());
            } else {
                outerDecided(ended.flow(), inner, ended.outcome());
            }
        }
    }

    private long nextDeadline() {
        long earliest = outer == null ? Long.MAX_VALUE : outer.nextDeadlineNanos();
        for (Nat nat : nats) {
            earliest = Math.min(earliest, nat.nextDeadlineNanos());
        }
        return earliest;
    }

    private void expireAll() {
        for (Nat nat : nats) {
            expireDue(nat);
        }
        if (outer != null) {
            outer.expire(now);
        }
        endWaits();
    }

    /** Rests end at whole milliseconds, so that one look is enough for all flows that are opened within one. */
    private void expireDueBefore(int nat) {
        if (isLookedAtAlways || now >= lookAgain[nat]) {
            lookAgain[nat] = now - now % TICK_NANOS + TICK_NANOS;
            expireDue(nats[nat]);
        }
    }

    private void expireDue(Nat nat) {
        if (nat.nextDeadlineNanos() <= now) {
            nat.expire(now, Integer.MAX_VALUE);
        }
    }

    /**
     * A flow until it is granted or refused.
     *
     * @param nat which of the NATs side by side
     * @param openedNanos when it was opened
     */
    public record Flow(
            int nat, FlowRequest request, long lifetimeNanos, CloseCause cause, long tag, long openedNanos) {}

    /** A live flow through two NATs. */
    private record Both(Binding inner, Binding outer) {}
}
