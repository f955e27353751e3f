package dev.cgnat.core;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of a {@link FlowRequest}. */
public sealed interface Outcome {
    /** The flow may leave from {@code binding.external()}, until {@link Nat#close}. */
    record Granted(Binding binding) implements Outcome {}

    /**
     * Expected under load, so returned, not thrown.
     *
     * @param notBeforeNanos before which asking again is in vain: for {@link Refusal#HELD} when the first resting slot that
     *     might do is free, for {@link Refusal#RATE_LIMIT} when the next flow may be opened, else {@link #NEVER};
     *     {@link #NEVER} also for a flow that waited because of {@link Refusal#HELD} and finds nothing at rest at the end
     * @param isPickHeld for {@link Refusal#SEARCH_GAVE_UP}, whether the slot that was looked at last was resting
     */
    record Refused(Refusal reason, long notBeforeNanos, boolean isPickHeld, Explanation why) implements Outcome {
        /** No time can be told. */
        public static final long NEVER = Long.MAX_VALUE;

        /** Windows' "the global TCP port space is used up". */
        private static final OptionalInt PORT_SPACE_FULL = OptionalInt.of(4231);

        /** Windows' "the chosen endpoint was in use too recently". */
        private static final OptionalInt USED_TOO_RECENTLY = OptionalInt.of(4227);

        private static final Map<Refusal, Refused> BY_SHELL = Stream.of(Refusal.values())
                .filter(Refusal::isShell)
                .collect(Collectors.toMap(reason -> reason, reason -> of(reason, Explanation.outside())));

        /** A refusal that the shell decides; {@link Refusal#isShell} only. */
        public static Refused byShell(Refusal reason) {
            return Objects.requireNonNull(BY_SHELL.get(reason), reason::label);
        }

        static Refused of(Refusal reason, Explanation why) {
            return new Refused(reason, NEVER, false, why);
        }

        /** The id of the event by which a Windows host would report this, empty if it has none. */
        public OptionalInt windowsEvent() {
            return switch (reason) {
                case HELD, EXHAUSTED -> PORT_SPACE_FULL;
                case SEARCH_GAVE_UP -> isPickHeld ? USED_TOO_RECENTLY : OptionalInt.empty();
                default -> OptionalInt.empty();
            };
        }
    }

    /**
     * The flow waits for a port. A {@link NatEvent.Dequeued} with the same ticket tells how that ended, unless
     * {@link Nat#cancel} comes first.
     *
     * @param ticket different for every waiting flow of a {@link Nat}
     * @param reason why it was not granted at once
     * @param deadlineNanos when it is refused for {@code reason} at last
     */
    record Queued(long ticket, Refusal reason, long deadlineNanos) implements Outcome {}
}
