package dev.cgnat.bench.sim;

import dev.cgnat.core.Binding;

/**
 * Reads a little of the flows that end next, and of their subscribers. Of a million live flows hardly one is in a cache; if each
 * were first read at its own end, it would be waited for, but {@value #FLOWS} reads in a row overlap. Changes nothing.
 */
final class ReadAhead {
    private static final int FLOWS = 16;

    private int unread;
    private long sum;

    /** An event was taken from {@code events}. */
    void taken(EventQueue events) {
        if (--unread < 0) {
            unread = FLOWS - 1;
            for (int i = 0; i < FLOWS; i++) {
                if (events.ahead(i) instanceof Binding binding) {
                    sum += binding.externalAddressIndex() + binding.subscriberPorts();
                }
            }
        }
    }

    /** Of all that was read; the compiler cannot leave out what somebody may ask for. */
    long sum() {
        return sum;
    }
}
