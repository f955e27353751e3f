package dev.cgnat.proxy.admin.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cgnat.core.Binding;
import dev.cgnat.proxy.control.DrainScope;
import dev.cgnat.proxy.session.Session;
import java.util.List;
import java.util.Optional;

/** One session in a list. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record SessionView(
        long id,
        String pool,
        String listener,
        String subscriber,
        String internal,
        String external,
        String destination,
        String state,
        String since,
        double ageSeconds,
        double idleSeconds,
        double expiresInSeconds,
        long bytesOut,
        long bytesIn,
        Optional<Boolean> draining) {

    /** @param drains what is drained at present */
    static SessionView of(Session session, List<DrainScope> drains) {
        Binding binding = session.binding();
        Session.Stage stage = session.stage();
        long age = session.ageNanos();
        long idle = session.idleNanos();
        boolean isDraining = drains.stream().anyMatch(scope -> scope.covers(session));
        return new SessionView(
                session.id(),
                binding.pool(),
                session.listener(),
                binding.subscriber().name(),
                binding.internal().toString(),
                binding.external().toString(),
                binding.destination().toString(),
                stage.state().label(),
                session.since().toString(),
                seconds(age),
                seconds(idle),
                seconds(Math.max(0, stage.idleLimitNanos() - idle)),
                stage.bytesOut(),
                stage.bytesIn(),
                isDraining ? Optional.of(true) : Optional.empty());
    }

    /** With three decimals. */
    static double seconds(long nanos) {
        return Math.round(nanos / 1e6) / 1e3;
    }
}
