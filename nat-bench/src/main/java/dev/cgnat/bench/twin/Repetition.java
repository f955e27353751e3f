package dev.cgnat.bench.twin;

import dev.cgnat.bench.report.TwinReport.Decisions;
import dev.cgnat.core.Binding;
import dev.cgnat.core.Nat;
import dev.cgnat.core.NatCall;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.random.KeyedRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A recorded run once more, in virtual time: a fresh NAT with the same seed is asked the same at the same times.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: those of {@link Nat}.
 */
public final class Repetition {
    private final Nat nat;
    private final Map<Long, Binding> live = new HashMap<>();
    private final List<Decision> decisions = new ArrayList<>();

    private Repetition(NatConfig config, long seed) {
        nat = new Nat(config, KeyedRandom.seeded(seed), this::onEvent);
    }

    /** Sees the NAT at rest. It may ask, and must not change anything. */
    public interface Observer {
        /**
         * The NAT as it stays until {@code untilNanos}, which is exclusive.
         *
         * @param untilNanos {@link Long#MAX_VALUE} after the last call
         */
        void stands(Nat nat, long untilNanos);
    }

    /** What a NAT of {@code config} decides when it is asked this. */
    public static List<Decision> of(NatConfig config, long seed, List<NatCall> calls, Observer observer) {
        Repetition repetition = new Repetition(config, seed);
        for (NatCall call : calls) {
            observer.stands(repetition.nat, call.atNanos());
            repetition.ask(call);
        }
        observer.stands(repetition.nat, Long.MAX_VALUE);
        return repetition.decisions;
    }

    /** Whether both logs are the same, and if not, where they part. */
    public static Decisions compared(List<Decision> recorded, List<Decision> repeated) {
        int most = Math.max(recorded.size(), repeated.size());
        for (int i = 0; i < most; i++) {
            String first = line(recorded, i);
            String second = line(repeated, i);
            if (!first.equals(second)) {
                return new Decisions(
                        recorded.size(),
                        Optional.of("decision " + (i + 1) + " was " + first + ", and repeated it is " + second));
            }
        }
        return new Decisions(recorded.size(), Optional.empty());
    }

    private static String line(List<Decision> log, int index) {
        return index < log.size() ? log.get(index).toString() : "none";
    }

    private void onEvent(NatEvent event) {
        decisions.add(Decision.of(event));
        if (event instanceof NatEvent.Opened opened) {
            live.put(opened.binding().id(), opened.binding());
        }
    }

    private void ask(NatCall call) {
        long at = call.atNanos();
        if (call instanceof NatCall.Open open) {
            nat.open(open.request(), at);
        } else if (call instanceof NatCall.Close close) {
            end(call, close.binding()).ifPresent(binding -> nat.close(binding, close.cause(), at));
        } else if (call instanceof NatCall.SetAsidePair aside) {
            end(call, aside.binding()).ifPresent(binding -> nat.setAsidePair(binding, at));
        } else if (call instanceof NatCall.SetAsideSlot aside) {
            end(call, aside.binding()).ifPresent(binding -> nat.setAsideSlot(binding, at));
        } else if (call instanceof NatCall.Expire expire) {
            nat.expire(at, expire.limit());
        } else if (call instanceof NatCall.Cancel cancel) {
            nat.cancel(cancel.queued(), at);
        } else if (call instanceof NatCall.Reserve reserve) {
            nat.reserve(reserve.pool(), reserve.protocol(), reserve.external(), at);
        } else if (call instanceof NatCall.SetAddressState state) {
            nat.setAddressState(state.pool(), state.address(), state.state(), at);
        } else if (call instanceof NatCall.AddAddresses add) {
            nat.addAddresses(add.pool(), add.addresses(), at);
        } else if (call instanceof NatCall.SetLimits set) {
            nat.setLimits(set.limits(), at);
        }
    }

    /** The flow that ends; where the runs have parted there may be none, which is a difference too. */
    private Optional<Binding> end(NatCall call, long binding) {
        Optional<Binding> found = Optional.ofNullable(live.remove(binding));
        if (found.isEmpty()) {
            decisions.add(new Decision(call.atNanos(), "no flow " + binding + " to end"));
        }
        return found;
    }
}
