package dev.cgnat.proxy.egress;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Nat;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Queued;

/** {@link LincheckedFlows} without a gate: right for one thread, and wrong for two. */
public final class PlainFlows extends LincheckedFlows {
    private final Nat nat = new Nat(CONFIG, random(), event -> {});

    @Override
    public void timerRuns() {
        nat.expire(nowNanos(), Integer.MAX_VALUE);
    }

    @Override
    Outcome ask(FlowRequest request) {
        return nat.open(request, nowNanos());
    }

    @Override
    void end(Binding binding, CloseCause cause) {
        nat.close(binding, cause, nowNanos());
    }

    @Override
    boolean giveUp(Queued queued) {
        return nat.cancel(queued, nowNanos());
    }

    @Override
    NatSnapshot snapshot() {
        timerRuns();
        return nat.snapshot();
    }
}
