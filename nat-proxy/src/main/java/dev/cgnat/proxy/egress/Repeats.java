package dev.cgnat.proxy.egress;

import dev.cgnat.core.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the log short: of refusals of one kind only the first is told, then one a minute with the number of those between.
 *
 * <p>Any thread may call.
 */
final class Repeats {
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<Kind, Told> told = new HashMap<>();

    private record Kind(String pool, Refusal reason) {}

    /**
     * @param atNanos when it was told
     * @param since how often it happened since, untold
     */
    private record Told(long atNanos, long since) {}

    /** What to say behind the line of a refusal that happens now, often nothing; empty if it is to be kept quiet. */
    synchronized Optional<String> suffix(String pool, Refusal reason, long nowNanos) {
        Kind kind = new Kind(pool, reason);
        Told last = told.get(kind);
        if (last != null && nowNanos - last.atNanos < QUIET_NANOS) {
            told.put(kind, new Told(last.atNanos, last.since + 1));
            return Optional.empty();
        }
        told.put(kind, new Told(nowNanos, 0));
        return Optional.of(last == null || last.since == 0 ? "" : "; " + last.since + " more since the last such line");
    }
}
