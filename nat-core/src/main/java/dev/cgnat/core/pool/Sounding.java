package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.pool.Blocks.Block;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The slots that one flow would find, without taking one: no unit appears, nothing is drawn, no block is lent.
 *
 * <p><b>Ownership</b>: one thread; one for each dry run. <b>Costs</b>: O(1) per region looked at, and O(its slots) where
 * something is barred or the flow is the first that wants a pair for itself; O(blocks) where no free block serves.
 */
final class Sounding implements SlotSource, BlockSource {
    private final Regions regions;
    private final SlotBook slots;
    private final Mappings mappings;
    private final DestinationUse destinations;
    private final Draw draw;
    private final Optional<BlockDraw> blockDraw;
    private final List<Look> looks = new ArrayList<>();

    Sounding(
            Regions regions,
            SlotBook slots,
            Mappings mappings,
            DestinationUse destinations,
            Draw draw,
            Optional<BlockDraw> blockDraw) {
        this.regions = regions;
        this.slots = slots;
        this.mappings = mappings;
        this.destinations = destinations;
        this.draw = draw;
        this.blockDraw = blockDraw;
    }

    /** Where it has looked so far. */
    List<Look> looks() {
        return looks;
    }

    @Override
    public Found at(FlowSpec flow, int address, int region, boolean owns) {
        Optional<DestinationUse.Reached> limit =
                destinations.reached(null, flow.protocol(), flow.destination(), region, address);
        Look look = look(flow, address, region, owns, limit);
        looks.add(look);
        if (limit.isPresent()) {
            return Shortage.ofDestination(limit.get());
        }
        return look.legal() > 0 ? look : shortage(flow, region, owns, look);
    }

    @Override
    public boolean hasLegalSlot(FlowSpec flow, int region, boolean owns) {
        return isFirstOwner(flow, owns) ? legalToFirstOwner(flow, region) > 0 : draw.hasLegalSlot(flow, region, owns);
    }

    @Override
    public UnitKey key(FlowSpec flow, int region, boolean owns) {
        return draw.key(flow, region, owns);
    }

    @Override
    public void beforeOwning(Protocol protocol) {}

    @Override
    public Blocks blocks() {
        return ofBlocks().blocks();
    }

    @Override
    public Found among(FlowSpec flow, List<Block> candidates, boolean owns) {
        Found found = Shortage.limit(Shortage.Cause.EXHAUSTED, 0);
        for (Block block : candidates) {
            Found here = inBlock(flow, block.number, owns);
            boolean isTried = looks.get(looks.size() - 1).legal() > 0 || hasFree(flow, block.number, owns);
            found = isTried && !(found instanceof Look) ? here : found;
        }
        return found;
    }

    @Override
    public Found inNew(FlowSpec flow, OptionalInt address, boolean owns) {
        Found[] found = {Shortage.limit(Shortage.Cause.EXHAUSTED, 0)};
        blocks().anyFree(address, block -> {
            found[0] = inBlock(flow, block, owns);
            looks.set(looks.size() - 1, looks.get(looks.size() - 1).asNew());
            return found[0] instanceof Look;
        });
        return found[0];
    }

    @Override
    public boolean hasLegalSlotElsewhere(FlowSpec flow, int address, boolean owns) {
        return blocks().hasFreeElsewhere(address, block -> hasLegalSlot(flow, regions.ofBlock(block), owns));
    }

    @Override
    public long earliestRest(FlowSpec flow) {
        return ofBlocks().earliestRest(flow);
    }

    private Found inBlock(FlowSpec flow, int block, boolean owns) {
        return at(flow, block / regions.blocksPerAddress(), regions.ofBlock(block), owns);
    }

    /** Whether a draw would look into the block at all. */
    private boolean hasFree(FlowSpec flow, int block, boolean owns) {
        return isFirstOwner(flow, owns) || draw.free(flow, regions.ofBlock(block), owns) > 0;
    }

    private BlockDraw ofBlocks() {
        return blockDraw.orElseThrow();
    }

    private Look look(FlowSpec flow, int address, int region, boolean owns, Optional<DestinationUse.Reached> limit) {
        UnitKey key = draw.key(flow, region, owns);
        int drawn = key.region();
        int unit = slots.space().find(key);
        int overlay = draw.overlay(flow, region, owns);
        int used = used(unit) + used(overlay);
        int idle = idle(unit) + idle(overlay);
        boolean isKnown = unit != PortSpace.NO_UNIT && slots.units().isKnown(unit);
        int held = idle + (isKnown ? slots.units().use(unit).held : 0);
        int legal = isFirstOwner(flow, owns)
                ? legalToFirstOwner(flow, region)
                : slots.legal().count(key, overlay, flow.destination());
        return new Look(
                regions.isOfOneAddress(drawn) && drawn != Regions.EVERY_ADDRESS ? address : -1,
                regions.portsOf(drawn),
                regions.size(drawn),
                isFirstOwner(flow, owns)
                        ? regions.size(drawn) - legal
                        : used - held - (isKnown ? slots.units().use(unit).reserved : 0),
                held,
                limit.isPresent() ? 0 : legal,
                false,
                limit.map(DestinationUse.Reached::limit));
    }

    private Shortage shortage(FlowSpec flow, int region, boolean owns, Look look) {
        int unit = slots.space().find(draw.key(flow, region, owns));
        int overlay = draw.overlay(flow, region, owns);
        return draw.shortage(region, look.slots(), look.live(), look.held(), look.slots() - look.live() - look.held())
                .heldUntil(draw.earliestRest(flow.protocol(), unit, overlay, owns));
    }

    private int used(int unit) {
        return unit == PortSpace.NO_UNIT ? 0 : slots.space().used(unit);
    }

    private int idle(int unit) {
        return unit == PortSpace.NO_UNIT ? 0 : mappings.idle(unit);
    }

    /** Whether pairs in use are not told apart from others yet, as nobody has wanted one for himself. */
    private boolean isFirstOwner(FlowSpec flow, boolean owns) {
        return owns && !slots.ownership().isActive(flow.protocol());
    }

    private int legalToFirstOwner(FlowSpec flow, int region) {
        return slots.ownership()
                .ownable(flow.protocol(), region, pair -> slots.legal().isItself(pair, flow.destination()));
    }
}
