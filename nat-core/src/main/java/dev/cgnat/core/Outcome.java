package dev.cgnat.core;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of a {@link FlowRequest}. */
public sealed interface Outcome {
    /** The flow may leave from {@code binding.external()}, until {@link Nat#close}. */
    record Granted(Binding binding) implements Outcome {}

    /**
     * Expected under load, so returned, not thrown.
     *
     * @param notBeforeNanos for {@link Refusal#HELD} when the first resting slot is free, else {@link #NEVER}; {@link #NEVER}
     *     also for a flow that waited because of {@link Refusal#HELD} and finds nothing at rest when its time is over
     */
    record Refused(Refusal reason, long notBeforeNanos) implements Outcome {
        /** No time can be told. */
        public static final long NEVER = Long.MAX_VALUE;

        private static final Map<Refusal, Refused> WITHOUT_TIME = Stream.of(Refusal.values())
                .collect(Collectors.toMap(reason -> reason, reason -> new Refused(reason, NEVER)));

        /** A refusal that carries no time. */
        public static Refused of(Refusal reason) {
            return Objects.requireNonNull(WITHOUT_TIME.get(reason));
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
