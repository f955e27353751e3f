package dev.cgnat.bench.trace;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.config.SubscriberConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Reads texts as if they were logs. */
final class Logs {
    static final List<String> INSIDE = List.of("10.0.0.0/8", "2001:db8::/32");

    private Logs() {}

    static LogOptions options() {
        return new LogOptions(
                Optional.empty(),
                Optional.empty(),
                ZoneOffset.UTC,
                Inside.of(INSIDE, SubscriberConfig.defaults(), List.of()));
    }

    static LogOptions options(String columns) {
        return new LogOptions(
                Optional.empty(),
                Optional.of(CsvColumns.parse(columns)),
                ZoneOffset.UTC,
                Inside.of(INSIDE, SubscriberConfig.defaults(), List.of()));
    }

    static LogSource source(String name, String text) {
        return source(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static LogSource source(String name, byte[] bytes) {
        return new LogSource(name, () -> new ByteArrayInputStream(bytes));
    }

    static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Every flow of a log, as {@code protocol source -> destination start+duration ENDING}, times in nanoseconds. */
    static List<String> flows(LogSource source, LogOptions options, LogCounts counts) throws IOException {
        List<String> flows = new ArrayList<>();
        try (FlowLog log = FlowLog.open(
                source.name(), source.open(), options, new RowAddresses(options.inside()), counts, bytes -> {})) {
            while (log.next()) {
                LoggedFlow flow = log.flow();
                flows.add(String.format(
                        Locale.ROOT,
                        "%s %s -> %s %d+%d %s",
                        flow.protocol.label(),
                        endpoint(flow.source.address(), flow.sourcePort),
                        endpoint(flow.destination.address(), flow.destinationPort),
                        flow.startNanos,
                        flow.endNanos - flow.startNanos,
                        flow.ending));
            }
        }
        return flows;
    }

    private static String endpoint(IpAddress address, int port) {
        return address + ":" + port;
    }
}
