package dev.cgnat.bench.trace;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import org.jspecify.annotations.Nullable;

/**
 * An address of a log.
 *
 * @param subscriber who has it; absent if it is outside
 * @param number of the subscriber, in the order in which they came; -1 outside
 * @param isBypassed whether flows to it need no translation
 */
record Host(IpAddress address, @Nullable Subscriber subscriber, int number, boolean isBypassed) {
    /** Before there is one. */
    static final Host NOBODY = new Host(new IpAddress(0, 0), null, -1, false);

    boolean isInside() {
        return number >= 0;
    }
}
