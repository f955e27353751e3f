package dev.cgnat.proxy.client;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.ConfigOptions;
import dev.cgnat.proxy.ExitCodes;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.log.Attribution.Holder;
import dev.cgnat.proxy.log.LogFile;
import dev.cgnat.proxy.log.PastHolders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code lookup} needs to answer without a running proxy: logs, or a configuration. */
final class PastOptions {
    private static final JsonMapper JSON = new JsonMapper();

    @Option(
            names = "--log",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Ask no proxy but these translation logs, in any order: JSON lines, CSV or a syslog file with"
                    + " JSON in it, also gzipped.")
    private List<Path> logs = List.of();

    @Option(
            names = "-c",
            paramLabel = "FILE",
            description = "Ask no proxy but its configuration: the file that its translation log is written to, and the"
                    + " formula of deterministic pools.")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--tolerance",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = DurationConverter.class,
            description = "With --log or -c: how far the clock that told the time may be off, such as 2s. Default: 0s.")
    private Duration tolerance = Duration.ZERO;

    @Option(
            names = "--destination",
            paramLabel = "IP:PORT",
            description =
                    "With --log or -c: where the flow went, as pools may lend a port to several subscribers towards"
                            + " different destinations.")
    private Optional<String> destination = Optional.empty();

    /** Whether the proxy is not to be asked. */
    boolean areGiven() {
        return !logs.isEmpty() || file.isPresent();
    }

    /**
     * The answer in the shape of the admin API.
     *
     * @param at RFC 3339; now if empty
     */
    Past find(String external, Optional<String> at) throws ClientException {
        Endpoint endpoint = endpoint("IP:PORT", external);
        Optional<Endpoint> far =
                destination.isPresent() ? Optional.of(endpoint("--destination", destination.get())) : Optional.empty();
        Instant time = time(at);
        try {
            Optional<ProxyConfig> known =
                    file.isPresent() ? Optional.of(config.load(file).config()) : Optional.empty();
            PastHolders holders = PastHolders.of(known, logs);
            if (!holders.canTell(endpoint)) {
                throw ClientException.usage("-c: " + file.map(Path::toString).orElse("")
                        + " (expected: with --log FILE, or a configuration whose translation-log has sink file, or whose pool"
                        + " is deterministic)");
            }
            PastHolders.Answer answer = holders.find(endpoint, far, time, tolerance);
            return new Past(node(endpoint, time, answer), answer.remarks());
        } catch (ConfigException e) {
            throw new ClientException(ExitCodes.INVALID_CONFIG, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new ClientException(ExitCodes.FAILED, e.toString());
        }
    }

    /** What was found, and what a reader must know to trust it. */
    record Past(ObjectNode answer, List<String> remarks) {}

    private static ObjectNode node(Endpoint external, Instant at, PastHolders.Answer found) {
        ObjectNode node = JSON.createObjectNode();
        node.put("external", external.toString());
        node.put("at", at.toString());
        var records = node.putArray("records");
        for (Holder holder : found.holders()) {
            ObjectNode one = records.addObject();
            one.put("subscriber", holder.subscriber().name());
            holder.internal().ifPresent(internal -> one.put("internal", internal.toString()));
            holder.destination().ifPresent(to -> one.put("destination", to.toString()));
            one.put("pool", holder.pool());
            if (!holder.from().equals(Instant.EPOCH)) { // else before all records, or by formula: always
                one.put("from", holder.from().toString());
            }
            holder.until().ifPresent(until -> one.put("until", until.toString()));
            one.put("source", found.source());
            if (holder.isResting()) {
                one.put("resting", true);
            }
        }
        return node;
    }

    private static Endpoint endpoint(String name, String text) throws ClientException {
        try {
            return LogFile.endpoint(text);
        } catch (IllegalArgumentException e) {
            throw ClientException.usage(name + ": " + text + " (expected: address:port, such as 127.0.1.1:40000)");
        }
    }

    private static Instant time(Optional<String> at) throws ClientException {
        if (at.isEmpty()) {
            return Instant.now();
        }
        try {
            return OffsetDateTime.parse(at.get()).toInstant();
        } catch (DateTimeParseException e) {
            throw ClientException.usage("--at: " + at.get() + " (expected: a time such as 2026-11-21T14:00:06.123Z)");
        }
    }
}
