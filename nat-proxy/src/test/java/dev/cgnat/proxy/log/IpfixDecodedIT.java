package dev.cgnat.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.testing.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** IPFIX as Wireshark's decoder reads it, against the JSON of the same records. */
class IpfixDecodedIT {
    private static final List<String> POOLS = List.of("main", "second");
    private static final JsonMapper JSON = new JsonMapper();

    /** Information elements by the names of the decoder. */
    private static final List<String> FIELDS = List.of(
            "nat_event",
            "srcaddr",
            "srcaddrv6",
            "srcport",
            "post_natsource_ipv4_address",
            "post_naptsource_transport_port",
            "protocol",
            "dstaddr",
            "dstport",
            "port_range_start",
            "port_range_end",
            "nat_pool_id",
            "nat_quota_exceeded_event",
            "nat_threshold_event",
            "max_session_entries",
            "max_entries_per_user",
            "addresspool_highthreshold",
            "addresspool_lowthreshold",
            "sequence",
            "od_id",
            "template_id",
            "flowset_id");

    @TempDir
    private Path folder;

    @Test
    void everyEventIsDecodedToWhatItsJsonSays() throws Exception {
        IpfixEncoder encoder = new IpfixEncoder(77, true, false, POOLS);
        encoder.addTemplates();
        List<ByteBuffer> messages = new ArrayList<>(List.of(encoder.take(0)));
        for (LogRecord record : SampleRecords.ofIpfix()) {
            assertThat(encoder.add(record)).isTrue();
            messages.add(encoder.take(SampleRecords.TIME.getEpochSecond()));
        }

        List<Map<String, String>> decoded = decode(messages);

        assertThat(decoded.get(0).getOrDefault("template_id", "").split(",", -1))
                .hasSize(IpfixTemplate.values().length)
                .startsWith("256");
        assertThat(decoded).allSatisfy(message -> assertThat(message).containsEntry("od_id", "77"));
        for (int i = 0; i < SampleRecords.ofIpfix().size(); i++) {
            Map<String, String> fields = decoded.get(i + 1);
            JsonNode json =
                    JSON.readTree(LineFormat.JSONL.line(SampleRecords.ofIpfix().get(i)));
            assertThat(fields).as("%s", json).containsEntry("sequence", Integer.toString(i));
            assertThat(expected(json))
                    .as("%s", fields)
                    .allSatisfy((name, value) -> assertThat(fields).containsEntry(name, value));
        }
    }

    @Test
    void usersAreNamedAndTheTimeIsThatOfTheEvent() throws Exception {
        IpfixEncoder encoder = new IpfixEncoder(0, false, true, POOLS);
        encoder.addTemplates();
        LogRecord.Session flow = new LogRecord.Session(
                SampleRecords.TIME,
                LogEvent.SESSION_CREATE,
                "main",
                1,
                new Subscriber("alice"),
                Protocol.TCP,
                SampleRecords.INTERNAL,
                SampleRecords.EXTERNAL,
                Optional.empty(),
                Optional.empty());
        assertThat(encoder.add(flow)).isTrue();

        String text = tshark(List.of(encoder.take(0)), "-V");

        assertThat(text).contains("Observation Time Milliseconds: Mar  1, 2026 10:20:30.123");
        assertThat(text)
                .contains("alice")
                .contains("Nat Event: NAT44 session create (4)")
                .doesNotContain("Malformed");
    }

    private static Map<String, String> expected(JsonNode json) {
        Map<String, String> fields = new TreeMap<>();
        String event = json.path("event").asString();
        fields.put("nat_event", json.path("nat-event").asString());
        if (event.startsWith("session")) {
            putEndpoint(fields, json, "internal", event.contains("64") ? "srcaddrv6" : "srcaddr", "srcport");
            putEndpoint(fields, json, "external", "post_natsource_ipv4_address", "post_naptsource_transport_port");
            putEndpoint(fields, json, "destination", "dstaddr", "dstport");
            fields.put("protocol", "6");
        } else if (event.startsWith("block")) {
            String[] ports = json.path("ports").asString().split("-", -1);
            fields.put("port_range_start", ports[0]);
            fields.put("port_range_end", ports[1]);
            fields.put("post_natsource_ipv4_address", json.path("external").asString());
            String subscriber = json.path("subscriber").asString();
            fields.put(
                    subscriber.contains(":") ? "srcaddrv6" : "srcaddr",
                    subscriber.contains(":") ? "2001:db8::" : subscriber);
        } else if (event.equals("addresses-exhausted")) {
            fields.put("nat_pool_id", pool(json));
        } else if (event.equals("ports-exhausted")) {
            fields.put("post_natsource_ipv4_address", json.path("external").asString());
        } else if (event.equals("quota-exceeded")) {
            boolean isOfUser = !json.path("cause").asString().equals("destination_limit");
            fields.put("nat_quota_exceeded_event", isOfUser ? "3" : "1");
            fields.put(
                    isOfUser ? "max_entries_per_user" : "max_session_entries",
                    json.path("limit").asString());
        } else {
            String threshold = json.path("cause").asString();
            fields.put("nat_threshold_event", threshold.equals("high") ? "1" : "2");
            fields.put(
                    "addresspool_" + threshold + "threshold", json.path("limit").asString());
            fields.put("nat_pool_id", pool(json));
        }
        return fields;
    }

    private static String pool(JsonNode json) {
        return Integer.toString(POOLS.indexOf(json.path("pool").asString()) + 1);
    }

    private static void putEndpoint(
            Map<String, String> fields, JsonNode json, String key, String address, String port) {
        String text = json.path(key).asString();
        int colon = text.lastIndexOf(':');
        fields.put(address, text.substring(0, colon).replaceAll("[\\[\\]]", ""));
        fields.put(port, text.substring(colon + 1));
    }

    /** The fields of each message. */
    private List<Map<String, String>> decode(List<ByteBuffer> messages) throws Exception {
        List<String> options = new ArrayList<>(List.of("-T", "fields", "-E", "separator=|"));
        FIELDS.forEach(field -> options.addAll(List.of("-e", "cflow." + field)));
        return tshark(messages, options.toArray(String[]::new))
                .lines()
                .map(line -> line.split("\\|", -1))
                .map(cells ->
                        IntStream.range(0, FIELDS.size()).boxed().collect(Collectors.toMap(FIELDS::get, i -> cells[i])))
                .toList();
    }

    private String tshark(List<ByteBuffer> messages, String... options) throws IOException, InterruptedException {
        Path tshark = Tools.require("tshark");
        Path text = folder.resolve("messages.txt");
        Path capture = folder.resolve("messages.pcap");
        StringBuilder hex = new StringBuilder();
        for (ByteBuffer message : messages) {
            byte[] bytes = new byte[message.remaining()];
            message.get(bytes);
            hex.append("000000 ")
                    .append(HexFormat.ofDelimiter(" ").formatHex(bytes))
                    .append('\n');
        }
        Files.writeString(text, hex);
        run(Tools.require("text2pcap").toString(), "-q", "-u", "4000,4739", text.toString(), capture.toString());
        List<String> command =
                new ArrayList<>(List.of(tshark.toString(), "-r", capture.toString(), "-d", "udp.port==4739,cflow"));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().put("TZ", "UTC");
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return output;
    }
}
