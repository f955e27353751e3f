package dev.cgnat.core;

import dev.cgnat.core.DryRun.LimitStep;
import dev.cgnat.core.DryRun.Step;
import dev.cgnat.core.Explanation.Remedy;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.pool.FlowSpec;
import dev.cgnat.core.pool.Pool;
import dev.cgnat.core.subscriber.SubscriberTable;
import dev.cgnat.core.subscriber.SubscriberUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a subscriber may have in all, whatever the pool (RFC 6888 REQ-4). <b>Ownership</b>: one thread. <b>Costs</b>: O(1). */
final class Limits {
    private LimitConfig config;
    private final SubscriberTable subscribers;

    Limits(LimitConfig config, SubscriberTable subscribers) {
        this.config = config;
        this.subscribers = subscribers;
    }

    LimitConfig config() {
        return config;
    }

    /** From now on those are the limits; what is above them goes on. */
    void limit(LimitConfig value) {
        config = value;
        subscribers.limit(value.newPerSecondPerSubscriber());
    }

    /** The limit that keeps {@code flow} out, empty if none does. */
    Optional<Refused> reached(FlowSpec flow, Pool pool, long nowNanos) {
        SubscriberUse use = subscribers.find(flow.subscriber()).orElse(null);
        if (use == null) {
            return Optional.empty();
        }
        if (use.sessions(flow.protocol()) >= config.sessionsPerSubscriber()) {
            return refused(Refusal.SESSION_LIMIT, Remedy.SESSIONS_PER_SUBSCRIBER, use.sessions(flow.protocol()) + 1L);
        }
        if (use.ports(flow.protocol()) >= config.portsPerSubscriber() && pool.needsPort(flow)) {
            return refused(Refusal.PORT_LIMIT, Remedy.PORTS_PER_SUBSCRIBER, use.ports(flow.protocol()) + 1L);
        }
        long next = subscribers.nextFlowNanos(use);
        if (next > nowNanos) {
            Explanation why = Explanation.ofLimit(Remedy.NEW_PER_SECOND, config.newPerSecondPerSubscriber());
            return Optional.of(new Refused(Refusal.RATE_LIMIT, next, false, why));
        }
        return Optional.empty();
    }

    /** The limits that {@link #reached} looks at for {@code flow}, in its order and as far as it comes. */
    List<Step> steps(FlowSpec flow, Pool pool, long nowNanos) {
        SubscriberUse use = subscribers.find(flow.subscriber()).orElse(null);
        List<LimitStep> steps = new ArrayList<>();
        if (config.sessionsPerSubscriber() != LimitConfig.NONE) {
            int sessions = use == null ? 0 : use.sessions(flow.protocol());
            steps.add(new LimitStep("limits.sessions-per-subscriber", sessions, config.sessionsPerSubscriber()));
        }
        if (config.portsPerSubscriber() != LimitConfig.NONE && pool.needsPort(flow)) {
            int ports = use == null ? 0 : use.ports(flow.protocol());
            steps.add(new LimitStep("limits.ports-per-subscriber", ports, config.portsPerSubscriber()));
        }
        if (config.newPerSecondPerSubscriber() != LimitConfig.NONE) {
            long spent = use == null ? 0 : subscribers.spentTokens(use, nowNanos);
            steps.add(new LimitStep("limits.new-per-second-per-subscriber", spent, config.newPerSecondPerSubscriber()));
        }
        int reached = 0;
        while (reached < steps.size() && !steps.get(reached).isReached()) {
            reached++;
        }
        return List.copyOf(steps.subList(0, Math.min(reached + 1, steps.size())));
    }

    private static Optional<Refused> refused(Refusal reason, Remedy remedy, long amount) {
        return Optional.of(Refused.of(reason, Explanation.ofLimit(remedy, amount)));
    }
}
