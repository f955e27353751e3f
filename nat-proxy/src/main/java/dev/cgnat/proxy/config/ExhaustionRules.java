package dev.cgnat.proxy.config;

import static dev.cgnat.proxy.config.Leaves.guarded;

import dev.cgnat.core.config.QueueConfig;
import java.time.Duration;

/**
 * What becomes of a flow that finds no port.
 *
 * @param queueTimeout in force only if {@code action} is {@link ExhaustionAction#QUEUE}, as is {@code queueLimit}
 */
record ExhaustionRules(ExhaustionAction action, Duration queueTimeout, int queueLimit) {
    private static final int DEFAULT_QUEUE_LIMIT = 10_000;

    static ExhaustionRules defaults() {
        return new ExhaustionRules(ExhaustionAction.REFUSE, QueueConfig.none().timeout(), DEFAULT_QUEUE_LIMIT);
    }

    /** These rules with whatever {@code pool} says instead. */
    ExhaustionRules overriddenBy(Fields pool) {
        return new ExhaustionRules(
                pool.read("on-exhaustion", Leaves.oneOf(ExhaustionAction.class), action),
                pool.read("queue-timeout", guarded(Leaves::duration, t -> new QueueConfig(t, 1)), queueTimeout),
                pool.read("queue-limit", guarded(Leaves::count, n -> new QueueConfig(queueTimeout, n)), queueLimit));
    }

    QueueConfig toQueue() {
        return action == ExhaustionAction.QUEUE ? new QueueConfig(queueTimeout, queueLimit) : QueueConfig.none();
    }
}
