package dev.cgnat.proxy.egress;

import dev.cgnat.core.AddressState;
import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.DryRun;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Nat;
import dev.cgnat.core.NatCall;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatViews;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.LimitConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Nat} that is called at the time of a clock. Each call that may change it is told, when it has returned, to whoever
 * wants to repeat them.
 *
 * <p><b>Ownership</b>: one thread at a time. <b>Costs</b>: those of {@link Nat}; an object for each call if somebody is told.
 */
final class TimedNat {
    private final Nat nat;
    private final GateClock clock;
    private final @Nullable Consumer<NatCall> tape;

    /** @param tape told of the calls; absent if nobody wants to know */
    TimedNat(Nat nat, GateClock clock, Optional<Consumer<NatCall>> tape) {
        this.nat = nat;
        this.clock = clock;
        this.tape = tape.orElse(null);
    }

    Outcome open(FlowRequest request) {
        long now = clock.nowNanos();
        Outcome outcome = nat.open(request, now);
        if (tape != null) {
            tape.accept(new NatCall.Open(request, now));
        }
        return outcome;
    }

    boolean cancel(Outcome.Queued queued) {
        long now = clock.nowNanos();
        boolean wasWaiting = nat.cancel(queued, now);
        if (tape != null) {
            tape.accept(new NatCall.Cancel(queued, now));
        }
        return wasWaiting;
    }

    void close(Binding binding, CloseCause cause) {
        long now = clock.nowNanos();
        nat.close(binding, cause, now);
        if (tape != null) {
            tape.accept(new NatCall.Close(binding.id(), cause, now));
        }
    }

    void setAsidePair(Binding binding) {
        long now = clock.nowNanos();
        nat.setAsidePair(binding, now);
        if (tape != null) {
            tape.accept(new NatCall.SetAsidePair(binding.id(), now));
        }
    }

    void setAsideSlot(Binding binding) {
        long now = clock.nowNanos();
        nat.setAsideSlot(binding, now);
        if (tape != null) {
            tape.accept(new NatCall.SetAsideSlot(binding.id(), now));
        }
    }

    void setAddressState(String pool, IpAddress address, AddressState state) {
        long now = clock.nowNanos();
        nat.setAddressState(pool, address, state, now);
        if (tape != null) {
            tape.accept(new NatCall.SetAddressState(pool, address, state, now));
        }
    }

    void addAddresses(String pool, List<AddressRange> addresses) {
        long now = clock.nowNanos();
        nat.addAddresses(pool, addresses, now);
        if (tape != null) {
            tape.accept(new NatCall.AddAddresses(pool, addresses, now));
        }
    }

    void setLimits(LimitConfig limits) {
        long now = clock.nowNanos();
        nat.setLimits(limits, now);
        if (tape != null) {
            tape.accept(new NatCall.SetLimits(limits, now));
        }
    }

    boolean reserve(String pool, Endpoint external) {
        long now = clock.nowNanos();
        boolean isReserved = nat.reserve(pool, Protocol.TCP, external, now);
        if (tape != null) {
            tape.accept(new NatCall.Reserve(pool, Protocol.TCP, external, now));
        }
        return isReserved;
    }

    int expire(int limit) {
        long now = clock.nowNanos();
        int count = nat.expire(now, limit);
        if (tape != null) {
            tape.accept(new NatCall.Expire(limit, now));
        }
        return count;
    }

    DryRun explain(FlowRequest request) {
        return nat.explain(request, clock.nowNanos());
    }

    Optional<String> growthObstacle(String pool) {
        return nat.growthObstacle(pool);
    }

    NatViews views() {
        return nat.views();
    }

    NatSnapshot snapshot() {
        return nat.snapshot();
    }

    long nextDeadlineNanos() {
        return nat.nextDeadlineNanos();
    }
}
