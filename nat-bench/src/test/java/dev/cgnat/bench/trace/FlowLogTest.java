package dev.cgnat.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples are made here by the published formats; see {@link NfdumpIT} for real ones. */
@SuppressWarnings("StringConcatToTextBlock") // tabs would not be seen in a text block
class FlowLogTest {
    private static final String MAP = "start=ts,duration=dur,src=a,src-port=ap,dst=b,dst-port=bp,protocol=p,close=c";

    private final List<String> warnings = new ArrayList<>();
    private final LogCounts counts = new LogCounts(false, 2, warnings::add);

    private List<String> read(String text) throws IOException {
        return Logs.flows(Logs.source("x.log", text), Logs.options(), counts);
    }

    private static String zeek(String... lines) {
        return ZeekSample.HEADER + String.join("\n", lines) + "\n";
    }

    @Test
    void readsZeekTsv() throws IOException {
        assertThat(read(zeek(
                        ZeekSample.tsv(
                                "1700000000.123456",
                                "10.0.0.1:4000",
                                "198.51.100.7:443",
                                "tcp",
                                "0.5",
                                "SF",
                                "ShADadFf"),
                        ZeekSample.tsv("1700000001", "10.0.0.2:53000", "198.51.100.8:53", "udp", "-", "S0", "D"),
                        "#close\t2026-01-31-13-00-00")))
                .containsExactly(
                        "tcp 10.0.0.1:4000 -> 198.51.100.7:443 1700000000123456000+500000000 CLIENT_FIN",
                        "udp 10.0.0.2:53000 -> 198.51.100.8:53 1700000001000000000+0 SILENT");
        assertThat(counts.broken()).isZero();
    }

    @Test
    void readsZeekTsvWithAnotherSeparatorAndFieldsThatChangeUnderWay() throws IOException {
        assertThat(read("#separator \\x7c\n#fields|ts|id.orig_h|id.orig_p|id.resp_h|id.resp_p|proto|duration\n"
                        + "1700000000|10.0.0.1|1|192.0.2.1|2|tcp|1\n"
                        + "#fields|duration|ts|id.orig_h|id.orig_p|id.resp_h|id.resp_p|proto\n"
                        + "2|1700000001|10.0.0.1|3|192.0.2.1|4|udp\n"))
                .containsExactly(
                        "tcp 10.0.0.1:1 -> 192.0.2.1:2 1700000000000000000+1000000000 UNKNOWN",
                        "udp 10.0.0.1:3 -> 192.0.2.1:4 1700000001000000000+2000000000 SILENT");
    }

    @Test
    void readsZeekJsonWithSmallAndLongNumbers() throws IOException {
        assertThat(read(ZeekSample.json(
                                "1700000000.052279",
                                "10.0.0.1:1",
                                "192.0.2.1:2",
                                "tcp",
                                "1.1920928955078125e-05",
                                "RSTR",
                                "ShADr")
                        + "\n\n"
                        + ZeekSample.json(
                                "\"2026-01-31T12:00:00.25Z\"",
                                "10.0.0.1:1",
                                "192.0.2.1:3",
                                "tcp",
                                "0.0012309551239013672",
                                "S1",
                                "Sh")
                        + "\n"))
                .containsExactly(
                        "tcp 10.0.0.1:1 -> 192.0.2.1:2 1700000000052279000+11920 RESET",
                        "tcp 10.0.0.1:1 -> 192.0.2.1:3 1769860800250000000+1230955 SILENT");
    }

    @Test
    void readsIsoTimesInZeekTsv() throws IOException {
        assertThat(read(zeek(ZeekSample.tsv(
                        "2026-01-31T12:00:00.000001+00:00", "10.0.0.1:1", "192.0.2.1:2", "tcp", "1", "S1", "Sh"))))
                .containsExactly("tcp 10.0.0.1:1 -> 192.0.2.1:2 1769860800000001000+1000000000 SILENT");
    }

    @Test
    void readsIpv6InEverySpelling() throws IOException {
        assertThat(read(zeek(
                        ZeekSample.tsv("1", "2001:DB8::1:4000", "2001:db8:0:0:0:0:0:2:443", "tcp", "1", "S1", "-"),
                        ZeekSample.tsv("1", "2001:db8::1:4000", "::ffff:192.0.2.1:443", "tcp", "1", "S1", "-"))))
                .containsExactly(
                        "tcp 2001:db8::1:4000 -> 2001:db8::2:443 1000000000+1000000000 SILENT",
                        "tcp 2001:db8::1:4000 -> 192.0.2.1:443 1000000000+1000000000 SILENT");
    }

