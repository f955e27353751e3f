package dev.cgnat.bench.sim;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Nat;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.NatConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A NAT behind others, to which each of their external addresses is one subscriber. <b>Ownership</b>: one thread. */
final class OuterNat {
    private final Nat nat;
    private final String pool;
    /** By the NAT before, then by the name of its pool and the number of its external address. */
    private final List<Map<String, Subscriber[]>> subscribers = new ArrayList<>();

    OuterNat(NatConfig config, RandomGenerator random, int nats, Consumer<NatEvent> listener) {
        nat = new Nat(config, random, listener);
        pool = config.pools().get(0).name();
        for (int i = 0; i < nats; i++) {
            subscribers.add(new HashMap<>());
        }
    }

    /** Asks for an external endpoint for what another NAT has granted. */
    Outcome open(int from, Binding inner, long nowNanos) {
        FlowRequest request = new FlowRequest(pool, subscriber(from, inner), inner.external(), inner.destination());
        return nat.open(request.withProtocol(inner.protocol()), nowNanos);
    }

    void close(Binding binding, CloseCause cause, long nowNanos) {
        nat.close(binding, cause, nowNanos);
    }

    void expire(long nowNanos) {
        nat.expire(nowNanos, Integer.MAX_VALUE);
    }

    long nextDeadlineNanos() {
        return nat.nextDeadlineNanos();
    }

    private Subscriber subscriber(int from, Binding inner) {
        Subscriber[] known = subscribers.get(from).computeIfAbsent(inner.pool(), name -> new Subscriber[65_536]);
        int index = inner.externalAddressIndex();
        if (known[index] == null) {
            known[index] = new Subscriber(inner.external().address().toString());
        }
        return known[index];
    }
}
