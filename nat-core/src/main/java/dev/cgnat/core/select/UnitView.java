package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;
import java.util.random.RandomGenerator;

/**
 * A unit as a selector sees it: legal is a slot that is free in the unit and in its overlay. One view is pointed at unit
 * after unit, so that a draw allocates nothing.
 *
 * <p>It counts probes: how many slots the selection has looked at, as if it had searched one by one. A uniform draw
 * counts as one.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: those of {@link PortSpace}.
 */
public final class UnitView {
    private final PortSpace space;
    private int unit = PortSpace.NO_UNIT;
    private int overlay = PortSpace.NO_UNIT;
    private int preferredSlot = PortSpace.NO_SLOT;
    private int lastProbed = PortSpace.NO_SLOT;
    private long probes;

    public UnitView(PortSpace space) {
        this.space = space;
    }

    /**
     * Points the view at {@code unit}.
     *
     * @param overlay a unit of the same size of which no used slot is used in {@code unit}, or {@link PortSpace#NO_UNIT}
     * @param preferredSlot the slot of the client's own port, or {@link PortSpace#NO_SLOT} if that cannot be lent here
     */
    public void look(int unit, int overlay, int preferredSlot) {
        this.unit = unit;
        this.overlay = overlay;
        this.preferredSlot = preferredSlot;
        lastProbed = PortSpace.NO_SLOT;
    }

    public int unit() {
        return unit;
    }

    public int size() {
        return space.size(unit);
    }

    /** Number of legal slots. */
    public int free() {
        int free = space.free(unit);
        return overlay == PortSpace.NO_UNIT ? free : free - space.used(overlay);
    }

    /** The slot of the client's own port, {@link PortSpace#NO_SLOT} if that cannot be lent here. */
    public int preferredSlot() {
        return preferredSlot;
    }

    /** Slots looked at since the view was made, over all units. */
    public long probes() {
        return probes;
    }

    /** The slot that was looked at last in this unit, {@link PortSpace#NO_SLOT} if none was since {@link #look}. */
    public int lastProbed() {
        return lastProbed;
    }

    /** Whether {@code slot} is legal; one probe. */
    public boolean isFree(int slot) {
        probes++;
        lastProbed = slot;
        return !space.isUsed(unit, slot) && (overlay == PortSpace.NO_UNIT || !space.isUsed(overlay, slot));
    }

    /** Claims {@code slot} if it is legal; one probe. */
    public boolean claim(int slot) {
        return isFree(slot) && space.claim(unit, slot);
    }

    /** Claims one of the legal slots, each with the same probability; {@link PortSpace#NO_SLOT} only if there is none. One probe. */
    public int claimUniform(RandomGenerator random) {
        int slot = space.claimUniform(unit, overlay, random);
        probes++;
        if (slot != PortSpace.NO_SLOT) {
            lastProbed = slot;
        }
        return slot;
    }

    /**
     * The first legal slot at or after {@code from}, going round at the end; {@link PortSpace#NO_SLOT} only if there is
     * none. Counts the probes of a linear search: all slots if none is legal.
     */
    public int nextFree(int from) {
        return nextFree(from, size());
    }

    /** As {@link #nextFree(int)}, among the first {@code count} slots from there, 1 to {@link #size()}. */
    public int nextFree(int from, int count) {
        int size = size();
        int slot = space.nextFree(unit, overlay, from);
        int distance = slot == PortSpace.NO_SLOT ? size : Math.floorMod(slot - from, size);
        boolean found = distance < count;
        int steps = found ? distance : count - 1;
        probes += steps + 1L;
        lastProbed = (int) (((long) from + steps) % size);
        return found ? slot : PortSpace.NO_SLOT;
    }

    /** Claims what {@link #nextFree(int)} finds, with its probes. */
    public int claimNextFree(int from) {
        return claimNextFree(from, size());
    }

    /** Claims what {@link #nextFree(int, int)} finds, with its probes. */
    public int claimNextFree(int from, int count) {
        int slot = nextFree(from, count);
        if (slot != PortSpace.NO_SLOT) {
            space.claim(unit, slot);
        }
        return slot;
    }

    /** Whether the unit itself uses {@code slot}, whatever the overlay does; no probe. */
    boolean isUsedInUnit(int slot) {
        return space.isUsed(unit, slot);
    }

    /** Takes back a claim of this selection, as if it had not been made. */
    void unclaim(int slot) {
        space.release(unit, slot);
    }
}
