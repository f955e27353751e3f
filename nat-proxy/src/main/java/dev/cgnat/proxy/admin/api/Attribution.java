package dev.cgnat.proxy.admin.api;

import dev.cgnat.core.address.Endpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who had an external endpoint at a past time. */
@FunctionalInterface
public interface Attribution {
    /**
     * One who had it.
     *
     * @param from when that began, as far as it is known
     * @param until when it ended
     * @param source how it is known, such as {@code session log}, {@code block log} or {@code formula}
     */
    record Attributed(
            String subscriber,
            Optional<String> internal,
            Optional<String> destination,
            Optional<Instant> from,
            Optional<Instant> until,
            String source) {}

    /** All who had {@code external} at {@code at}; may read files, on the thread that asks. */
    List<Attributed> who(Endpoint external, Instant at);
}
