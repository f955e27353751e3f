package dev.cgnat.core.port;

import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a pool, by unit: which are used, and which free one comes next.
 *
 * <p>A unit is a number; it lasts until {@link #tidy} forgets it. <b>Ownership</b>: one thread. <b>Costs</b>: every operation
 * is O(log n) at most, whatever the occupancy, and allocates nothing once a unit has its bitmap and its pages; a used slot
 * takes 3 to 10 bytes while its unit is sparse and has many, a destination with one 71, a slot of a dense unit 0.13 byte whether it
 * is used or not. A unit that changes back to
 * sparse copies its used slots, at most one in {@value #DEMOTE_BELOW} of its slots.
 */
/*
 * Two tiers. A sparse unit has its used slots in its row of the table, in a small block, or in a set that many units share; a dense
 * one has a bitmap under a count tree.
 *
 *              a draw collides twice in a row
 *     sparse      ────────────────────────────►  dense      entries left behind in the set move when met
 *     SparseSlots ◄────────────────────────────  SlotTree
 *              used < size / 256 and nothing rests
 *
 * A draw in a sparse unit takes any slot and looks whether it is used. With k of n slots used, two draws in a row collide
 * with probability (k/n)^2, so a unit is promoted when it has about (3 n^2)^(1/3) used slots [1]. Below n / 64 used slots a
 * bitmap would take more memory than the set does, and a third collision is unlikely; such a unit may collide eight times.
 *
 * Promotion moves a block, but nothing out of the set: what is there counts as free in the bitmap. So a draw by rank can land
 * on a slot that is left behind: it moves over and the draw is repeated. As each repetition removes one of them, that ends.
 * Besides, each draw moves what it finds at the next slot of a sweep, so that the set has none left when the unit fills up.
 *
 * Each attempt, in either tier, draws uniformly from a set of slots that contains every legal one, and is accepted exactly
 * when its slot is legal; whatever was tried before, legal slots are thus equally likely [2]. A refusal is decided by counts
 * alone: legal = size - used - used in the overlay.
 *
 * An overlay is a second unit whose used slots are avoided. Its bitmap, when it has one, takes part in the draw by rank; when it
 * has none, its slots are looked up in the set like those of a sparse unit.
 *
 * [1] P. Flajolet, D. Gardy, L. Thimonier, Birthday paradox, coupon collectors, caching algorithms and self-organizing
 *     search, Discrete Applied Mathematics 39, 1992.
 * [2] J. von Neumann, Various techniques used in connection with random digits, NBS AMS 12, 1951.
 */
public final class PortSpace {
    /** What a draw returns when no slot is legal. */
    public static final int NO_SLOT = SlotTree.NO_SLOT;

    /** No unit: nothing of that key is used, or no overlay is asked for. */
    public static final int NO_UNIT = UnitTable.NONE;

    private static final int WORTH_A_BITMAP = 64;
    private static final int DEMOTE_BELOW = 256;
    private static final int PATIENCE = 2;
    private static final int MUCH_PATIENCE = 8;
    private static final int WELL_WORTH_A_BITMAP = 16;
    private static final int FEW = 8;
    private static final int SWEEP_STEPS = 4;

    private final UnitTable units = new UnitTable();
    private final SparseSlots sparse = new SparseSlots();

    /** The unit of {@code key}, new and empty if there was none; {@link #tidy} must follow if nothing is claimed. */
    public int unit(UnitKey key, int size) {
        int unit = units.find(key);
        if (unit != NO_UNIT) {
            return unit;
        }
        if (size < 1) {
            throw new IllegalArgumentException("size: " + size + " (expected: at least 1)");
        }
        return units.add(key, size);
    }

    /** The unit of {@code key}, {@link #NO_UNIT} if there is none. */
    public int find(UnitKey key) {
        return units.find(key);
    }

    public UnitKey key(int unit) {
        return units.key(unit);
    }

    /** That of the unit's key. */
    public int region(int unit) {
        return units.region(unit);
    }

    public int size(int unit) {
        DenseUnit dense = units.dense(unit);
        return dense == null ? units.size(unit) : dense.tree.size();
    }

    public int used(int unit) {
        DenseUnit dense = units.dense(unit);
        return dense == null ? SparseSlots.used(units.rows(unit), UnitTable.at(unit)) : dense.used();
    }

    /** Slots that are not used. */
    public int free(int unit) {
        DenseUnit dense = units.dense(unit);
        return dense == null ? units.size(unit) - used(unit) : dense.tree.size() - dense.used();
    }

    public boolean isUsed(int unit, int slot) {
        DenseUnit dense = units.dense(unit);
        if (dense == null) {
            Objects.checkIndex(slot, units.size(unit));
            return sparse.contains(units.rows(unit), UnitTable.at(unit), unit, slot);
        }
        return dense.tree.isUsed(slot) || (dense.leftBehind > 0 && sparse.isInSet(unit, slot));
    }

    /**
     * Claims a slot that is free in {@code unit} and in {@code overlay}, each with the same probability; {@link #NO_SLOT}
     * only if there is none.
     *
     * @param overlay a unit of the same size of which no used slot is used in {@code unit}, or {@link #NO_UNIT}
     */
    public int claimUniform(int unit, int overlay, RandomGenerator random) {
        long[] rows = units.rowsUnchecked(unit);
        int at = UnitTable.at(unit);
        long state = rows[at + Row.STATE];
        if (overlay != NO_UNIT || !Row.isPlain(state) || Row.used(state) == Row.NARROW_PLACES) {
            return claimElsewhere(unit, overlay, random);
        }
        int slot = Uniform.below(Row.size(state), random);
        if (Row.contains(rows, at, slot, false)) {
            return claimFound(unit, search(unit, NO_UNIT, NO_SLOT, random, 1));
        }
        Row.add(rows, at, state, slot, false);
        return slot;
    }

    /** As {@link #claimUniform}, for any unit. */
    private int claimElsewhere(int unit, int overlay, RandomGenerator random) {
        DenseUnit dense = units.dense(unit);
        if (overlay != NO_UNIT || (dense != null && dense.leftBehind > 0)) {
            return claimFound(unit, search(unit, overlay, NO_SLOT, random, 0));
        }
        if (dense != null) {
            return dense.tree.claimUniform(random);
        }
        int slot = Uniform.below(units.size(unit), random);
        if (sparse.add(units.rows(unit), UnitTable.at(unit), unit, slot)) {
            return slot;
        }
        return claimFound(unit, search(unit, NO_UNIT, NO_SLOT, random, 1));
    }

    /** Claims {@code slot} if it is free in {@code unit}. */
    public boolean claim(int unit, int slot) {
        if (isUsed(unit, slot)) {
            return false;
        }
        take(unit, slot);
        return true;
    }

    /**
     * The first slot at or after {@code from}, going round at the end, that is free in {@code unit} and {@code overlay};
     * {@link #NO_SLOT} only if there is none.
     */
    public int nextFree(int unit, int overlay, int from) {
        Objects.checkIndex(from, size(unit));
        return search(unit, overlay, from, null, 0);
    }

    /** A used slot becomes free; {@link IllegalStateException} if it is free already. */
    public void release(int unit, int slot) {
        long[] rows = units.rowsUnchecked(unit);
        int at = UnitTable.at(unit);
        long state = rows[at + Row.STATE];
        if (!Row.isPlain(state)) {
            releaseElsewhere(unit, slot);
            return;
        }
        long found = Row.find(rows, at, slot, false);
        if (found == 0 || Integer.compareUnsigned(slot, Row.size(state)) >= 0) {
            throw notUsed(slot);
        }
        Row.remove(rows, at, state, slot, found, false);
    }

    /** As {@link #release}, for any unit. */
    private void releaseElsewhere(int unit, int slot) {
        DenseUnit dense = units.dense(unit);
        if (dense != null) {
            if (!dense.tree.releaseIfUsed(slot) && !releaseLeftBehind(unit, dense, slot)) {
                throw notUsed(slot);
            }
            if (dense.used() < dense.tree.size() / DEMOTE_BELOW + 1 && !dense.hasRests()) {
                demote(unit, dense);
            }
        } else if (Integer.compareUnsigned(slot, units.size(unit)) >= 0
                || !sparse.remove(units.rows(unit), UnitTable.at(unit), unit, slot)) {
            throw notUsed(slot);
        }
    }

    private static IllegalStateException notUsed(int slot) {
        return new IllegalStateException("slot: " + slot + " (expected: a used slot)");
    }

    /** Keeps {@code unit} and its number although it is empty, until {@link #unpin} was called as often. */
    public void pin(int unit) {
        units.addPins(unit, 1);
    }

    public void unpin(int unit) {
        units.addPins(unit, -1);
    }

    /** Forgets {@code unit} if nothing is used in it and nobody pins it; whether it did. Its number may then be given to another. */
    public boolean tidy(int unit) {
        long state = units.rowsUnchecked(unit)[UnitTable.at(unit) + Row.STATE];
        int used = Row.isInline(state) ? Row.used(state) : used(unit);
        if (used > 0 || units.pins(unit) > 0) {
            return false;
        }
        units.remove(unit);
        return true;
    }

    /** Units that are not forgotten. */
    public int unitCount() {
        return units.count();
    }

    /** Heap taken, in bytes, if an object header takes 16 and a reference 4. Cost: a step per unit. */
    public long bytes() {
        return 32 + units.bytes() + sparse.bytes();
    }

    /** The bitmap of {@code unit}, absent while it is sparse. */
    @Nullable
    DenseUnit dense(int unit) {
        return units.dense(unit);
    }

    /**
     * A legal slot: drawn uniformly, or the first at or after {@code from} if {@code random} is absent.
     *
     * @param collisionsBefore draws that have met a used slot already
     */
    private int search(int unit, int overlay, int from, @Nullable RandomGenerator random, int collisionsBefore) {
        int size = size(unit);
        int usedHere = used(unit);
        int usedThere = overlay == NO_UNIT ? 0 : used(overlay);
        DenseUnit here = units.dense(unit);
        DenseUnit there = overlay == NO_UNIT ? null : units.dense(overlay);
        if (usedHere + usedThere == size) {
            if (here == null && usedHere > 0) {
                promote(unit);
            }
            return NO_SLOT;
        }
        int inSet = (here == null ? usedHere : 0) + (there == null ? usedThere : 0);
        int patience = (long) inSet * WORTH_A_BITMAP < size - (usedHere + usedThere - inSet) ? MUCH_PATIENCE : PATIENCE;
        int next = from;
        for (int collisions = collisionsBefore; ; collisions++) {
            if (collisions >= patience) {
                here = here == null ? promote(unit) : here;
                there = there == null && overlay != NO_UNIT ? promote(overlay) : there;
            }
            int slot = attempt(size, here, there, next, random);
            if (!meetsSparse(unit, here, slot) && (overlay == NO_UNIT || !meetsSparse(overlay, there, slot))) {
                return slot;
            }
            next = slot + 1 == size ? 0 : slot + 1;
        }
    }

    /** A slot that is free in the bitmaps, as far as there are any. */
    private static int attempt(
            int size, @Nullable DenseUnit here, @Nullable DenseUnit there, int from, @Nullable RandomGenerator random) {
        DenseUnit first = here == null ? there : here;
        if (first == null) {
            return random == null ? from : Uniform.below(size, random);
        }
        SlotTree second = here == null || there == null ? null : there.tree;
        return random == null ? first.tree.nextFree(second, from) : first.tree.draw(second, random);
    }

    /** Whether {@code slot} is used, though not in the bitmap; if it is left behind, it moves there. */
    private boolean meetsSparse(int unit, @Nullable DenseUnit dense, int slot) {
        if (dense == null) {
            return sparse.contains(units.rows(unit), UnitTable.at(unit), unit, slot);
        }
        return releaseLeftBehind(unit, dense, slot) && dense.tree.claim(slot);
    }

    /** Whether {@code slot} was left behind; it is free now. */
    private boolean releaseLeftBehind(int unit, DenseUnit dense, int slot) {
        if (dense.leftBehind == 0 || !sparse.removeFromSet(unit, slot)) {
            return false;
        }
        dense.leftBehind--;
        return true;
    }

    private int claimFound(int unit, int slot) {
        if (slot != NO_SLOT) {
            take(unit, slot);
        }
        return slot;
    }

    /** Uses a slot that is free. */
    private void take(int unit, int slot) {
        DenseUnit dense = units.dense(unit);
        if (dense != null) {
            if (dense.leftBehind > 0) {
                sweep(unit, dense);
            }
            dense.tree.claim(slot);
            return;
        }
        sparse.add(units.rows(unit), UnitTable.at(unit), unit, slot);
        if (used(unit) > FEW + units.size(unit) / WELL_WORTH_A_BITMAP) {
            promote(unit); // was filled by name rather than drawn from
        }
    }

    private DenseUnit promote(int unit) {
        DenseUnit dense = new DenseUnit(units.size(unit));
        dense.leftBehind = sparse.drain(units.rows(unit), UnitTable.at(unit), dense.tree);
        units.setDense(unit, dense);
        return dense;
    }

    /** Moves what was left behind at the next slot that the bitmap calls free. */
    private void sweep(int unit, DenseUnit dense) {
        int size = dense.tree.size();
        for (int step = 0; step < SWEEP_STEPS && dense.swept < size; step++) {
            int slot = dense.swept++;
            if (!dense.tree.isUsed(slot)) {
                if (releaseLeftBehind(unit, dense, slot)) {
                    dense.tree.claim(slot);
                }
                return;
            }
        }
    }

    private void demote(int unit, DenseUnit dense) {
        units.setDense(unit, null);
        long[] rows = units.rows(unit);
        int at = UnitTable.at(unit);
        SparseSlots.keepInSet(rows, at, dense.leftBehind);
        for (int slot = dense.tree.nextUsed(0); slot != NO_SLOT; slot = dense.tree.nextUsed(slot + 1)) {
            sparse.add(rows, at, unit, slot);
        }
    }
}