    @Test
    void zeekTellsIcmpQueriesFromErrorsByTheTypeInThePort() throws IOException {
        assertThat(read(zeek(
                        ZeekSample.tsv("1", "10.0.0.1:8", "192.0.2.1:0", "icmp", "1", "OTH", "-"),
                        ZeekSample.tsv("1", "10.0.0.1:3", "192.0.2.1:3", "icmp", "1", "OTH", "-"),
                        ZeekSample.tsv("1", "2001:db8::1:135", "2001:db9::1:0", "icmp", "1", "OTH", "-"))))
                .containsExactly("icmp 10.0.0.1:0 -> 192.0.2.1:0 1000000000+1000000000 SILENT");
        assertThat(counts.skipped()).containsExactly(Map.entry("icmp-message", 2L));
    }

    @ParameterizedTest
    @CsvSource({
        "S0,S,UNANSWERED",
        "REJ,Sr,REJECTED",
        "RSTOS0,SR,REJECTED",
        "SH,SF,REJECTED",
        "SHR,hf,SERVER_FIN",
        "S1,ShADad,SILENT",
        "S2,ShADadF,CLIENT_FIN",
        "S3,ShADadf,SERVER_FIN",
        "SF,ShADadFf,CLIENT_FIN",
        "SF,ShADadfF,SERVER_FIN",
        "SF,-,UNKNOWN",
        "RSTO,ShADadR,RESET",
        "RSTR,ShADadr,RESET",
        "RSTRH,hr,RESET",
        "OTH,Dd,SILENT",
        "OTH,DdfA,SERVER_FIN",
        "OTH,DdAr,RESET",
        "-,-,UNKNOWN"
    })
    void everyStateOfZeekHasItsEnding(String state, String history, Ending ending) throws IOException {
        assertThat(read(zeek(ZeekSample.tsv("1", "10.0.0.1:1", "192.0.2.1:2", "tcp", "1", state, history))))
                .singleElement()
                .asString()
                .endsWith(" " + ending);
    }

    @ParameterizedTest
    @CsvSource({
        "......S.,UNANSWERED",
        "...AP.SF,CLIENT_FIN",
        "...A.RS.,RESET",
        "...A.RSF,RESET",
        "...AP.S.,UNKNOWN",
        "........,UNKNOWN",
        "0x1b,CLIENT_FIN",
        "0x02,UNANSWERED"
    })
    void everyCombinationOfFlagsHasItsEnding(String flags, Ending ending) throws IOException {
        assertThat(read("ts,te,td,sa,da,sp,dp,pr,flg\n"
                        + "2026-01-31 12:00:00,2026-01-31 12:00:01,1.5,10.0.0.1,192.0.2.1,4000,443,TCP," + flags
                        + "\n"))
                .containsExactly("tcp 10.0.0.1:4000 -> 192.0.2.1:443 1769860800000000000+1500000000 " + ending);
    }

    @Test
    void readsLaterNfdumpAndLeavesOutItsSummary() throws IOException {
        assertThat(read("firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,bps,bpp,flows\n"
                        + "2026-01-31 12:00:00.250,0.100,UDP,10.0.0.1,5000,192.0.2.1,53,1,60,0,60,1\n"
                        + "2026-01-31 12:00:01.000,0.100,ICMP,10.0.0.1,0,192.0.2.1,8.0,1,60,0,60,1\n"
                        + "2026-01-31 12:00:01.000,0.100,ICMP,10.0.0.1,0,192.0.2.1,771,1,60,0,60,1\n"
                        + "2026-01-31 12:00:01.000,0.100,GRE,10.0.0.1,0,192.0.2.1,0,1,60,0,60,1\n"
                        + "Summary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n4,240,4,0,0,60\n"
                        + "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,bps,bpp,flows\n"
                        + "2026-01-31 12:00:02.000,0.100,17,10.0.0.1,5000,192.0.2.2,53,1,60,0,60,1\n"))
                .containsExactly(
                        "udp 10.0.0.1:5000 -> 192.0.2.1:53 1769860800250000000+100000000 SILENT",
                        "icmp 10.0.0.1:0 -> 192.0.2.1:0 1769860801000000000+100000000 SILENT",
                        "udp 10.0.0.1:5000 -> 192.0.2.2:53 1769860802000000000+100000000 SILENT");
        assertThat(counts.skipped()).containsEntry("icmp-message", 1L).containsEntry("other-protocol", 1L);
        assertThat(counts.broken()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n"
            })
    void readsTheDefaultFormatOfVpcWithAndWithoutItsHeader(String header) throws IOException {
        assertThat(read(header
                        + "2 123456789010 eni-1235b8ca123456789 10.0.0.1 192.0.2.1 20641 443 6 20 4249 1418530010 1418530070 ACCEPT OK\n"
                        + "2 123456789010 eni-1235b8ca123456789 10.0.0.1 192.0.2.1 20641 25 6 20 4249 1418530010 1418530070 REJECT OK\n"
                        + "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA\n"
                        + "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - SKIPDATA\n"))
                .containsExactly("tcp 10.0.0.1:20641 -> 192.0.2.1:443 1418530010000000000+60000000000 UNKNOWN");
        assertThat(counts.skipped()).containsEntry("not-accepted", 1L).containsEntry("no-data", 2L);
        assertThat(counts.lines()).isEqualTo(3); // the flow is counted when it is known whose it is
    }

