package dev.cgnat.bench.load;

import dev.cgnat.core.address.Endpoint;
import java.util.OptionalLong;

/**
 * One connection as a server saw it.
 *
 * @param peer where it came from: behind a NAT, the external endpoint
 * @param local where it arrived
 * @param openNanos when it was accepted, by {@link System#nanoTime()}
 * @param closeNanos when it had ended, by the same clock; empty while it is open
 */
public record Sighting(Endpoint peer, Endpoint local, long openNanos, OptionalLong closeNanos) {
    Sighting closedAt(long nanos) {
        return new Sighting(peer, local, openNanos, OptionalLong.of(nanos));
    }
}
