package dev.cgnat.core.model;

import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.LimitConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** What keeps a subscriber from one more flow, over all pools; flows and ports are counted per protocol. */
final class ModelLimits {
    private static final long SECOND = 1_000_000_000L;

    /** The limit that is reached, and before when asking again is in vain. */
    record Reached(Refusal reason, long notBefore) {}

    private final List<ModelPool> pools;
    private final LimitConfig limits;
    /** Theoretical arrival time of the next flow, were they evenly spaced. */
    private final Map<Subscriber, Long> arrivals = new HashMap<>();

    ModelLimits(List<ModelPool> pools, LimitConfig limits) {
        this.pools = pools;
        this.limits = limits;
    }

    /** The first limit that is reached at {@code now}, empty if none is. */
    Optional<Reached> reached(ModelPool pool, FlowRequest request, long now) {
        if (limits.sessionsPerSubscriber() != LimitConfig.NONE
                && sum(one -> one.liveOf(request.subscriber(), request.protocol())) >= limits.sessionsPerSubscriber()) {
            return Optional.of(new Reached(Refusal.SESSION_LIMIT, Refused.NEVER));
        }
        if (limits.portsPerSubscriber() != LimitConfig.NONE
                && sum(one -> one.portsOf(request.subscriber(), request.protocol())) >= limits.portsPerSubscriber()
                && pool.mappingFor(request, now).isEmpty()) {
            return Optional.of(new Reached(Refusal.PORT_LIMIT, Refused.NEVER));
        }
        if (limits.newPerSecondPerSubscriber() != LimitConfig.NONE) {
            long slack = (limits.newPerSecondPerSubscriber() - 1) * interval();
            long arrival = arrivals.getOrDefault(request.subscriber(), 0L);
            if (arrival - now > slack) {
                return Optional.of(new Reached(Refusal.RATE_LIMIT, arrival - slack));
            }
        }
        return Optional.empty();
    }

    void granted(FlowRequest request, long now) {
        if (limits.newPerSecondPerSubscriber() != LimitConfig.NONE) {
            long arrival = arrivals.getOrDefault(request.subscriber(), 0L);
            arrivals.put(request.subscriber(), Math.max(arrival, now) + interval());
        }
    }

    private int sum(ToIntFunction<ModelPool> count) {
        int sum = 0;
        for (ModelPool pool : pools) {
            sum += count.applyAsInt(pool);
        }
        return sum;
    }

    private long interval() {
        return Math.max(1, SECOND / limits.newPerSecondPerSubscriber());
    }
}
