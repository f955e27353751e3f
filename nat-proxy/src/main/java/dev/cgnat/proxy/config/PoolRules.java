package dev.cgnat.proxy.config;

import static dev.cgnat.proxy.config.Leaves.guarded;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * How a pool lends its ports: what a profile can say, so everything but the name and the addresses.
 *
 * @param queueTimeout in force only if {@code onExhaustion} is {@link ExhaustionAction#QUEUE}, as is {@code queueLimit}
 */
record PoolRules(
        List<PortRange> ports,
        List<PortRange> excludePorts,
        ReuseScope reuseScope,
        Pooling pooling,
        Duration pairedIdle,
        HoldDownConfig holdDown,
        ExhaustionAction onExhaustion,
        Duration queueTimeout,
        int queueLimit) {
    /** Where a pool without addresses lends: on Linux every address of 127.0.0.0/8 is there without set-up. */
    static final AddressRange DEFAULT_ADDRESS = AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1));

    private static final PoolConfig DEFAULTS = PoolConfig.defaults("main", List.of(DEFAULT_ADDRESS));
    private static final int DEFAULT_QUEUE_LIMIT = 10_000;

    static PoolRules defaults() {
        return new PoolRules(
                DEFAULTS.ports(),
                DEFAULTS.excludePorts(),
                DEFAULTS.reuseScope(),
                DEFAULTS.pooling(),
                DEFAULTS.pairedIdle(),
                DEFAULTS.holdDown(),
                ExhaustionAction.REFUSE,
                DEFAULTS.queue().timeout(),
                DEFAULT_QUEUE_LIMIT);
    }

    /** These rules with whatever {@code fields} says instead. */
    PoolRules overriddenBy(Fields fields, Problems problems) {
        return new PoolRules(
                readPorts(fields, "ports", ports),
                readPorts(fields, "exclude-ports", excludePorts),
                fields.read("reuse-scope", Leaves.oneOf(ReuseScope.class), reuseScope),
                fields.read("pooling", Leaves.oneOf(Pooling.class), pooling),
                fields.read("paired-idle", guarded(Leaves::duration, DEFAULTS::withPairedIdle), pairedIdle),
                readHoldDown(fields, problems),
                fields.read("on-exhaustion", Leaves.oneOf(ExhaustionAction.class), onExhaustion),
                fields.read("queue-timeout", guarded(Leaves::duration, t -> new QueueConfig(t, 1)), queueTimeout),
                fields.read("queue-limit", guarded(Leaves::count, n -> new QueueConfig(queueTimeout, n)), queueLimit));
    }

    PoolConfig toPool(String name, List<AddressRange> addresses) {
        QueueConfig queue =
                onExhaustion == ExhaustionAction.QUEUE ? new QueueConfig(queueTimeout, queueLimit) : QueueConfig.none();
        return new PoolConfig(name, addresses, ports, excludePorts, reuseScope, pooling, pairedIdle, holdDown, queue);
    }

    /** The ports that are lent, as set bits. */
    BitSet usablePorts() {
        BitSet usable = new BitSet();
        ports.forEach(range -> usable.set(range.first(), range.last() + 1));
        excludePorts.forEach(range -> usable.clear(range.first(), range.last() + 1));
        return usable;
    }

    /** A plain duration is for every cause; otherwise each cause that is not named keeps what it has here. */
    private HoldDownConfig readHoldDown(Fields pool, Problems problems) {
        Leaf<Duration> rest = guarded(Leaves::duration, HoldDownConfig::same);
        Optional<ConfigNode> node = pool.find("hold-down");
        if (node.isEmpty()) {
            return holdDown;
        }
        if (node.get() instanceof ConfigNode.Scalar scalar && !scalar.isNull()) {
            return pool.read("hold-down", rest)
                    .map(all -> HoldDownConfig.same(all.value()))
                    .orElse(holdDown);
        }
        Fields causes = Fields.of(node.get(), pool.path("hold-down"), Section.HOLD_DOWN, problems);
        Optional<Duration> fin = causes.read("fin", rest).map(Located::value);
        return new HoldDownConfig(
                causes.read("client-fin", rest, fin.orElse(holdDown.clientFin())),
                causes.read("server-fin", rest, fin.orElse(holdDown.serverFin())),
                causes.read("reset", rest, holdDown.reset()),
                causes.read("idle", rest, holdDown.idle()),
                causes.read("connect-failed", rest, holdDown.connectFailed()));
    }

    private static List<PortRange> readPorts(Fields fields, String key, List<PortRange> fallback) {
        if (!fields.has(key)) {
            return fallback;
        }
        List<PortRange> ranges = new ArrayList<>();
        List<Located<PortRange>> read =
                key.equals("ports") ? fields.readSome(key, Leaves::ports) : fields.readList(key, Leaves::ports);
        for (Located<PortRange> range : read) {
            for (PortRange earlier : ranges) {
                if (range.value().first() <= earlier.last()
                        && earlier.first() <= range.value().last()) {
                    fields.error(range.at(), key, range.value() + " (expected: no overlap with " + earlier + ")");
                }
            }
            ranges.add(range.value());
        }
        return ranges;
    }
}