    @Test
    void readsTheFieldsThatAVpcHeaderNames() throws IOException {
        assertThat(read("dstaddr srcaddr tcp-flags protocol dstport srcport end start\n"
                        + "192.0.2.1 10.0.0.1 3 6 443 20641 1418530070 1418530010\n"
                        + "192.0.2.1 10.0.0.1 2 6 443 20642 1418530070 1418530010\n"
                        + "192.0.2.1 10.0.0.1 6 6 443 20643 1418530070 1418530010\n"
                        + "192.0.2.1 10.0.0.1 0 17 443 20644 1418530070 1418530010\n"))
                .extracting(flow -> flow.substring(flow.lastIndexOf(' ') + 1))
                .containsExactly("CLIENT_FIN", "UNANSWERED", "RESET", "SILENT");
    }

    @Test
    void csvCarriesTimesToTheNanosecondAndTheCause() throws IOException {
        String text = "p,\"ts\",dur,a,ap,b,bp,c,remark\n"
                + "tcp,1700000000.123456789,0.000000001,10.0.0.1,1,192.0.2.1,2,client_fin,\"a, b\"\n"
                + "udp,1700000000.123456789,86400.5,10.0.0.1,1,192.0.2.1,2,idle,\n"
                + "tcp,5,0,10.0.0.1,1,192.0.2.1,2,server_fin,\n"
                + "tcp,5,0,10.0.0.1,1,192.0.2.1,2,reset,\n"
                + "tcp,5,0,10.0.0.1,1,192.0.2.1,2,connect_failed,\n"
                + "tcp,5,0,10.0.0.1,1,192.0.2.1,2,,\n";
        assertThat(Logs.flows(Logs.source("x.csv", text), Logs.options(MAP), counts))
                .containsExactly(
                        "tcp 10.0.0.1:1 -> 192.0.2.1:2 1700000000123456789+1 CLIENT_FIN",
                        "udp 10.0.0.1:1 -> 192.0.2.1:2 1700000000123456789+86400500000000 IDLE",
                        "tcp 10.0.0.1:1 -> 192.0.2.1:2 5000000000+0 SERVER_FIN",
                        "tcp 10.0.0.1:1 -> 192.0.2.1:2 5000000000+0 RESET",
                        "tcp 10.0.0.1:1 -> 192.0.2.1:2 5000000000+0 REJECTED",
                        "tcp 10.0.0.1:1 -> 192.0.2.1:2 5000000000+0 UNKNOWN");
    }

