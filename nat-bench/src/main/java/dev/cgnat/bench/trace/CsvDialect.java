package dev.cgnat.bench.trace;

import dev.cgnat.core.address.Protocol;
import java.time.ZoneId;
import java.util.Optional;

/** Comma-separated values of which the user says what the columns tell. */
final class CsvDialect implements Dialect {
    private static final int MAX_PORT = 65_535;

    private final CsvColumns columns;
    private final RowAddresses addresses;
    private final RowNumbers numbers;

    CsvDialect(CsvColumns columns, ZoneId zone, RowAddresses addresses) {
        this.columns = columns;
        this.addresses = addresses;
        numbers = new RowNumbers(zone);
    }

    @Override
    public char separator() {
        return ',';
    }

    @Override
    public char quote() {
        return '"';
    }

    @Override
    public Optional<Column> column(String name) {
        return columns.column(name);
    }

    @Override
    public boolean tellsInitiator() {
        return true;
    }

    @Override
    public long resolutionNanos() {
        return 1;
    }

    @Override
    public Verdict read(Row row, LoggedFlow flow) throws BrokenLineException {
        Protocol protocol = columns.has(Column.PROTOCOL) ? Protocols.read(row) : Protocol.TCP;
        if (protocol == null) {
            return Verdict.OTHER_PROTOCOL;
        }
        flow.protocol = protocol;
        flow.startNanos = numbers.moment(row, Column.START);
        flow.endNanos = columns.has(Column.END)
                ? numbers.moment(row, Column.END)
                : flow.startNanos + RowNumbers.seconds(row, Column.DURATION);
        flow.source = addresses.host(row, Column.SOURCE);
        flow.destination = addresses.host(row, Column.DESTINATION);
        boolean hasPorts = protocol != Protocol.ICMP;
        flow.sourcePort = hasPorts ? RowNumbers.whole(row, Column.SOURCE_PORT, MAX_PORT) : 0;
        flow.destinationPort = hasPorts ? RowNumbers.whole(row, Column.DESTINATION_PORT, MAX_PORT) : 0;
        flow.ending = ending(row, protocol);
        return Verdict.FLOW;
    }

    private static Ending ending(Row row, Protocol protocol) throws BrokenLineException {
        if (row.isUnset(Column.STATE)) {
            return protocol == Protocol.TCP ? Ending.UNKNOWN : Ending.SILENT;
        }
        return switch (row.string(Column.STATE)) {
            case "client_fin", "client-fin" -> Ending.CLIENT_FIN;
            case "server_fin", "server-fin" -> Ending.SERVER_FIN;
            case "reset" -> Ending.RESET;
            case "idle" -> Ending.IDLE;
            case "connect_failed", "connect-failed" -> Ending.REJECTED;
            default ->
                throw BrokenLineException.of(
                        Column.STATE,
                        row.string(Column.STATE),
                        "client_fin, server_fin, reset, idle or connect_failed");
        };
    }
}
