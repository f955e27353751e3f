package dev.cgnat.bench.trace;

import dev.cgnat.core.address.Protocol;

/** What the words of the logs say about how a TCP connection ended. */
final class Endings {
    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int LONGEST_STATE = 6;

    private Endings() {}

    /** By Zeek's {@code conn_state} and {@code history}, in which capital letters are the client's steps. */
    static Ending zeek(Row row, Protocol protocol) throws BrokenLineException {
        if (protocol != Protocol.TCP) {
            return Ending.SILENT;
        }
        if (row.isUnset(Column.STATE)) {
            return Ending.UNKNOWN;
        }
        if (row.is(Column.STATE, "SF")) { // the most frequent by far
            return firstFin(row, Ending.UNKNOWN);
        }
        return switch (row.length(Column.STATE) > LONGEST_STATE ? "" : row.string(Column.STATE)) {
            case "S0" -> Ending.UNANSWERED;
            case "REJ" -> Ending.REJECTED;
            case "RSTOS0", "SH" -> Ending.REJECTED; // the client gave up before there was an answer
            case "S1" -> Ending.SILENT;
            case "S2" -> Ending.CLIENT_FIN;
            case "S3", "SHR" -> Ending.SERVER_FIN;
            case "RSTO", "RSTR", "RSTRH" -> Ending.RESET;
            case "OTH" ->
                row.indexOf(Column.HISTORY, 'R') >= 0 || row.indexOf(Column.HISTORY, 'r') >= 0
                        ? Ending.RESET
                        : firstFin(row, Ending.SILENT);
            default ->
                throw BrokenLineException.of(
                        Column.STATE, row.string(Column.STATE), "a conn_state of Zeek such as SF or S0");
        };
    }

    private static Ending firstFin(Row row, Ending otherwise) {
        int client = row.indexOf(Column.HISTORY, 'F');
        int server = row.indexOf(Column.HISTORY, 'f');
        if (client < 0 && server < 0) {
            return otherwise;
        }
        return server < 0 || (client >= 0 && client < server) ? Ending.CLIENT_FIN : Ending.SERVER_FIN;
    }

    /** By the flags of all packets, as nfdump writes them: {@code ...AP.SF}, or a number. */
    static Ending flagLetters(Row row, Protocol protocol) throws BrokenLineException {
        if (protocol != Protocol.TCP) {
            return Ending.SILENT;
        }
        if (row.isUnset(Column.FLAGS)) {
            return Ending.UNKNOWN;
        }
        if (row.has(Column.FLAGS, 'x')) {
            String text = row.string(Column.FLAGS);
            try {
                return flagBits(Integer.decode(text));
            } catch (NumberFormatException e) {
                throw BrokenLineException.of(Column.FLAGS, text, "TCP flags such as ...AP.SF or 0x1b");
            }
        }
        boolean onlySyn = row.has(Column.FLAGS, 'S') && !row.has(Column.FLAGS, 'A');
        return flagBits(
                (row.has(Column.FLAGS, 'F') ? FIN : 0) | (row.has(Column.FLAGS, 'R') ? RST : 0) | (onlySyn ? SYN : 0));
    }

    /** By a number of flags; SYN alone means an attempt without an answer. */
    static Ending flagBits(int flags) {
        if ((flags & RST) != 0) {
            return Ending.RESET;
        }
        if ((flags & FIN) != 0) {
            return Ending.CLIENT_FIN; // who closed first is not told
        }
        return flags == SYN ? Ending.UNANSWERED : Ending.UNKNOWN;
    }
}
