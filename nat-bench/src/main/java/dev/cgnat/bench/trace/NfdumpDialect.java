package dev.cgnat.bench.trace;

import dev.cgnat.core.address.Protocol;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What {@code nfdump -o csv} writes: a header, lines, and a summary at the end. Versions before 1.7.4 call the columns
 * {@code ts,te,td,sa,…}, later ones {@code firstSeen,duration,…}.
 */
final class NfdumpDialect implements Dialect {
    private static final long SECOND = 1_000_000_000;
    private static final int MAX_PORT = 65_535;

    private final RowAddresses addresses;
    private final RowNumbers numbers;

    /** @param zone of the times, which nfdump writes without one */
    NfdumpDialect(ZoneId zone, RowAddresses addresses) {
        this.addresses = addresses;
        numbers = new RowNumbers(zone);
    }

    @Override
    public char separator() {
        return ',';
    }

    @Override
    public Optional<Column> column(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "ts", "firstSeen" -> Column.START;
                    case "td", "duration" -> Column.DURATION;
                    case "te" -> Column.END;
                    case "pr", "proto" -> Column.PROTOCOL;
                    case "sa", "srcAddr" -> Column.SOURCE;
                    case "sp", "srcPort" -> Column.SOURCE_PORT;
                    case "da", "dstAddr" -> Column.DESTINATION;
                    case "dp", "dstPort" -> Column.DESTINATION_PORT;
                    case "flg", "flags" -> Column.FLAGS;
                    default -> null;
                });
    }

    @Override
    public boolean tellsInitiator() {
        return false;
    }

    @Override
    public long resolutionNanos() {
        return SECOND;
    }

    @Override
    public Verdict read(Row row, LoggedFlow flow) throws BrokenLineException {
        Protocol protocol = Protocols.read(row);
        if (protocol == null) {
            return Verdict.OTHER_PROTOCOL;
        }
        flow.protocol = protocol;
        flow.startNanos = numbers.moment(row, Column.START);
        flow.endNanos = flow.startNanos + RowNumbers.seconds(row, Column.DURATION);
        flow.source = addresses.host(row, Column.SOURCE);
        flow.destination = addresses.host(row, Column.DESTINATION);
        flow.ending = Endings.flagLetters(row, protocol);
        if (protocol == Protocol.ICMP) {
            flow.sourcePort = 0;
            flow.destinationPort = 0;
            return Protocols.isQuery(icmpType(row)) ? Verdict.FLOW : Verdict.ICMP_MESSAGE;
        }
        flow.sourcePort = RowNumbers.whole(row, Column.SOURCE_PORT, MAX_PORT);
        flow.destinationPort = RowNumbers.whole(row, Column.DESTINATION_PORT, MAX_PORT);
        return Verdict.FLOW;
    }

    /** The destination port is 256 · type + code, or {@code type.code}. */
    private static int icmpType(Row row) throws BrokenLineException {
        int point = row.indexOf(Column.DESTINATION_PORT, '.');
        if (point < 0) {
            return RowNumbers.whole(row, Column.DESTINATION_PORT, MAX_PORT) >>> 8;
        }
        try {
            return Integer.parseInt(row.string(Column.DESTINATION_PORT).substring(0, point));
        } catch (NumberFormatException e) {
            throw BrokenLineException.of(
                    Column.DESTINATION_PORT, row.string(Column.DESTINATION_PORT), "an ICMP type and code");
        }
    }
}
