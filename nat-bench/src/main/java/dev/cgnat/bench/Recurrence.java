package dev.cgnat.bench;

import dev.cgnat.bench.load.Sighting;
import dev.cgnat.bench.size.GrantGaps;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How often the ports of a dry pool came back, as one destination saw it, and how often they should have.
 *
 * @param ports that can be lent
 * @param holdDown of every flow
 */
record Recurrence(int ports, Duration holdDown, GrantGaps gaps, double meanLifetimeSeconds) {
    static Recurrence of(List<Sighting> sightings, int ports, Duration holdDown) {
        GrantGaps gaps = new GrantGaps();
        sightings.forEach(sighting -> gaps.granted(sighting.peer(), sighting.openNanos()));
        double lifetime = sightings.stream()
                .filter(sighting -> sighting.closeNanos().isPresent())
                .mapToLong(sighting -> sighting.closeNanos().getAsLong() - sighting.openNanos())
                .average()
                .orElse(0);
        return new Recurrence(ports, holdDown, gaps, lifetime / 1e9);
    }

    /** Grants per second by the rule: ports ÷ (mean lifetime + hold-down). */
    double predicted() {
        return ports / (holdDown.toNanos() / 1e9 + meanLifetimeSeconds);
    }

    /** Grants per second: ports ÷ mean time between two grants of the same port. Empty if none came back. */
    OptionalDouble measured() {
        return gaps.meanSeconds().isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(ports / gaps.meanSeconds().getAsDouble());
    }

    /** Measured ÷ predicted, 0 if nothing was measured. */
    double ratio() {
        return measured().orElse(0) / predicted();
    }

    /** Whether no port came back before its hold-down was over. */
    boolean isHoldDownKept() {
        return gaps.leastSeconds().orElse(Double.MAX_VALUE) >= holdDown.toNanos() / 1e9;
    }
}
