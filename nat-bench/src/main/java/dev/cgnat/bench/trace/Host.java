package dev.cgnat.bench.trace;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import org.jspecify.annotations.Nullable;

/**
 * An address of a log.
 *
 * @param subscriber who has it; absent if it is outside
 */
record Host(IpAddress address, @Nullable Subscriber subscriber) {
    /** Before there is one. */
    static final Host NOBODY = new Host(new IpAddress(0, 0), null);

    boolean isInside() {
        return subscriber != null;
    }
}
