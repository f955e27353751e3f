package dev.cgnat.bench.size;

import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.PortBlockConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What a pool's operator can turn, one thing at a time. */
final class PoolKnobs {
    private PoolKnobs() {}

    /** The pool after one change. */
    record Change(String knob, String value, PoolConfig pool) {}

    /** The changes that are legal for {@code pool}. */
    static List<Change> of(PoolConfig pool) {
        List<Change> changes = new ArrayList<>();
        int addresses = pool.addressCount();
        if (addresses > 1) {
            add(
                    changes,
                    "addresses",
                    Integer.toString(addresses - 1),
                    () -> PoolLadder.withAddresses(pool, addresses - 1));
        }
        add(changes, "addresses", Integer.toString(addresses + 1), () -> PoolLadder.withAddresses(pool, addresses + 1));
        add(changes, "hold-down", "none", () -> withHoldDown(pool, time -> Duration.ZERO));
        add(changes, "hold-down", "half", () -> withHoldDown(pool, time -> time.dividedBy(2)));
        add(changes, "hold-down", "twice", () -> withHoldDown(pool, time -> time.multipliedBy(2)));
        if (pool.deterministic().isEmpty()) {
            Pooling other = pool.pooling().behaviour() == Pooling.PAIRED ? Pooling.ARBITRARY : Pooling.PAIRED;
            add(changes, "pooling", other.key(), () -> pool.withPooling(other));
        }
        pool.blocks().ifPresent(blocks -> {
            blocks(changes, pool, "blocks.size", blocks.size() / 2, new int[] {
                blocks.size() / 2, 2 * blocks.maxPerSubscriber()
            });
            blocks(changes, pool, "blocks.size", blocks.size() * 2, new int[] {
                blocks.size() * 2, (blocks.maxPerSubscriber() + 1) / 2
            });
            int most = blocks.maxPerSubscriber();
            blocks(changes, pool, "blocks.max-per-subscriber", most - 1, new int[] {blocks.size(), most - 1});
            blocks(changes, pool, "blocks.max-per-subscriber", most + 1, new int[] {blocks.size(), most + 1});
        });
        return changes;
    }

    private static void blocks(List<Change> changes, PoolConfig pool, String knob, int value, int[] sizeAndCount) {
        if (sizeAndCount[0] >= 1 && sizeAndCount[1] >= 1) {
            add(
                    changes,
                    knob,
                    Integer.toString(value),
                    () -> pool.withBlocks(new PortBlockConfig(
                            sizeAndCount[0],
                            sizeAndCount[1],
                            pool.blocks().orElseThrow().grow())));
        }
    }

    /** What is no legal pool, or no change, is left out. */
    private static void add(List<Change> changes, String knob, String value, Supplier<PoolConfig> changed) {
        try {
            changes.add(new Change(knob, value, changed.get()));
        } catch (IllegalArgumentException e) {
            // such as a hold-down above its longest, or blocks larger than the range: nothing that one could turn to
        }
    }

    private static PoolConfig withHoldDown(PoolConfig pool, UnaryOperator<Duration> change) {
        HoldDownConfig now = pool.holdDown();
        return pool.withHoldDown(new HoldDownConfig(
                change.apply(now.clientFin()),
                change.apply(now.serverFin()),
                change.apply(now.reset()),
                change.apply(now.idle()),
                change.apply(now.connectFailed()),
                now.maxHeld()));
    }
}
