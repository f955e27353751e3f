package dev.cgnat.proxy.log;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What a record tells. The numbers are those of IPFIX's natEvent (RFC 8158 section 4.3). */
public enum LogEvent {
    /** No address of the pool had a port for a flow. */
    ADDRESSES_EXHAUSTED(3),
    /** A flow was given an external endpoint. */
    SESSION_CREATE(4),
    /** It gave that back. */
    SESSION_DELETE(5),
    /** As {@link #SESSION_CREATE}, for a client with an IPv6 address. */
    SESSION64_CREATE(6),
    /** As {@link #SESSION_DELETE}, for a client with an IPv6 address. */
    SESSION64_DELETE(7),
    /** One address had no port for a flow. */
    PORTS_EXHAUSTED(12),
    /** A limit of the subscriber, or of the destination, was reached. */
    QUOTA_EXCEEDED(13),
    /** A subscriber was lent a port block. */
    BLOCK_ALLOCATE(16),
    /** Nothing lives or rests in it any more. */
    BLOCK_RELEASE(17),
    /** A pool is nearly full, or is no longer. */
    THRESHOLD(18),
    /** From here on the log is complete; nothing lives on these addresses. Not in RFC 8158, so not in IPFIX. */
    LOG_START(0),
    /** Records were lost before this one. Not in RFC 8158, so not in IPFIX. */
    LOG_GAP(0);

    private final int number;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    LogEvent(int number) {
        this.number = number;
    }

    /** The number in {@code natEvent}; empty for events of the log itself. */
    public OptionalInt number() {
        return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Lower case with hyphens, such as {@code session-create}. */
    public String label() {
        return label;
    }

    static Optional<LogEvent> of(String label) {
        return Stream.of(values()).filter(event -> event.label.equals(label)).findFirst();
    }
}
