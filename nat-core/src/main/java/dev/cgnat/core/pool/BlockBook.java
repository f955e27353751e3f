package dev.cgnat.core.pool;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.port.UnitKey;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.random.RandomGenerator;

/**
 * Books in the port block that a slot is of what becomes of the slot; nothing where ports are not lent in blocks.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) each.
 */
final class BlockBook {
    private final Regions regions;
    private final Pool.Listener listener;
    private final Optional<Blocks> blocks;

    BlockBook(
            PoolConfig config,
            Regions regions,
            Barred barred,
            RandomGenerator random,
            LongSupplier clock,
            Pool.Listener listener) {
        this.regions = regions;
        this.listener = listener;
        blocks = config.blocks()
                .map(block -> new Blocks(
                        block,
                        regions.addressCount(),
                        regions.blocksPerAddress(),
                        random,
                        barred,
                        clock,
                        new Events()));
    }

    /** Empty if ports are not lent in blocks. */
    Optional<Blocks> blocks() {
        return blocks;
    }

    void opened(Place drawn) {
        inBlock(drawn.pair(), Blocks::opened);
    }

    void closed(Claim claim) {
        inBlock(claim.pair(), Blocks::closed);
    }

    void laidToRest(Claim claim, long untilNanos) {
        inBlock(claim.pair(), (lent, block) -> lent.laidToRest(block, untilNanos));
    }

    void revived(Claim claim) {
        inBlock(claim.pair(), Blocks::revived);
    }

    void rested(Claim claim) {
        inBlock(claim.pair(), Blocks::rested);
    }

    /** A slot of that unit rests no longer. */
    void rested(UnitKey key) {
        if (blocks.isPresent()) {
            regions.blockOf(key.region()).ifPresent(blocks.get()::rested);
        }
    }

    PoolTotals.PortBlocks totals() {
        return blocks.map(lent -> new PoolTotals.PortBlocks(
                        lent.total(), lent.inUse(), lent.held(), lent.allocated(), lent.released()))
                .orElse(new PoolTotals.PortBlocks(0, 0, 0, 0, 0));
    }

    private void inBlock(int pair, ObjIntConsumer<Blocks> change) {
        if (blocks.isPresent()) {
            regions.blockOf(regions.regionOf(pair)).ifPresent(block -> change.accept(blocks.get(), block));
        }
    }

    private final class Events implements Blocks.Listener {
        @Override
        public void onAllocated(Subscriber subscriber, int block) {
            listener.onBlockAllocated(subscriber, address(block), regions.portsOfBlock(block));
        }

        @Override
        public void onReleased(Subscriber subscriber, int block, boolean wasUsed) {
            listener.onBlockReleased(subscriber, address(block), regions.portsOfBlock(block));
            if (wasUsed) { // else a flow that waits would wake itself for ever
                listener.onAnyFree();
            }
        }

        private IpAddress address(int block) {
            return regions.address(block / regions.blocksPerAddress());
        }
    }
}
