package dev.cgnat.proxy.config;

import static dev.cgnat.proxy.config.Leaves.guarded;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.AddressChoice;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.MappingConfig;
import dev.cgnat.core.config.PairedOverflow;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PoolingConfig;
import dev.cgnat.core.config.PortBlockConfig;
import dev.cgnat.core.config.PortPreference;
import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.config.ReuseScope;
import dev.cgnat.core.config.SelectionConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** How a pool lends its ports: what a profile can say, so everything but the name and the addresses. */
record PoolRules(
        List<PortRange> ports,
        List<PortRange> excludePorts,
        ReuseScope reuseScope,
        MappingConfig mapping,
        PoolingConfig pooling,
        SelectionConfig selection,
        Optional<PortBlockConfig> blocks,
        Optional<DeterministicConfig> deterministic,
        HoldDownConfig holdDown,
        Duration segmentLifetime,
        ExhaustionRules exhaustion,
        boolean windowsEvents,
        AlarmConfig alarm) {
    /** Where a pool without addresses lends: on Linux every address of 127.0.0.0/8 is there without set-up. */
    static final AddressRange DEFAULT_ADDRESS = AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1));

    private static final PoolConfig DEFAULTS = PoolConfig.defaults("main", List.of(DEFAULT_ADDRESS));

    static PoolRules defaults() {
        return new PoolRules(
                DEFAULTS.ports(),
                DEFAULTS.excludePorts(),
                DEFAULTS.reuseScope(),
                DEFAULTS.mapping(),
                DEFAULTS.pooling(),
                DEFAULTS.selection(),
                DEFAULTS.blocks(),
                DEFAULTS.deterministic(),
                DEFAULTS.holdDown(),
                DEFAULTS.segmentLifetime(),
                ExhaustionRules.defaults(),
                false,
                AlarmConfig.defaults());
    }

    /**
     * These rules with whatever {@code fields} says instead.
     *
     * @param profile that the configuration is based on, as some keys are for some profiles alone
     */
    PoolRules overriddenBy(Fields fields, Problems problems, String profile) {
        WindowsKeys.check(fields, profile);
        LendingReader lending = new LendingReader(fields, problems);
        return new PoolRules(
                readPorts(fields, "ports", WindowsKeys.ports(fields).orElse(ports)),
                readPorts(fields, "exclude-ports", excludePorts),
                fields.read("reuse-scope", Leaves.oneOf(ReuseScope.class), reuseScope),
                readMapping(fields),
                readPooling(fields),
                new SelectionConfig(
                        fields.read("port-selection", Leaves.oneOf(PortSelection.class), selection.selection()),
                        fields.read("prefer", Leaves.oneOf(PortPreference.class), selection.prefer())),
                lending.blocks(blocks),
                lending.deterministic(deterministic),
                lending.holdDown(holdDown, WindowsKeys.timedWaitDelay(fields)),
                fields.read(
                        "segment-lifetime", guarded(Leaves::duration, DEFAULTS::withSegmentLifetime), segmentLifetime),
                exhaustion.overriddenBy(fields),
                fields.read("windows-events", Leaves::truth, windowsEvents),
                AlarmConfig.read(fields, alarm));
    }

    PoolConfig toPool(String name, List<AddressRange> addresses) {
        return new PoolConfig(
                name,
                addresses,
                ports,
                excludePorts,
                reuseScope,
                mapping,
                pooling,
                selection,
                blocks,
                deterministic,
                holdDown,
                segmentLifetime,
                exhaustion.toQueue());
    }

    /** The ports that are lent, as set bits. */
    BitSet usablePorts() {
        BitSet usable = new BitSet();
        ports.forEach(range -> usable.set(range.first(), range.last() + 1));
        excludePorts.forEach(range -> usable.clear(range.first(), range.last() + 1));
        return usable;
    }

    private MappingConfig readMapping(Fields fields) {
        Mapping behaviour = fields.read("mapping", Leaves.oneOf(Mapping.class), mapping.behaviour());
        return new MappingConfig(
                behaviour,
                fields.read(
                        "mapping-idle",
                        guarded(Leaves::duration, idle -> new MappingConfig(behaviour, idle)),
                        mapping.idle()));
    }

    private PoolingConfig readPooling(Fields fields) {
        return new PoolingConfig(
                fields.read("pooling", Leaves.oneOf(Pooling.class), pooling.behaviour()),
                fields.read("paired-idle", guarded(Leaves::duration, pooling::withPairedIdle), pooling.pairedIdle()),
                fields.read("paired-overflow", Leaves.oneOf(PairedOverflow.class), pooling.overflow()),
                fields.read("choose-address", Leaves.oneOf(AddressChoice.class), pooling.chooseAddress()));
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
