package dev.cgnat.proxy.log;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import inet.ipaddr.HostName;
import inet.ipaddr.IPAddressString;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A record read back from its fields. */
final class LogLine {
    private final Map<Column, String> fields;

    private LogLine(Map<Column, String> fields) {
        this.fields = fields;
    }

    /**
     * The record of those {@code fields}; empty if it is none that tells who had what.
     *
     * @param fields without those that are empty
     * @throws IllegalArgumentException if a field is missing or malformed
     */
    static Optional<LogRecord> parse(Map<Column, String> fields) {
        LogLine line = new LogLine(fields);
        LogEvent event = LogEvent.of(line.text(Column.EVENT))
                .orElseThrow(() -> line.malformed(Column.EVENT, "an event of RFC 8158"));
        return switch (event) {
            case SESSION_CREATE, SESSION64_CREATE -> Optional.of(line.session(event, Optional.empty()));
            case SESSION_DELETE, SESSION64_DELETE ->
                Optional.of(line.session(
                        event, Optional.of(new LogRecord.End(line.text(Column.CAUSE), line.time(Column.HELD_UNTIL)))));
            case BLOCK_ALLOCATE, BLOCK_RELEASE ->
                Optional.of(new LogRecord.Block(
                        line.time(Column.TIME),
                        event,
                        line.text(Column.POOL),
                        new Subscriber(line.text(Column.SUBSCRIBER)),
                        line.address(Column.EXTERNAL, line.text(Column.EXTERNAL)),
                        line.ports()));
            case LOG_START ->
                Optional.of(new LogRecord.Start(line.time(Column.TIME), line.text(Column.POOL), line.addresses()));
            case LOG_GAP -> Optional.of(new LogRecord.Gap(line.time(Column.TIME), line.number(Column.LIMIT)));
            default -> Optional.empty();
        };
    }

    /** {@code 127.0.1.1:40000} or {@code [2001:db8::1]:40000}; {@link IllegalArgumentException} if it is none. */
    static Endpoint endpoint(String text) {
        HostName host = new HostName(text);
        if (host.getPort() == null
                || host.getAddress() == null
                || host.getAddress().isMultiple()) {
            throw new IllegalArgumentException("endpoint: " + text + " (expected: address:port)");
        }
        return new Endpoint(IpAddress.from(host.getAddress().toInetAddress()), host.getPort());
    }

    private LogRecord session(LogEvent event, Optional<LogRecord.End> end) {
        return new LogRecord.Session(
                time(Column.TIME),
                event,
                text(Column.POOL),
                number(Column.FLOW),
                new Subscriber(text(Column.SUBSCRIBER)),
                Protocol.valueOf(text(Column.PROTOCOL).toUpperCase(Locale.ROOT)),
                endpoint(text(Column.INTERNAL)),
                endpoint(text(Column.EXTERNAL)),
                Optional.ofNullable(fields.get(Column.DESTINATION)).map(LogLine::endpoint),
                end);
    }

    private PortRange ports() {
        String[] ends = ends(Column.PORTS);
        return new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
    }

    private AddressRange addresses() {
        String[] ends = ends(Column.EXTERNAL);
        return new AddressRange(address(Column.EXTERNAL, ends[0]), address(Column.EXTERNAL, ends[1]));
    }

    private String[] ends(Column column) {
        String[] ends = text(column).split("-", -1);
        if (ends.length != 2) {
            throw malformed(column, "first-last");
        }
        return ends;
    }

    private IpAddress address(Column column, String text) {
        return Optional.ofNullable(new IPAddressString(text).getAddress())
                .map(address -> IpAddress.from(address.toInetAddress()))
                .orElseThrow(() -> malformed(column, "an address"));
    }

    private Instant time(Column column) {
        try {
            return Instant.parse(text(column));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    column.key() + ": " + text(column) + " (expected: a time of RFC 3339)", e);
        }
    }

    private long number(Column column) {
        return Long.parseLong(text(column));
    }

    private String text(Column column) {
        return Optional.ofNullable(fields.get(column)).orElseThrow(() -> malformed(column, "not missing"));
    }

    private IllegalArgumentException malformed(Column column, String expected) {
        return new IllegalArgumentException(
                column.key() + ": " + fields.getOrDefault(column, "") + " (expected: " + expected + ")");
    }
}
