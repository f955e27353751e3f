package dev.cgnat.core.pool;

import dev.cgnat.core.pool.Blocks.Block;
import dev.cgnat.core.pool.Shortage.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Takes one slot of several port blocks, each legal slot with the same probability where the selection is uniform.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1) while some slots of the blocks are free, at worst O(blocks).
 */
final class BlockDraw implements BlockSource {
    /** Draws of a block before free slots are summed up over all of a subscriber's blocks. */
    private static final int BLOCK_DRAWS = 16;

    private static final int NO_BLOCK = -1;

    private final Blocks blocks;
    private final Regions regions;
    private final Draw draw;
    private final RandomGenerator random;

    BlockDraw(Blocks blocks, Regions regions, Draw draw, RandomGenerator random) {
        this.blocks = blocks;
        this.regions = regions;
        this.draw = draw;
        this.random = random;
    }

    @Override
    public Blocks blocks() {
        return blocks;
    }

    /**
     * From a free block, each with the same probability, which is lent with it; one without a legal slot is passed over.
     *
     * @param address where, empty = anywhere
     */
    @Override
    public Found inNew(FlowSpec flow, OptionalInt address, boolean owns) {
        List<Integer> passedOver = new ArrayList<>();
        Found found = Shortage.limit(Cause.EXHAUSTED, 0);
        int lent = NO_BLOCK;
        boolean isFinal = false;
        while (lent == NO_BLOCK && !isFinal && blocks.hasFree(address)) {
            int block = blocks.take(address);
            found = draw.at(flow, block / regions.blocksPerAddress(), regions.ofBlock(block), owns);
            if (found instanceof Shortage none) {
                passedOver.add(block);
                isFinal = none.isFinal();
            } else {
                lent = block;
            }
        }
        passedOver.forEach(blocks::putBack);
        if (lent != NO_BLOCK) {
            blocks.lend(flow.subscriber(), lent, address);
        }
        return found;
    }

    @Override
    public boolean hasLegalSlotElsewhere(FlowSpec flow, int address, boolean owns) {
        return blocks.hasFreeElsewhere(address, block -> draw.hasLegalSlot(flow, regions.ofBlock(block), owns));
    }

    /**
     * From one of {@code candidates}, each with a probability in proportion to its free slots, and if that has none after
     * all, from the others.
     */
    @Override
    public Found among(FlowSpec flow, List<Block> candidates, boolean owns) {
        List<Block> left = new ArrayList<>(candidates);
        Shortage shortage = Shortage.limit(Cause.EXHAUSTED, 0);
        while (!left.isEmpty()) {
            Block block = byFreeSlots(flow, left, owns);
            if (block == null) {
                return shortage;
            }
            left.remove(block);
            Found found = draw.at(flow, block.number / regions.blocksPerAddress(), regions.ofBlock(block.number), owns);
            if (!(found instanceof Shortage none) || none.isFinal()) {
                return found;
            }
            shortage = none;
        }
        return shortage;
    }

    @Override
    public long earliestRest(FlowSpec flow) {
        long earliest = blocks.nextReturnNanos();
        for (Block block : blocks.usable(flow.subscriber())) {
            earliest = Math.min(earliest, draw.earliestRest(flow, regions.ofBlock(block.number)));
        }
        return earliest;
    }

    /**
     * One of {@code candidates} with a probability in proportion to its free slots; absent if none has any. Most often any
     * block is drawn, and accepted with the probability that a slot of it is free; only where that fails are all summed up.
     */
    private @Nullable Block byFreeSlots(FlowSpec flow, List<Block> candidates, boolean owns) {
        if (candidates.size() == 1) {
            return free(flow, candidates.get(0), owns) > 0 ? candidates.get(0) : null;
        }
        int size = regions.size(regions.ofBlock(0));
        for (int attempt = 0; attempt < BLOCK_DRAWS; attempt++) {
            Block block = candidates.get(random.nextInt(candidates.size()));
            if (random.nextInt(size) < free(flow, block, owns)) {
                return block;
            }
        }
        long[] sums = new long[candidates.size()];
        long sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += free(flow, candidates.get(i), owns);
            sums[i] = sum;
        }
        if (sum == 0) {
            return null;
        }
        long rank = random.nextLong(sum);
        int at = 0;
        while (sums[at] <= rank) {
            at++;
        }
        return candidates.get(at);
    }

    private int free(FlowSpec flow, Block block, boolean owns) {
        return draw.free(flow, regions.ofBlock(block.number), owns);
    }
}
