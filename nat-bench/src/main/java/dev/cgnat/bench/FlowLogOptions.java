package dev.cgnat.bench;

import dev.cgnat.bench.load.Durations;
import dev.cgnat.bench.trace.CsvColumns;
import dev.cgnat.bench.trace.Inside;
import dev.cgnat.bench.trace.LogCounts;
import dev.cgnat.bench.trace.LogFormat;
import dev.cgnat.bench.trace.LogOptions;
import dev.cgnat.bench.trace.LogSource;
import dev.cgnat.bench.trace.ReplayPlan;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** How logs of real flows are to be read and replayed: the options of the commands that take some. */
/*
 * More than seven fields: each is an option, and they go together.
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
class FlowLogOptions {
    private static final int MOST_LOGS = 1000;
    private static final int BROKEN_TOLD = 5;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "auto",
            description = "zeek, nfdump, vpc, csv, or auto: by the beginning of each log (default: ${DEFAULT-VALUE})")
    private String format;

    @Option(
            names = "--columns",
            paramLabel = "MAP",
            description =
                    "columns of a CSV by the names in its header: start=…,duration=… (or end=…),src=…,src-port=…,dst=…,"
                            + "dst-port=…, and if there are such protocol=…,close=…")
    private Optional<String> columns = Optional.empty();

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            defaultValue = "UTC",
            description = "of times in nfdump and CSV logs that name none (default: ${DEFAULT-VALUE})")
    private String zone;

    @Option(
            names = "--inside",
            required = true,
            split = ",",
            paramLabel = "PREFIX",
            description = "addresses of the subscribers, such as 10.0.0.0/8,2001:db8::/32")
    private List<String> inside;

    @Option(
            names = "--protocols",
            split = ",",
            paramLabel = "PROTOCOL",
            defaultValue = "tcp,udp,icmp",
            description = "that are replayed (default: ${DEFAULT-VALUE})")
    private List<Protocol> protocols;

    @Option(
            names = "--reorder",
            paramLabel = "TIME",
            defaultValue = "60s",
            description =
                    "how much a line may come later than its successors in time; logs that are written at the end of"
                            + " flows need as much as their longest flow lasts (default: ${DEFAULT-VALUE})")
    private Duration reorder;

    @Option(
            names = "--stitch",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "the longest gap between two lines of one flow (default: ${DEFAULT-VALUE})")
    private Duration stitch;

    @Option(
            names = "--udp-idle",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "how long the NAT keeps a UDP port after the last packet (default: ${DEFAULT-VALUE})")
    private Duration udpIdle;

    @Option(
            names = "--icmp-idle",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "the same for ICMP; TCP is kept as timeouts.established says (default: ${DEFAULT-VALUE})")
    private Duration icmpIdle;

    @Option(names = "--strict", description = "the first broken line is the end, with exit code 1")
    private boolean strict;

    /** Counts lines, and names the first broken ones. */
    LogCounts counts(Consumer<String> warnings) {
        return new LogCounts(strict, BROKEN_TOLD, warnings);
    }

    /**
     * How to read them, for one replay.
     *
     * @throws IllegalArgumentException if an option cannot be
     */
    LogOptions reading(ProxyConfig config) {
        return new LogOptions(
                LogFormat.parse(format),
                columns.map(CsvColumns::parse),
                zone(),
                Inside.of(inside, config.subscriber(), config.bypass()));
    }

    /**
     * How to replay them.
     *
     * @param config whose timeouts hold
     * @param pool of {@code nat}
     * @throws IllegalArgumentException if an option cannot be
     */
    ReplayPlan plan(ProxyConfig config, NatConfig nat, PoolConfig pool, long seed) {
        Set<Protocol> chosen = EnumSet.noneOf(Protocol.class);
        chosen.addAll(protocols);
        return new ReplayPlan(
                nat,
                pool,
                chosen,
                new ReplayPlan.Timers(
                        config.timeouts().connect(), config.timeouts().established(), udpIdle, icmpIdle),
                reorder,
                stitch,
                seed);
    }

    private ZoneId zone() {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("zone: " + zone + " (expected: such as UTC or Europe/Berlin)", e);
        }
    }

    /** Refuses more logs than can be open at a time. */
    static void requireCount(List<String> logs) {
        if (logs.size() > MOST_LOGS) {
            throw new IllegalArgumentException("logs: " + logs.size() + " (expected: at most " + MOST_LOGS + ")");
        }
    }

    /** The file of that name. */
    static LogSource file(String log) {
        if (!Files.isReadable(Path.of(log)) || Files.isDirectory(Path.of(log))) {
            throw new IllegalArgumentException("log: " + log + " (expected: a file that can be read)");
        }
        return LogSource.of(Path.of(log));
    }

    /** Puts what was asked for into the parameters of a report. */
    void putInto(Map<String, String> parameters, ReplayPlan plan) {
        parameters.put("format", format);
        columns.ifPresent(map -> parameters.put("columns", map));
        parameters.put("inside", String.join(",", inside));
        parameters.put(
                "protocols", plan.protocols().stream().map(Protocol::label).collect(Collectors.joining(",")));
        parameters.put("reorder", Durations.text(reorder));
        parameters.put("stitch", Durations.text(stitch));
        parameters.put("tcp-idle", Durations.text(plan.timers().tcp()));
        parameters.put("udp-idle", Durations.text(udpIdle));
        parameters.put("icmp-idle", Durations.text(icmpIdle));
    }
}
