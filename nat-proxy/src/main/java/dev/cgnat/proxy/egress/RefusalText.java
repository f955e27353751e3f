package dev.cgnat.proxy.egress;

import dev.cgnat.core.Outcome.Refused;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a log or a client is told about a refusal.
 *
 * @param windowsPools names of the pools whose refusals carry the event id of a Windows host
 */
public record RefusalText(Set<String> windowsPools) {
    public RefusalText {
        windowsPools = Set.copyOf(windowsPools);
    }

    /** One line, such as {@code exhausted (127.0.1.1: 4 slots, 4 live, …)}, or the reason alone where nothing is known. */
    public String of(String pool, Refused refused) {
        String found = refused.why().text();
        OptionalInt event = windowsEvent(pool, refused);
        return refused.reason().label()
                + (found.isEmpty() ? "" : " (" + found + ")")
                + (event.isPresent() ? ", Windows event " + event.getAsInt() : "");
    }

    /** The id under which a Windows host would report it; empty in other pools and for other reasons. */
    public OptionalInt windowsEvent(String pool, Refused refused) {
        return windowsPools.contains(pool) ? refused.windowsEvent() : OptionalInt.empty();
    }
}
