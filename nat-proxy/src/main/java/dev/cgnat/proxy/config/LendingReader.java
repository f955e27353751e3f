package dev.cgnat.proxy.config;

import static dev.cgnat.proxy.config.Leaves.guarded;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.config.BlockGrowth;
import dev.cgnat.core.config.DeterministicConfig;
import dev.cgnat.core.config.DeterministicScheme;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PortBlockConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the keys of a pool that have keys of their own. */
final class LendingReader {
    /** In place of a section: what the profile says does not hold. */
    private static final String NONE = "none";

    private static final PortBlockConfig DEFAULT_BLOCKS = new PortBlockConfig(512, 8, BlockGrowth.ONE);

    private final Fields pool;
    private final Problems problems;

    LendingReader(Fields pool, Problems problems) {
        this.pool = pool;
        this.problems = problems;
    }

    /** Key by key over {@code base}, or over 512 ports and 8 blocks; {@code none} ends what the base has. */
    Optional<PortBlockConfig> blocks(Optional<PortBlockConfig> base) {
        Optional<Fields> section = section("blocks", Section.BLOCKS);
        if (section.isEmpty()) {
            return isNone("blocks") ? Optional.empty() : base;
        }
        Fields fields = section.get();
        PortBlockConfig fallback = base.orElse(DEFAULT_BLOCKS);
        return Optional.of(new PortBlockConfig(
                fields.read(
                        "size",
                        guarded(Leaves::count, n -> new PortBlockConfig(n, 1, BlockGrowth.ONE)),
                        fallback.size()),
                fields.read(
                        "max-per-subscriber",
                        guarded(Leaves::count, n -> new PortBlockConfig(1, n, BlockGrowth.ONE)),
                        fallback.maxPerSubscriber()),
                fields.read("grow", Leaves.oneOf(BlockGrowth.class), fallback.grow())));
    }

    /** Key by key over {@code base}; {@code none} ends what the base has. */
    Optional<DeterministicConfig> deterministic(Optional<DeterministicConfig> base) {
        Optional<Fields> section = section("deterministic", Section.DETERMINISTIC);
        if (section.isEmpty()) {
            return isNone("deterministic") ? Optional.empty() : base;
        }
        Fields fields = section.get();
        List<AddressRange> inside = readInside(fields, base);
        DeterministicScheme scheme = fields.read(
                "scheme",
                Leaves.oneOf(DeterministicScheme.class),
                base.map(DeterministicConfig::scheme).orElse(DeterministicScheme.SEQUENTIAL));
        boolean isSameScheme = base.filter(config -> config.scheme() == scheme).isPresent();
        int factor = fields.read(
                "dynamic-factor",
                Leaves::count,
                isSameScheme ? base.map(DeterministicConfig::dynamicFactor).orElse(0) : 0);
        int share = fields.read(
                "share",
                Leaves::count,
                isSameScheme ? base.map(DeterministicConfig::share).orElse(0) : 0);
        if (inside.isEmpty()) {
            return Optional.empty(); // which was reported
        }
        try {
            return Optional.of(new DeterministicConfig(inside, scheme, factor, share));
        } catch (IllegalArgumentException e) {
            fields.refused(e);
            return Optional.empty();
        }
    }

    /**
     * A plain duration is for every cause; otherwise each cause that is not named keeps what {@code base} has.
     *
     * @param timeWait instead of what {@code base} has after the client's FIN and after an idle time
     */
    HoldDownConfig holdDown(HoldDownConfig base, Optional<Duration> timeWait) {
        Leaf<Duration> rest = guarded(Leaves::duration, HoldDownConfig::same);
        Optional<ConfigNode> node = pool.find("hold-down");
        if (node.isPresent() && node.get() instanceof ConfigNode.Scalar scalar && !scalar.isNull()) {
            return pool.read("hold-down", rest)
                    .map(all -> HoldDownConfig.same(all.value()).withMaxHeld(base.maxHeld()))
                    .orElse(base);
        }
        Fields causes = pool.section("hold-down", Section.HOLD_DOWN);
        Optional<Duration> fin = causes.read("fin", rest).map(Located::value);
        return new HoldDownConfig(
                causes.read("client-fin", rest, fin.or(() -> timeWait).orElse(base.clientFin())),
                causes.read("server-fin", rest, fin.orElse(base.serverFin())),
                causes.read("reset", rest, base.reset()),
                causes.read("idle", rest, timeWait.orElse(base.idle())),
                causes.read("connect-failed", rest, base.connectFailed()),
                causes.read("max-held", Leaves.countOr(NONE, HoldDownConfig.UNLIMITED), base.maxHeld()));
    }

    private List<AddressRange> readInside(Fields fields, Optional<DeterministicConfig> base) {
        if (!fields.has("inside")) {
            if (base.isEmpty()) {
                fields.error(fields.at(), "inside", "missing (expected: the internal addresses that are served)");
            }
            return base.map(DeterministicConfig::inside).orElse(List.of());
        }
        List<AddressRange> ranges = new ArrayList<>();
        for (Located<AddressRange> range : fields.readSome("inside", Leaves::addresses)) {
            Optional<AddressRange> overlapped = ranges.stream()
                    .filter(earlier -> earlier.contains(range.value().first())
                            || range.value().contains(earlier.first()))
                    .findFirst();
            if (overlapped.isPresent()) {
                fields.error(
                        range.at(), "inside", range.text() + " (expected: no overlap with " + overlapped.get() + ")");
            } else {
                ranges.add(range.value());
            }
        }
        return ranges;
    }

    private boolean isNone(String key) {
        return pool.find(key)
                .filter(node -> node instanceof ConfigNode.Scalar scalar
                        && scalar.text().equals(NONE))
                .isPresent();
    }

    /** The keys under {@code key}; empty if there is no such key, or if it says {@code none}. */
    private Optional<Fields> section(String key, Section kind) {
        return pool.has(key) && !isNone(key)
                ? pool.find(key).map(node -> Fields.of(node, pool.path(key), kind, problems))
                : Optional.empty();
    }
}
