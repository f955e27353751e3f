package dev.cgnat.bench.trace;

import java.util.Locale;

/** Lines of a Zeek {@code conn.log}, made here by the published format; no real traffic. */
@SuppressWarnings("StringConcatToTextBlock") // tabs would not be seen in a text block
final class ZeekSample {
    static final String HEADER = String.join(
            "\n",
            "#separator \\x09",
            "#set_separator\t,",
            "#empty_field\t(empty)",
            "#unset_field\t-",
            "#path\tconn",
            "#open\t2026-01-31-12-00-00",
            "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes"
                    + "\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts"
                    + "\tresp_ip_bytes\ttunnel_parents",
            "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount"
                    + "\tstring\tcount\tcount\tcount\tcount\tset[string]",
            "");

    private ZeekSample() {}

    /** A line without its line feed. */
    static String tsv(String ts, String from, String to, String proto, String duration, String state, String history) {
        String[] source = endpoint(from);
        String[] destination = endpoint(to);
        return String.join(
                "\t",
                ts,
                "CyAhVt2VhEzLgkQhL7",
                source[0],
                source[1],
                destination[0],
                destination[1],
                proto,
                "-",
                duration,
                "612",
                "6801",
                state,
                "T",
                "F",
                "0",
                history,
                "11",
                "1060",
                "11",
                "7292",
                "-");
    }

    static String json(String ts, String from, String to, String proto, String duration, String state, String history) {
        String[] source = endpoint(from);
        String[] destination = endpoint(to);
        return String.format(
                Locale.ROOT,
                "{\"ts\":%s,\"uid\":\"CyAhVt2VhEzLgkQhL7\",\"id.orig_h\":\"%s\",\"id.orig_p\":%s,\"id.resp_h\":\"%s\","
                        + "\"id.resp_p\":%s,\"proto\":\"%s\",\"duration\":%s,\"conn_state\":\"%s\",\"history\":\"%s\","
                        + "\"tunnel_parents\":[],\"local_orig\":true}",
                ts,
                source[0],
                source[1],
                destination[0],
                destination[1],
                proto,
                duration,
                state,
                history);
    }

    private static String[] endpoint(String text) {
        int colon = text.lastIndexOf(':');
        return new String[] {text.substring(0, colon), text.substring(colon + 1)};
    }
}
