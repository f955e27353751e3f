package dev.cgnat.proxy;

import dev.cgnat.core.DeterministicOwner;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ConfigException;
import dev.cgnat.proxy.config.ConfigLoader;
import dev.cgnat.proxy.config.LogSink;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.log.Attribution;
import dev.cgnat.proxy.log.Attribution.Holder;
import dev.cgnat.proxy.log.LogFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;

/** {@code natproxy lookup}: who had an external address and port, from logs and from the formula of deterministic pools. */
@Command(
        name = "lookup",
        mixinStandardHelpOptions = true,
        description =
                "Tell who had an external address and port at a time: by the formula of a deterministic pool (-c), else from "
                        + "translation logs (--log; with -c also the file that the configuration names). Exit code 6 if nobody had it.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class LookupCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "IP:PORT", description = "The external endpoint.", converter = EndpointConverter.class)
    private Endpoint external;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "When, as RFC 3339 says it, such as 2026-11-21T14:00:06.123Z; now if absent.",
            converter = TimeConverter.class)
    private Optional<Instant> at = Optional.empty();

    @Option(
            names = "--tolerance",
            paramLabel = "DURATION",
            defaultValue = "0s",
            description = "How far the clock that told the time may be off, such as 500ms or 2s; 0s if absent.",
            converter = DurationConverter.class)
    private Duration tolerance;

    @Option(
            names = "--destination",
            paramLabel = "IP:PORT",
            description =
                    "Where the flow went, as pools may lend a port to several subscribers towards different destinations.",
            converter = EndpointConverter.class)
    private Optional<Endpoint> destination = Optional.empty();

    @Option(
            names = "--log",
            paramLabel = "FILE",
            arity = "1..*",
            description =
                    "Translation logs, in any order: JSON lines, CSV or a syslog file with JSON in it, also gzipped.")
    private List<Path> logs = List.of();

    @Option(names = "-c", paramLabel = "FILE", description = "Configuration of the proxy.")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(names = "-o", paramLabel = "FORMAT", defaultValue = "text", description = "text or json.")
    private Format format;

    private enum Format {
        TEXT,
        JSON
    }

    @Override
    public Integer call() {
        try {
            Optional<ProxyConfig> config =
                    file.isPresent() ? Optional.of(options.load(file).config()) : Optional.empty();
            List<Holder> holders = find(config);
            PrintWriter out = spec.commandLine().getOut();
            holders.forEach(holder -> out.println(format == Format.JSON ? json(holder) : text(holder)));
            out.flush();
            if (holders.isEmpty()) {
                System.err.println("nobody had " + external);
                return ExitCodes.NOT_FOUND;
            }
            if (holders.stream().map(Holder::subscriber).distinct().count() > 1) {
                System.err.println(
                        "more than one subscriber: the port was shared, towards different destinations (--destination), or "
                                + "changed hands within the tolerance");
            }
            return ExitCodes.OK;
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            return ExitCodes.INVALID_CONFIG;
        } catch (IOException e) {
            System.err.println("error: " + e);
            return ExitCodes.FAILED;
        }
    }

    private List<Holder> find(Optional<ProxyConfig> config) throws IOException {
        Optional<PoolConfig> deterministic = config.stream()
                .flatMap(known -> known.nat().pools().stream())
                .filter(pool -> pool.deterministic().isPresent())
                .filter(pool -> pool.addresses().stream().anyMatch(range -> range.contains(external.address())))
                .findFirst();
        if (deterministic.isPresent()) {
            DeterministicOwner owner = new DeterministicOwner(deterministic.get());
            if (!owner.isDynamic(external)) {
                return owner.of(external).map(internal -> byFormula(internal, deterministic.get())).stream()
                        .toList();
            }
        }
        List<Path> files = new ArrayList<>(logs);
        config.map(known -> known.translationLog().sink())
                .filter(LogSink.File.class::isInstance)
                .map(sink -> ((LogSink.File) sink).path())
                .ifPresent(files::add);
        if (files.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "nothing to look in (expected: --log FILE, or -c FILE whose translation-log has sink file, or whose pool "
                            + "is deterministic)");
        }
        return inLogs(files);
    }

    private Holder byFormula(IpAddress internal, PoolConfig pool) {
        return new Holder(
                new Subscriber(internal.toString()),
                Optional.empty(),
                Optional.empty(),
                pool.name(),
                Instant.MIN,
                Optional.empty(),
                false);
    }

    private List<Holder> inLogs(List<Path> files) throws IOException {
        Attribution attribution = new Attribution(external, destination);
        for (Path path : files) {
            LogFile log = new LogFile(path);
            log.read(attribution::mayBeIn, attribution::add);
            if (log.malformed() > 0) {
                System.err.println(path + ": " + log.malformed() + " lines are no records");
            }
        }
        List<Holder> holders = attribution.at(at.orElseGet(Instant::now), tolerance);
        if (attribution.lacksDestinations()) {
            System.err.println("the log names no destinations, so --destination tells nobody apart");
        }
        if (attribution.lost() > 0) {
            System.err.println("the log lacks " + attribution.lost() + " records, by its own account");
        }
        return holders;
    }

    private static String text(Holder holder) {
        if (holder.from().equals(Instant.MIN)) {
            return holder.subscriber() + " always, pool " + holder.pool() + " (by formula)";
        }
        String from = holder.from().equals(Instant.EPOCH)
                ? "before these records"
                : holder.from().toString();
        return holder.subscriber()
                + holder.internal().map(internal -> " from " + internal).orElse("")
                + holder.destination().map(to -> " to " + to).orElse("")
                + ", " + from + " until "
                + holder.until().map(Instant::toString).orElse("now or the end of these records")
                + ", pool " + holder.pool()
                + (holder.isResting() ? " (ended, and nobody else could have it yet)" : "");
    }

    private String json(Holder holder) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("external", external.toString());
        object.put("subscriber", holder.subscriber().name());
        holder.internal().ifPresent(internal -> object.put("internal", internal.toString()));
        holder.destination().ifPresent(to -> object.put("destination", to.toString()));
        object.put("pool", holder.pool());
        boolean isByFormula = holder.from().equals(Instant.MIN);
        object.put("source", isByFormula ? "formula" : holder.internal().isPresent() ? "session" : "block");
        if (!isByFormula && !holder.from().equals(Instant.EPOCH)) {
            object.put("from", holder.from().toString());
        }
        holder.until().ifPresent(until -> object.put("until", until.toString()));
        object.put("resting", holder.isResting());
        return new JsonMapper().writeValueAsString(object);
    }

    static final class EndpointConverter implements ITypeConverter<Endpoint> {
        @Override
        public Endpoint convert(String text) {
            try {
                return LogFile.endpoint(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(text + " (expected: address:port, such as 127.0.1.1:40000)");
            }
        }
    }

    static final class TimeConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(text + " (expected: a time such as 2026-11-21T14:00:06.123Z)");
            }
        }
    }

    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return ConfigLoader.duration(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(text + " " + e.getMessage());
            }
        }
    }
}
