package dev.cgnat.bench.twin;

import dev.cgnat.core.Binding;
import dev.cgnat.core.NatEvent;
import dev.cgnat.core.Outcome;
import java.util.Locale;

/**
 * What a NAT decided, as a line of a log: two logs with the same lines tell of the same endpoints, refusals and times.
 *
 * @param atNanos since the core was created
 */
public record Decision(long atNanos, String what) {
    private static final String REFUSED = "refused ";

    /** What {@code event} tells. */
    public static Decision of(NatEvent event) {
        return new Decision(event.atNanos(), what(event));
    }

    /** Whether a flow was told that it gets no port. */
    public boolean isRefusal() {
        return what.startsWith(REFUSED);
    }

    private static String what(NatEvent event) {
        if (event instanceof NatEvent.Opened opened) {
            return "opened " + flow(opened.binding());
        }
        if (event instanceof NatEvent.Refused refused) {
            return REFUSED + refused.request().subscriber() + " "
                    + refused.request().internal() + " -> "
                    + refused.request().destination() + ": " + refusal(refused.refused());
        }
        if (event instanceof NatEvent.Closed closed) {
            return "closed " + closed.binding().id() + ": " + closed.cause().label() + ", free at "
                    + seconds(closed.freeAtNanos());
        }
        if (event instanceof NatEvent.SetAside aside) {
            return "set aside " + flow(aside.binding());
        }
        if (event instanceof NatEvent.Dequeued dequeued) {
            return "waited " + dequeued.ticket() + ": "
                    + (dequeued.outcome() instanceof Outcome.Granted granted
                            ? "opened " + granted.binding().id()
                            : refusal((Outcome.Refused) dequeued.outcome()));
        }
        if (event instanceof NatEvent.BlockAllocated allocated) {
            return "lent " + allocated.block();
        }
        return "took back " + ((NatEvent.BlockReleased) event).block();
    }

    private static String flow(Binding binding) {
        return binding.id() + ": " + binding.subscriber() + " " + binding.internal() + " -> " + binding.external()
                + " -> " + binding.destination();
    }

    private static String refusal(Outcome.Refused refused) {
        return refused.reason().label()
                + (refused.notBeforeNanos() == Outcome.Refused.NEVER
                        ? ""
                        : ", not before " + seconds(refused.notBeforeNanos()));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%d.%09d s", nanos / 1_000_000_000, nanos % 1_000_000_000);
    }

    /** As {@code 3.217654321 s opened 12: …}. */
    @Override
    public String toString() {
        return seconds(atNanos) + " " + what;
    }
}
