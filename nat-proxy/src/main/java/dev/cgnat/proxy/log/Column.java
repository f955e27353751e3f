package dev.cgnat.proxy.log;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The fields of a record as text: keys of JSON, columns of CSV, in this order. */
enum Column {
    /** RFC 3339 with microseconds, in UTC. */
    TIME,
    EVENT,
    NAT_EVENT,
    POOL,
    SUBSCRIBER,
    PROTOCOL,
    INTERNAL,
    /** An endpoint; for a block, or where ports are exhausted, an address; for the start of a log a range of them. */
    EXTERNAL,
    /** The block's, first to last. */
    PORTS,
    DESTINATION,
    FLOW,
    CAUSE,
    HELD_UNTIL,
    /** What was reached or passed; for a gap the number of records lost. */
    LIMIT;

    private static final DateTimeFormatter MICROS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Lower case with hyphens, such as {@code held-until}. */
    String key() {
        return key;
    }

    static Optional<Column> of(String key) {
        return Stream.of(values()).filter(column -> column.key.equals(key)).findFirst();
    }

    static String text(Instant time) {
        return MICROS.format(time);
    }

    /** What {@code record} says, numbers as {@link Long}, all else as {@link String}. */
    static Map<Column, Object> fields(LogRecord record) {
        Map<Column, Object> fields = new EnumMap<>(Column.class);
        fields.put(TIME, text(record.time()));
        fields.put(EVENT, record.event().label());
        record.event().number().ifPresent(number -> fields.put(NAT_EVENT, (long) number));
        if (!record.pool().isEmpty()) {
            fields.put(POOL, record.pool());
        }
        if (record instanceof LogRecord.Session session) {
            put(fields, session);
        } else if (record instanceof LogRecord.Block block) {
            fields.put(SUBSCRIBER, block.subscriber().name());
            fields.put(EXTERNAL, block.address().toString());
            fields.put(PORTS, ports(block.ports()));
        } else if (record instanceof LogRecord.Exhausted exhausted) {
            fields.put(PROTOCOL, exhausted.protocol().label());
            exhausted.address().map(IpAddress::toString).ifPresent(address -> fields.put(EXTERNAL, address));
            fields.put(CAUSE, exhausted.reason().label());
        } else if (record instanceof LogRecord.Quota quota) {
            fields.put(SUBSCRIBER, quota.subscriber().name());
            fields.put(INTERNAL, quota.internal().toString());
            fields.put(CAUSE, quota.reason().label());
            fields.put(LIMIT, quota.limit());
        } else if (record instanceof LogRecord.Threshold threshold) {
            fields.put(CAUSE, threshold.isHigh() ? "high" : "low");
            fields.put(LIMIT, (long) threshold.percent());
        } else if (record instanceof LogRecord.Start start) {
            fields.put(EXTERNAL, range(start.addresses()));
        } else if (record instanceof LogRecord.Gap gap) {
            fields.put(LIMIT, gap.lost());
        }
        return fields;
    }

    private static void put(Map<Column, Object> fields, LogRecord.Session session) {
        fields.put(SUBSCRIBER, session.subscriber().name());
        fields.put(PROTOCOL, session.protocol().label());
        fields.put(INTERNAL, session.internal().toString());
        fields.put(EXTERNAL, session.external().toString());
        session.destination().ifPresent(destination -> fields.put(DESTINATION, destination.toString()));
        fields.put(FLOW, session.flow());
        session.end().ifPresent(end -> {
            fields.put(CAUSE, end.cause());
            fields.put(HELD_UNTIL, text(end.heldUntil()));
        });
    }

    /** Both ends, also of a single one. */
    private static String ports(PortRange range) {
        return range.first() + "-" + range.last();
    }

    private static String range(AddressRange range) {
        return range.first() + "-" + range.last();
    }
}
