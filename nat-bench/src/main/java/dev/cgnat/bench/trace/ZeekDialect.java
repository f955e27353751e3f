package dev.cgnat.bench.trace;

import dev.cgnat.core.address.Protocol;
import java.time.ZoneOffset;
import java.util.Optional;

/** Zeek's {@code conn.log}, as TSV or as JSON with the same names. */
final class ZeekDialect implements Dialect {
    private static final int MICRO = 1_000;
    private static final int MAX_PORT = 65_535;

    private final char separator;
    private final RowAddresses addresses;
    private final RowNumbers numbers = new RowNumbers(ZoneOffset.UTC);

    ZeekDialect(char separator, RowAddresses addresses) {
        this.separator = separator;
        this.addresses = addresses;
    }

    @Override
    public char separator() {
        return separator;
    }

    @Override
    public char comment() {
        return '#';
    }

    @Override
    public Optional<Column> column(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "ts" -> Column.START;
                    case "duration" -> Column.DURATION;
                    case "proto" -> Column.PROTOCOL;
                    case "id.orig_h" -> Column.SOURCE;
                    case "id.orig_p" -> Column.SOURCE_PORT;
                    case "id.resp_h" -> Column.DESTINATION;
                    case "id.resp_p" -> Column.DESTINATION_PORT;
                    case "conn_state" -> Column.STATE;
                    case "history" -> Column.HISTORY;
                    default -> null;
                });
    }

    @Override
    public boolean tellsInitiator() {
        return true;
    }

    @Override
    public long resolutionNanos() {
        return MICRO;
    }

    @Override
    public Verdict read(Row row, LoggedFlow flow) throws BrokenLineException {
        Protocol protocol = Protocols.read(row);
        if (protocol == null) {
            return Verdict.OTHER_PROTOCOL;
        }
        flow.protocol = protocol;
        flow.startNanos = numbers.moment(row, Column.START);
        flow.endNanos = flow.startNanos + (row.isUnset(Column.DURATION) ? 0 : RowNumbers.seconds(row, Column.DURATION));
        flow.source = addresses.host(row, Column.SOURCE);
        flow.destination = addresses.host(row, Column.DESTINATION);
        flow.sourcePort = RowNumbers.whole(row, Column.SOURCE_PORT, MAX_PORT);
        flow.destinationPort = RowNumbers.whole(row, Column.DESTINATION_PORT, MAX_PORT);
        flow.ending = Endings.zeek(row, protocol);
        if (protocol == Protocol.ICMP) { // the ports are the type and the code
            int type = flow.sourcePort;
            flow.sourcePort = 0;
            flow.destinationPort = 0;
            return Protocols.isQuery(type) ? Verdict.FLOW : Verdict.ICMP_MESSAGE;
        }
        return Verdict.FLOW;
    }
}
