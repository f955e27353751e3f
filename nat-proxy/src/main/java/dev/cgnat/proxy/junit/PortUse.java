package dev.cgnat.proxy.junit;

import dev.cgnat.core.Refusal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a program took from a NAT.
 *
 * @param connections it asked for so many, the refused included
 * @param ports most ports that its connections had at a time, towards the destination with the most, those included that
 *     rested after their connection had ended; within the reuse scope of the pool, so over all destinations where the NAT
 *     uses no port twice
 * @param resting so many of {@code ports} rested
 * @param longestRest the longest time that one of its ports rests after its connection
 * @param busiest what those ports led to, such as {@code 127.0.0.1:8080}; {@code any destination} where the NAT uses no port
 *     twice
 * @param peakLive most connections that lived at a time, over all destinations
 * @param refused by reason, only those that occurred
 * @param lastRefusal what the NAT found when it refused last; empty if it refused nothing
 */
public record PortUse(
        int connections,
        int ports,
        int resting,
        Duration longestRest,
        String busiest,
        int peakLive,
        Map<Refusal, Integer> refused,
        String lastRefusal) {
    public PortUse {
        EnumMap<Refusal, Integer> copy = new EnumMap<>(Refusal.class);
        copy.putAll(refused);
        refused = Collections.unmodifiableMap(copy);
    }

    public int refusedTotal() {
        return refused.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Why there were more than {@code allowed}, and what to change. */
    String excess(int allowed) {
        int live = ports - resting;
        String cause = live > allowed
                ? live + " connections lived at the same time"
                : "at most " + peakLive + " lived at a time, but a port rests"
                        + " for " + text(longestRest) + " after its connection has ended, so each new connection takes"
                        + " another";
        return "ports used: " + ports + " (expected: at most " + allowed + ")" + happened() + "\n  why: " + cause
                + ".\n  what to change: keep connections open and send the requests over them; a client with a pool of "
                + allowed + (allowed == 1 ? " connection" : " connections") + " would have used " + allowed
                + (allowed == 1 ? " port" : " ports") + " for any number of requests.";
    }

    /** What was refused, why, and what to change. */
    String refusals() {
        return "connections refused: " + refusedTotal() + " (expected: none)" + happened() + "\n  why: " + lastRefusal
                + ".\n  what to change: open fewer connections, by keeping them and sending the requests over them"
                + " (ports in use at a time: " + ports + ", of which " + resting
                + " rested); or give the NAT what it says it lacks.";
    }

    private String happened() {
        String reasons = refused.entrySet().stream()
                .map(entry -> entry.getKey().label() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return "\n  what happened: " + connections + " connections were opened, "
                + (refusedTotal() == 0 ? "none was refused" : refusedTotal() + " of them refused (" + reasons + ")")
                + "; " + ports + " ports towards " + busiest + " were taken at a time, " + resting
                + " of them at rest.";
    }

    /** In whole seconds where there are any: deadlines are rounded up to a tick of the NAT. */
    private static String text(Duration exact) {
        Duration duration = exact.truncatedTo(exact.toSeconds() > 0 ? ChronoUnit.SECONDS : ChronoUnit.MILLIS);
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
