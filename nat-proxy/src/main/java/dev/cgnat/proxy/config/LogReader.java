package dev.cgnat.proxy.config;

import static dev.cgnat.proxy.config.Leaves.guarded;

import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.config.LogSink.Format;
import dev.cgnat.proxy.config.LogSink.Protocol;
import dev.cgnat.proxy.config.TranslationLogConfig.Granularity;
import dev.cgnat.proxy.config.TranslationLogConfig.OnFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code translation-log}, and compares it with the pools. */
final class LogReader {
    /** The keys that mean nothing without their sinks. */
    private static final Map<String, Set<Kind>> OF_SOME_SINKS = Map.of(
            "format", Set.of(Kind.STDOUT, Kind.FILE),
            "path", Set.of(Kind.FILE),
            "collector", Set.of(Kind.SYSLOG, Kind.IPFIX),
            "protocol", Set.of(Kind.SYSLOG),
            "observation-domain", Set.of(Kind.IPFIX));

    private enum Kind {
        NONE,
        STDOUT,
        FILE,
        SYSLOG,
        IPFIX
    }

    private final Fields fields;
    private final Path folder;

    /** @param folder what the name of the file is relative to */
    LogReader(Fields fields, Path folder) {
        this.fields = fields;
        this.folder = folder;
    }

    TranslationLogConfig read() {
        TranslationLogConfig base = TranslationLogConfig.defaults();
        Kind kind = fields.read("sink", Leaves.oneOf(Kind.class), Kind.NONE);
        LogSink sink = readSink(kind);
        return new TranslationLogConfig(
                sink,
                fields.read("granularity", Leaves.oneOf(Granularity.class), base.granularity()),
                fields.read("destinations", Leaves::truth, base.destinations()),
                fields.read("queue", guarded(Leaves::count, TranslationLogConfig::requireQueue), base.queue()),
                fields.read("on-log-failure", Leaves.oneOf(OnFailure.class), base.onFailure()));
    }

    /** What is logged tells who had a port, as far as one can see from the pools. */
    void check(TranslationLogConfig log, List<PoolConfig> pools) {
        if (!log.isOn()) {
            return;
        }
        for (PoolConfig pool : pools) {
            if (log.granularity() == Granularity.BLOCK && !TranslationLogConfig.blocksTellAll(pool)) {
                fields.error(
                        fields.at("granularity"),
                        "granularity",
                        "block (expected: session, as pool " + pool.name()
                                + " lends no port blocks and is not deterministic)");
            }
            if (log.granularity() == Granularity.SESSION
                    && pool.deterministic().isPresent()
                    && pool.blocks().isEmpty()) {
                fields.warning(
                        fields.at("granularity"),
                        "granularity",
                        "session: pool " + pool.name()
                                + " is deterministic, so its formula tells who had a port (RFC 7422)");
            }
            if (log.granularity() == Granularity.SESSION
                    && pool.reuseScope().isPerDestination()
                    && !log.destinations()
                    && !TranslationLogConfig.blocksTellAll(pool)) {
                fields.warning(
                        fields.at("destinations"),
                        "destinations",
                        "false: pool " + pool.name()
                                + " lends a port to several subscribers at a time, towards different"
                                + " destinations, so an address, port and time may belong to more than one"
                                + " (destinations: true, reuse-scope: address or blocks tell them apart)");
            }
        }
    }

    private LogSink readSink(Kind kind) {
        Format format = fields.read("format", Leaves.oneOf(Format.class), Format.JSONL);
        Optional<Path> path = fields.read("path", Leaves::text).map(text -> folder.resolve(text.value()));
        Optional<Target> collector = fields.read("collector", Leaves::target).map(Located::value);
        Protocol protocol = fields.read("protocol", Leaves.oneOf(Protocol.class), Protocol.UDP);
        long domain = fields.read("observation-domain", LogReader::domain, 0L);
        if (kind != Kind.NONE) {
            OF_SOME_SINKS.forEach((key, kinds) -> {
                if (!kinds.contains(kind) && fields.has(key)) {
                    fields.warning(fields.at(key), key, "not used by sink " + Leaves.word(kind));
                }
            });
        }
        return switch (kind) {
            case NONE -> new LogSink.None();
            case STDOUT -> new LogSink.Stdout(format);
            case FILE ->
                required("path", "the name of the file", path)
                        .<LogSink>map(file -> new LogSink.File(file, format))
                        .orElseGet(LogSink.None::new);
            case SYSLOG ->
                required("collector", "its host:port", collector)
                        .<LogSink>map(host -> new LogSink.Syslog(host, protocol))
                        .orElseGet(LogSink.None::new);
            case IPFIX ->
                required("collector", "its host:port", collector)
                        .<LogSink>map(host -> new LogSink.Ipfix(host, domain))
                        .orElseGet(LogSink.None::new);
        };
    }

    /** {@code value}, whose absence is a mistake unless it was one already. */
    private <T> Optional<T> required(String key, String what, Optional<T> value) {
        if (!fields.has(key)) {
            fields.error(fields.at(), key, "missing (expected: " + what + ")");
        }
        return value;
    }

    private static long domain(String text) {
        if (text.matches("\\d{1,10}") && Long.parseLong(text) <= LogSink.MAX_DOMAIN) {
            return Long.parseLong(text);
        }
        throw new IllegalArgumentException("(expected: 0 to " + LogSink.MAX_DOMAIN + ")");
    }
}
