package dev.cgnat.proxy.config;

import static dev.cgnat.proxy.config.Leaves.guarded;

import dev.cgnat.core.config.LimitConfig;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a profile can say besides its pool rules.
 *
 * @param sessions flows of the whole proxy; {@link LimitConfig#NONE} = what the descriptor limit allows
 * @param handshakesPerSource see {@link ProxyConfig}
 */
record GlobalRules(TimeoutConfig timeouts, LimitConfig limits, int sessions, int handshakesPerSource) {
    static GlobalRules defaults() {
        return new GlobalRules(
                TimeoutConfig.defaults(),
                LimitConfig.defaults(),
                LimitConfig.NONE,
                ProxyConfig.DEFAULT_HANDSHAKES_PER_SOURCE);
    }

    /** These rules with whatever the sections {@code timeouts} and {@code limits} of {@code root} say instead. */
    GlobalRules overriddenBy(Fields root) {
        Fields limitFields = root.section("limits", Section.LIMITS);
        Leaf<Integer> count = Leaves.countOr("none", LimitConfig.NONE);
        LimitConfig newLimits = new LimitConfig(
                limitFields.read("sessions-per-subscriber", count, limits.sessionsPerSubscriber()),
                limitFields.read("ports-per-subscriber", count, limits.portsPerSubscriber()),
                limitFields.read("new-per-second-per-subscriber", count, limits.newPerSecondPerSubscriber()),
                limitFields.read("sessions-per-destination", count, limits.sessionsPerDestination()),
                limitFields.read("ports-per-destination", count, limits.portsPerDestination()));
        int newSessions = limitFields.read("sessions", Leaves.countOr("auto", LimitConfig.NONE), sessions);
        return new GlobalRules(
                readTimeouts(root.section("timeouts", Section.TIMEOUTS)),
                newLimits,
                newSessions,
                limitFields.read("handshakes-per-source", count, handshakesPerSource));
    }

    OptionalInt maxSessions() {
        return sessions == LimitConfig.NONE ? OptionalInt.empty() : OptionalInt.of(sessions);
    }

    private TimeoutConfig readTimeouts(Fields fields) {
        Leaf<Duration> leaf = guarded(Leaves::duration, d -> new TimeoutConfig(d, d, d, d, d));
        return new TimeoutConfig(
                fields.read("connect", leaf, timeouts.connect()),
                fields.read("handshake", leaf, timeouts.handshake()),
                fields.read("established", leaf, timeouts.established()),
                fields.read("opening", leaf, timeouts.opening()),
                fields.read("half-closed", leaf, timeouts.halfClosed()));
    }
}
