package dev.cgnat.bench.trace;

import dev.cgnat.core.address.Protocol;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads protocols, by name or number. */
final class Protocols {
    private static final int LONGEST_NAME = 10;

    private Protocols() {}

    /** Null for one that a NAT of this kind does not translate. */
    static @Nullable Protocol read(Row row) throws BrokenLineException {
        if (row.is(Column.PROTOCOL, "tcp") || row.is(Column.PROTOCOL, "TCP") || row.is(Column.PROTOCOL, "6")) {
            return Protocol.TCP;
        }
        if (row.is(Column.PROTOCOL, "udp") || row.is(Column.PROTOCOL, "UDP") || row.is(Column.PROTOCOL, "17")) {
            return Protocol.UDP;
        }
        if (row.isUnset(Column.PROTOCOL)) {
            throw BrokenLineException.of(Column.PROTOCOL, "", "a protocol such as tcp or 6");
        }
        String name = row.length(Column.PROTOCOL) > LONGEST_NAME
                ? ""
                : row.string(Column.PROTOCOL).toLowerCase(Locale.ROOT);
        return switch (name) {
            case "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            case "icmp", "icmp6", "icmpv6", "ipv6-icmp", "1", "58" -> Protocol.ICMP;
            default -> null;
        };
    }

    /** Whether messages of that type ask for an answer, so that a NAT gives them an identifier (RFC 5508), or are that answer. */
    static boolean isQuery(int icmpType) {
        return switch (icmpType) {
            case 0, 8 -> true; // echo
            case 13, 14 -> true; // timestamp
            case 17, 18 -> true; // address mask
            case 128, 129 -> true; // echo, ICMPv6
            default -> false;
        };
    }
}
