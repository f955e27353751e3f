package dev.cgnat.proxy.admin.api;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.log.PastHolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Past holders by the proxy's own translation log or formula. What is still in the log's queue is not found yet. */
public record LoggedAttribution(PastHolders holders) implements Attribution {
    @Override
    public List<Attributed> who(Endpoint external, Instant at) {
        try {
            PastHolders.Answer answer = holders.find(external, Optional.empty(), at, Duration.ZERO);
            return answer.holders().stream()
                    .map(holder -> new Attributed(
                            holder.subscriber().name(),
                            holder.internal().map(Endpoint::toString),
                            holder.destination().map(Endpoint::toString),
                            Optional.of(holder.from()).filter(from -> !from.equals(Instant.EPOCH)),
                            holder.until(),
                            answer.source()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
