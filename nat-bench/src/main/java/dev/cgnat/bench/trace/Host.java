package dev.cgnat.bench.trace;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import org.jspecify.annotations.Nullable;

/** An address of a log. <b>Ownership</b>: one thread. */
final class Host {
    /** Before there is one. */
    static final Host NOBODY = new Host(new IpAddress(0, 0), null, -1, false);

    private final IpAddress address;
    private final @Nullable Subscriber subscriber;
    private final int number;
    private final boolean isBypassed;
    private DestinationUse.@Nullable Place place;

    /**
     * @param subscriber who has it; absent if it is outside
     * @param number of the subscriber, in the order in which they came; -1 outside
     * @param isBypassed whether flows to it need no translation
     */
    Host(IpAddress address, @Nullable Subscriber subscriber, int number, boolean isBypassed) {
        this.address = address;
        this.subscriber = subscriber;
        this.number = number;
        this.isBypassed = isBypassed;
    }

    IpAddress address() {
        return address;
    }

    @Nullable
    Subscriber subscriber() {
        return subscriber;
    }

    int number() {
        return number;
    }

    boolean isInside() {
        return number >= 0;
    }

    boolean isBypassed() {
        return isBypassed;
    }

    /** The destination that was asked for last at this address, as most addresses have one; absent before. */
    DestinationUse.@Nullable Place place() {
        return place;
    }

    /** @param value absent if there is none to remember any more */
    void place(DestinationUse.@Nullable Place value) {
        place = value;
    }
}
