package dev.cgnat.core.port;

import java.util.random.RandomGenerator;

/**
 * The set of slots among which one port may be drawn, and how many of them live, rest, or are reserved.
 *
 * <p>Invariant: live + held + reserved = used slots of the tree. <b>Ownership</b>: one thread.
 */
public final class PortUnit {
    private static final int[] NO_CHAINS = {};

    private final UnitKey key;
    private final SlotTree slots;
    private int held;
    private int reserved;
    private int waiting;
    /** Per hold-down ring: first and last entry of this unit, and how many; empty until something rests. */
    int[] chains = NO_CHAINS;

    public PortUnit(UnitKey key, int slots) {
        this.key = key;
        this.slots = new SlotTree(slots);
    }

    public UnitKey key() {
        return key;
    }

    public int size() {
        return slots.size();
    }

    /** Live, held and reserved slots together. */
    public int used() {
        return slots.used();
    }

    /** What fills the unit by its own traffic: live and held slots. */
    public int occupied() {
        return slots.used() - reserved;
    }

    public boolean isFull() {
        return slots.used() == slots.size();
    }

    public boolean hasHeld() {
        return held > 0;
    }

    public boolean isUsed(int slot) {
        return slots.isUsed(slot);
    }

    /** Nothing lives, rests, is reserved or waits here, so the unit can go. */
    public boolean isEmpty() {
        return slots.used() == 0 && waiting == 0;
    }

    /** Takes a free slot as live, each with the same probability; {@link SlotTree#NO_SLOT} if there is none. */
    public int claimUniform(RandomGenerator random) {
        return slots.claimUniform(random);
    }

    /** A live slot becomes free. */
    public void release(int slot) {
        slots.release(slot);
    }

    /** A live slot begins to rest; {@link HoldDown} alone decides that, and when it ends. */
    void hold() {
        held++;
    }

    /** A resting slot becomes free. */
    void releaseHeld(int slot) {
        held--;
        slots.release(slot);
    }

    /** A live slot becomes reserved. */
    public void reserve() {
        reserved++;
    }

    /** A reserved slot becomes free. */
    public void releaseReserved(int slot) {
        reserved--;
        slots.release(slot);
    }

    /** Whether flows wait for a slot of this unit. */
    public boolean hasWaiting() {
        return waiting > 0;
    }

    /** One more flow waits. */
    public void waitingBegan() {
        waiting++;
    }

    /** One flow waits no longer. */
    public void waitingEnded() {
        waiting--;
    }
}