    @Test
    void unpacksGzipOfSeveralMembers() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(Logs.gzip(zeek(ZeekSample.tsv("1", "10.0.0.1:1", "192.0.2.1:2", "tcp", "1", "S1", "-"))));
        bytes.write(Logs.gzip(ZeekSample.tsv("2", "10.0.0.1:1", "192.0.2.1:3", "tcp", "1", "S1", "-") + "\n"));
        assertThat(Logs.flows(Logs.source("x.gz", bytes.toByteArray()), Logs.options(), counts))
                .hasSize(2);
    }

    @Test
    void gzipThatIsCutOffGivesWhatItHasAndCountsTheRestAsBroken() throws IOException {
        StringBuilder lines = new StringBuilder(ZeekSample.HEADER);
        for (int i = 0; i < 20_000; i++) {
            lines.append(ZeekSample.tsv(String.valueOf(i), "10.0.0.1:" + i, "192.0.2.1:2", "tcp", "1", "S1", "-"))
                    .append('\n');
        }
        byte[] whole = Logs.gzip(lines.toString());
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        assertThat(Logs.flows(Logs.source("x.gz", half), Logs.options(), counts))
                .hasSizeBetween(5_000, 15_000);
        assertThat(warnings).singleElement().asString().contains("the rest cannot be read");
    }

    @Test
    void brokenLinesAreNamedAndCountedAndTheRestIsRead() throws IOException {
        String good = ZeekSample.tsv("1", "10.0.0.1:1", "192.0.2.1:2", "tcp", "1", "S1", "-");
        assertThat(read(zeek(
                        good,
                        good.replace("10.0.0.1", "10.0.0.256"),
                        good.replace("\ttcp", "\ttcp\tmore"),
                        good.replace("S1", "S9"),
                        good)))
                .hasSize(2);
        assertThat(counts.broken()).isEqualTo(3);
        assertThat(counts.lines()).isEqualTo(3); // flows are counted when it is known whose they are
        assertThat(warnings)
                .containsExactly(
                        "x.log:10: source: 10.0.0.256 (expected: an IPv4 or IPv6 address)",
                        "x.log:11: 22 fields (expected: 21)",
                        "further broken lines are counted only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "x",
                "1e99",
                "99999999999",
                "1.2.3",
                "2026-13-31T12:00:00Z",
                "9999-01-01T00:00:00Z",
                "1,5",
                ""
            })
    void refusesATimeThatIsNone(String time) throws IOException {
        assertThat(read(zeek(ZeekSample.tsv(time, "10.0.0.1:1", "192.0.2.1:2", "tcp", "1", "S1", "-"))))
                .isEmpty();
        assertThat(counts.broken()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0", "10.0.0.0/8", "10.0.0.1.2", "1.2.3.*", "example.org", "fe80::1%eth0", "", "0x0a000001"
            })
    void refusesAnAddressThatIsNone(String address) throws IOException {
        assertThat(read(zeek(ZeekSample.tsv("1", address + ":1", "192.0.2.1:2", "tcp", "1", "S1", "-"))))
                .isEmpty();
        assertThat(counts.broken()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ts\":1,", "[]", "{\"ts\":1}{}", "nonsense"})
    void brokenJsonIsOneBrokenLine(String line) throws IOException {
        String good = ZeekSample.json("1", "10.0.0.1:1", "192.0.2.1:2", "tcp", "1", "S1", "");
        assertThat(read(good + "\n" + line + "\n" + good + "\n")).hasSize(2);
        assertThat(counts.broken()).isOne();
    }

    @Test
    void strictEndsAtTheFirstBrokenLine() {
        LogCounts strict = new LogCounts(true, 5, warnings::add);
        assertThatThrownBy(() -> Logs.flows(Logs.source("x.log", zeek("1\t2")), Logs.options(), strict))
                .isInstanceOf(FlowLogException.class)
                .hasMessage("x.log:9: 2 fields (expected: 21)");
    }

    @Test
    void anEndBeforeTheStartIsBroken() throws IOException {
        assertThat(read("srcaddr dstaddr srcport dstport protocol start end\n10.0.0.1 192.0.2.1 1 2 6 1000 999\n"))
                .isEmpty();
        assertThat(warnings).containsExactly("x.log:2: end: before the start");
    }

    @Test
    void aFileOfUnknownFormatIsRefused() {
        assertThatThrownBy(() -> read("a;b;c\n1;2;3\n"))
                .isInstanceOf(FlowLogException.class)
                .hasMessageStartingWith("x.log: unknown format (expected: --format");
    }

    @Test
    void aHeaderWithoutWhatIsNeededIsRefused() {
        assertThatThrownBy(() -> read("srcaddr dstaddr protocol start\n10.0.0.1 192.0.2.1 6 1\n"))
                .isInstanceOf(FlowLogException.class)
                .hasMessage(
                        "x.log: no column for duration, source-port, destination-port (expected: one of that name in the"
                                + " header)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start=ts",
                "start=ts,start=t,duration=d,src=a,src-port=b,dst=c,dst-port=e",
                "start=ts,duration=d,end=e,src=a,src-port=b,dst=c,dst-port=f",
                "start=x,duration=x,src=a,src-port=b,dst=c,dst-port=e",
                "begin=ts,duration=d,src=a,src-port=b,dst=c,dst-port=e",
                ""
            })
    void refusesAColumnMapThatIsNone(String map) {
        assertThatThrownBy(() -> CsvColumns.parse(map))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("columns: ");
    }
}
