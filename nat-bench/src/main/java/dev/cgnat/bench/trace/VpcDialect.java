package dev.cgnat.bench.trace;

import dev.cgnat.core.address.Protocol;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** AWS VPC Flow Logs: the default format of version 2, or the fields that a header names. */
final class VpcDialect implements Dialect {
    /** The default format has no header where it does not come from a file of S3. */
    static final List<String> DEFAULT_FIELDS = List.of(
            "version",
            "account-id",
            "interface-id",
            "srcaddr",
            "dstaddr",
            "srcport",
            "dstport",
            "protocol",
            "packets",
            "bytes",
            "start",
            "end",
            "action",
            "log-status");

    private static final long SECOND = 1_000_000_000;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_FLAGS = 255;

    private final RowAddresses addresses;
    private final RowNumbers numbers = new RowNumbers(ZoneOffset.UTC);

    VpcDialect(RowAddresses addresses) {
        this.addresses = addresses;
    }

    @Override
    public char separator() {
        return ' ';
    }

    @Override
    public Optional<Column> column(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "srcaddr" -> Column.SOURCE;
                    case "dstaddr" -> Column.DESTINATION;
                    case "srcport" -> Column.SOURCE_PORT;
                    case "dstport" -> Column.DESTINATION_PORT;
                    case "protocol" -> Column.PROTOCOL;
                    case "start" -> Column.START;
                    case "end" -> Column.END;
                    case "action" -> Column.ACTION;
                    case "log-status" -> Column.STATUS;
                    case "tcp-flags" -> Column.FLAGS;
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
        if (row.is(Column.STATUS, "NODATA") || row.is(Column.STATUS, "SKIPDATA")) {
            return Verdict.NO_DATA;
        }
        if (row.is(Column.ACTION, "REJECT")) {
            return Verdict.NOT_ACCEPTED;
        }
        Protocol protocol = Protocols.read(row);
        if (protocol == null) {
            return Verdict.OTHER_PROTOCOL;
        }
        flow.protocol = protocol;
        flow.startNanos = numbers.moment(row, Column.START);
        flow.endNanos = numbers.moment(row, Column.END);
        flow.source = addresses.host(row, Column.SOURCE);
        flow.destination = addresses.host(row, Column.DESTINATION);
        flow.sourcePort = RowNumbers.whole(row, Column.SOURCE_PORT, MAX_PORT);
        flow.destinationPort = RowNumbers.whole(row, Column.DESTINATION_PORT, MAX_PORT);
        if (protocol != Protocol.TCP) {
            flow.ending = Ending.SILENT;
        } else if (row.isUnset(Column.FLAGS)) {
            flow.ending = Ending.UNKNOWN;
        } else {
            flow.ending = Endings.flagBits(RowNumbers.whole(row, Column.FLAGS, MAX_FLAGS));
        }
        return Verdict.FLOW;
    }
}
