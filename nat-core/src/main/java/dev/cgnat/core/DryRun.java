package dev.cgnat.core;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.Mapping;
import java.util.List;
import java.util.Optional;

/**
 * What {@link Nat#open} would decide, and the steps that lead there.
 *
 * @param reason why the flow would be refused or have to wait; empty if it would be granted, {@link Refusal#SEARCH_GAVE_UP} if
 *     that depends on the search
 * @param notBeforeNanos as in {@link Outcome.Refused}
 * @param why what was found where it would be refused or have to wait, and what would help
 * @param steps in the order in which {@link Nat#open} takes them; the last one decides
 */
public record DryRun(
        Verdict verdict, Optional<Refusal> reason, long notBeforeNanos, Explanation why, List<Step> steps) {
    /** What would become of the flow. */
    public enum Verdict {
        GRANTED,
        /** Granted, unless the imitated search ends before it meets one of the slots that are legal. */
        GRANTED_IF_FOUND,
        QUEUED,
        REFUSED
    }

    public DryRun {
        steps = List.copyOf(steps);
    }

    /** One thing that was looked at. */
    public sealed interface Step {
        /** One sentence without a full stop. */
        String text();
    }

    /**
     * A limit that is configured.
     *
     * @param key of the configuration
     * @param value what there is; the flow would make it one more
     */
    public record LimitStep(String key, long value, long limit) implements Step {
        /** Whether it keeps the flow out. */
        public boolean isReached() {
            return value >= limit;
        }

        @Override
        public String text() {
            return key + ": " + value + " of " + limit + (isReached() ? ", reached" : "");
        }
    }

    /**
     * Whether the internal endpoint has a mapping that the flow may share.
     *
     * @param external the mapping's; empty if there is none, so that a port has to be found
     * @param isFree whether the destination is free within it
     */
    public record MappingStep(Mapping behaviour, Optional<Endpoint> external, boolean isFree) implements Step {
        @Override
        public String text() {
            return behaviour.key() + " mapping: "
                    + external.map(found -> found + (isFree ? ", shared" : ", destination taken or resting within it"))
                            .orElse("none yet");
        }
    }

    /** The external address that the subscriber keeps, empty if it keeps none yet. */
    public record PairingStep(Optional<IpAddress> address) implements Step {
        @Override
        public String text() {
            return "pooling paired: " + address.map(kept -> "keeps " + kept).orElse("keeps no address yet");
        }
    }

    /** How many blocks the subscriber has; another is lent only where these have no slot. */
    public record BlocksStep(int blocks, int limit) implements Step {
        @Override
        public String text() {
            return "blocks.max-per-subscriber: " + blocks + " of " + limit;
        }
    }

    /**
     * Slots towards the destination that were looked at together.
     *
     * @param address empty if they are of all addresses
     * @param ports of the block or the share; empty if it is all that the pool lends
     * @param isNew whether the block is lent to nobody yet
     * @param live slots on which a flow lives, mappings of other kinds included
     * @param held slots that rest
     * @param free slots of which the flow could be given one; the rest is reserved
     * @param destinationLimit what the destination may have from there, if it has it
     */
    public record SlotsStep(
            Optional<IpAddress> address,
            Optional<PortRange> ports,
            boolean isNew,
            int slots,
            int live,
            int held,
            int free,
            Optional<Long> destinationLimit)
            implements Step {
        @Override
        public String text() {
            String where = address.map(IpAddress::toString).orElse("all addresses")
                    + ports.map(range -> (isNew ? ", free block " : ", ports ") + range)
                            .orElse("");
            return where + ": "
                    + destinationLimit
                            .map(limit -> "the destination has the " + limit + " flows that it may have")
                            .orElse(slots + " slots, " + live + " live, " + held + " held, " + free + " free");
        }
    }

    /** Something that is so for the whole pool, such as that all its addresses are disabled. */
    public record NoteStep(String text) implements Step {}
}
