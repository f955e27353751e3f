package dev.cgnat.proxy.log;

import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.testing.Proxies;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One record of each kind. */
final class SampleRecords {
    static final Instant TIME = Instant.parse("2026-03-01T10:20:30.123456Z");
    static final Endpoint EXTERNAL = endpoint("198.51.100.7", 40_000);
    static final Endpoint INTERNAL = endpoint("10.0.0.7", 51_322);
    static final Endpoint DESTINATION = endpoint("203.0.113.9", 443);
    static final Subscriber SUBSCRIBER = new Subscriber("10.0.0.7");

    private static final IpAddress ADDRESS = EXTERNAL.address();
    private static final Endpoint IPV6 = endpoint("2001:db8::7", 51_322);

    private SampleRecords() {}

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(Proxies.address(address), port);
    }

    /** Each that IPFIX has an event for; sessions name destinations. */
    static List<LogRecord> ofIpfix() {
        LogRecord.End end = new LogRecord.End("client_fin", TIME.plusSeconds(60));
        Subscriber six = new Subscriber("2001:db8::/64");
        return List.of(
                session(1, LogEvent.SESSION_CREATE, SUBSCRIBER, INTERNAL, Optional.empty()),
                session(1, LogEvent.SESSION_DELETE, SUBSCRIBER, INTERNAL, Optional.of(end)),
                session(2, LogEvent.SESSION64_CREATE, six, IPV6, Optional.empty()),
                session(2, LogEvent.SESSION64_DELETE, six, IPV6, Optional.of(end)),
                new LogRecord.Exhausted(TIME, "second", Protocol.TCP, Optional.empty(), Refusal.EXHAUSTED),
                new LogRecord.Exhausted(TIME, "main", Protocol.TCP, Optional.of(ADDRESS), Refusal.HELD),
                new LogRecord.Quota(TIME, "main", SUBSCRIBER, INTERNAL.address(), Refusal.SESSION_LIMIT, 200),
                new LogRecord.Quota(TIME, "main", six, IPV6.address(), Refusal.BLOCK_LIMIT, 4_096),
                new LogRecord.Quota(TIME, "main", SUBSCRIBER, INTERNAL.address(), Refusal.DESTINATION_LIMIT, 50),
                block(LogEvent.BLOCK_ALLOCATE, SUBSCRIBER),
                block(LogEvent.BLOCK_RELEASE, SUBSCRIBER),
                block(LogEvent.BLOCK_ALLOCATE, six),
                new LogRecord.Threshold(TIME, "main", true, 80),
                new LogRecord.Threshold(TIME, "second", false, 70));
    }

    /** What the log says of itself. */
    static List<LogRecord> ofTheLog() {
        return List.of(
                new LogRecord.Start(TIME, "main", new AddressRange(ADDRESS, ADDRESS.plus(7))),
                new LogRecord.Gap(TIME, 12));
    }

    static LogRecord.Session session(
            long flow, LogEvent event, Subscriber subscriber, Endpoint internal, Optional<LogRecord.End> end) {
        return new LogRecord.Session(
                TIME, event, "main", flow, subscriber, Protocol.TCP, internal, EXTERNAL, Optional.of(DESTINATION), end);
    }

    private static LogRecord block(LogEvent event, Subscriber subscriber) {
        return new LogRecord.Block(TIME, event, "main", subscriber, ADDRESS, new PortRange(40_000, 40_511));
    }
}
