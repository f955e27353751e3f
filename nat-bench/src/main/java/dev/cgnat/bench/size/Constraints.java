package dev.cgnat.bench.size;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.config.PoolConfig;
import java.util.Arrays;
import java.util.Optional;

/** Says in words what keeps a pool from being smaller. */
final class Constraints {
    private Constraints() {}

    private static String where(PoolConfig pool, Trial trial) {
        if (pool.deterministic().isPresent()) {
            return "ports of a subscriber's share";
        }
        return pool.reuseScope().isPerDestination()
                ? "ports to the busiest destination, " + trial.busiest()
                : "ports of all addresses";
    }

    /** @param reason the label of a refusal, empty if nobody was refused */
    static String of(String reason, PoolConfig pool, Trial trial) {
        Optional<Refusal> refusal = Arrays.stream(Refusal.values())
                .filter(candidate -> candidate.label().equals(reason))
                .findFirst();
        if (refusal.isEmpty()) {
            return "nothing: the smallest pool that there is suffices";
        }
        String where = where(pool, trial);
        return switch (refusal.get()) {
            case EXHAUSTED -> where + ": all carry live flows (" + reason + ")";
            case HELD -> where + ": some rest (" + reason + "), so a shorter hold-down helps";
            case PAIRED_ADDRESS_FULL ->
                "ports of one address: its subscribers are more than their share (" + reason + ")";
            case BLOCK_LIMIT -> "port blocks per subscriber (" + reason + ")";
            case PORT_LIMIT, SESSION_LIMIT, RATE_LIMIT ->
                "a limit of the subscriber (" + reason + "): no address cures it";
            case DESTINATION_LIMIT -> "the limit of flows to one destination from one address (" + reason + ")";
            case SEARCH_GAVE_UP -> "the imitated search, which ends while ports are free (" + reason + ")";
            default -> reason;
        };
    }
}
