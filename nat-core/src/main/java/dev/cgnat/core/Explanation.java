package dev.cgnat.core;

import dev.cgnat.core.address.IpAddress;
import java.util.Optional;

/**
 * What was found when a flow was refused, and the single change that would have admitted it.
 *
 * @param address the external address whose slots are counted; empty if they are of several or none was looked at
 * @param slots slots among which the flow might have been given one: {@code live + held + reserved + free}; all five are 0
 *     where a limit was reached before any slot was looked at
 * @param live slots on which a flow lives, mappings of other kinds included
 * @param held slots that rest
 * @param reserved slots that are set aside, or would connect the destination to itself
 * @param remedy the change
 * @param amount what {@code remedy} asks for, such as the limit that would have sufficed; 0 if it needs no number
 */
public record Explanation(
        Optional<IpAddress> address, int slots, int live, int held, int reserved, Remedy remedy, long amount) {
    /** One change of the configuration, or of the moment, that would have turned the refusal into a grant. */
    public enum Remedy {
        /** Decided outside of the NAT. */
        NONE(""),
        SESSIONS_PER_SUBSCRIBER("limits.sessions-per-subscriber: %d"),
        PORTS_PER_SUBSCRIBER("limits.ports-per-subscriber: %d"),
        MORE_BLOCKS("blocks.max-per-subscriber: %d"),
        INSIDE("an internal address within deterministic.inside"),
        NEW_PER_SECOND("limits.new-per-second-per-subscriber above %d, or less haste"),
        SESSIONS_PER_DESTINATION("limits.sessions-per-destination: %d"),
        PORTS_PER_DESTINATION("limits.ports-per-destination: %d"),
        SPILL("paired-overflow: spill"),
        SHORTER_HOLD_DOWN("a shorter hold-down, or waiting for the first resting slot"),
        ENABLED_ADDRESS("an external address that is not disabled (address_disabled)"),
        MORE_PORTS("one more external address or port"),
        EXACT_SELECTION("port-selection: uniform");

        private final String text;

        Remedy(String text) {
            this.text = text;
        }
    }

    private static final Explanation OUTSIDE = ofLimit(Remedy.NONE, 0);

    static Explanation ofLimit(Remedy remedy, long amount) {
        return new Explanation(Optional.empty(), 0, 0, 0, 0, remedy, amount);
    }

    /** Of a refusal that is not the NAT's decision. */
    static Explanation outside() {
        return OUTSIDE;
    }

    /** Slots that are free, though not legal for this flow or not found. */
    public int free() {
        return slots - live - held - reserved;
    }

    /** One line for a log or a reply, such as {@code 127.0.1.1: 4 slots, 3 live, 1 held, 0 reserved, 0 free; …}. */
    public String text() {
        String found = slots == 0
                ? ""
                : address.map(IpAddress::toString).orElse("pool") + ": " + slots + " slots, " + live + " live, " + held
                        + " held, " + reserved + " reserved, " + free() + " free; ";
        return remedy == Remedy.NONE ? found : found + "would be granted with " + String.format(remedy.text, amount);
    }
}
