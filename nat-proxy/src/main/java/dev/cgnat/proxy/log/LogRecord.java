package dev.cgnat.proxy.log;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import java.time.Instant;
import java.util.Optional;

/** One record of the translation log, before it is written in some format. */
public sealed interface LogRecord {
    /** By the wall clock of this host. */
    Instant time();

    LogEvent event();

    /** Name of the pool; empty if it is of all. */
    String pool();

    /**
     * A flow began or ended.
     *
     * @param flow the same in both records, ascending from 1 since the {@link LogEvent#LOG_START}
     * @param destination empty unless destinations are asked for
     * @param end empty when it begins
     */
    record Session(
            Instant time,
            LogEvent event,
            String pool,
            long flow,
            Subscriber subscriber,
            Protocol protocol,
            Endpoint internal,
            Endpoint external,
            Optional<Endpoint> destination,
            Optional<End> end)
            implements LogRecord {}

    /**
     * How a flow ended.
     *
     * @param cause the label of a {@link dev.cgnat.core.CloseCause}, or {@code set_aside}
     * @param heldUntil before which nobody else is lent its slot
     */
    record End(String cause, Instant heldUntil) {}

    /** A port block was lent, or given back. */
    record Block(Instant time, LogEvent event, String pool, Subscriber subscriber, IpAddress address, PortRange ports)
            implements LogRecord {}

    /**
     * A flow found no port.
     *
     * @param address which had none; empty = no address of the pool had one
     */
    record Exhausted(Instant time, String pool, Protocol protocol, Optional<IpAddress> address, Refusal reason)
            implements LogRecord {
        @Override
        public LogEvent event() {
            return address.isPresent() ? LogEvent.PORTS_EXHAUSTED : LogEvent.ADDRESSES_EXHAUSTED;
        }
    }

    /**
     * A limit was reached.
     *
     * @param limit as configured; 0 if it has no number
     */
    record Quota(Instant time, String pool, Subscriber subscriber, IpAddress internal, Refusal reason, long limit)
            implements LogRecord {
        @Override
        public LogEvent event() {
            return LogEvent.QUOTA_EXCEEDED;
        }
    }

    /**
     * A pool went above its high threshold, or below its low one.
     *
     * @param percent the threshold
     */
    record Threshold(Instant time, String pool, boolean isHigh, int percent) implements LogRecord {
        @Override
        public LogEvent event() {
            return LogEvent.THRESHOLD;
        }
    }

    /** Nothing lives on {@code addresses} of the pool; written once per range when a log begins. */
    record Start(Instant time, String pool, AddressRange addresses) implements LogRecord {
        @Override
        public LogEvent event() {
            return LogEvent.LOG_START;
        }
    }

    /** So many records were lost. */
    record Gap(Instant time, long lost) implements LogRecord {
        @Override
        public LogEvent event() {
            return LogEvent.LOG_GAP;
        }

        @Override
        public String pool() {
            return "";
        }
    }
}
