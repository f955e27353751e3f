package dev.cgnat.core.port;

/**
 * The used slots of the units that have no bitmap, and those that a promoted unit left behind.
 *
 * <p>The caller keeps the number of used slots in the {@link UnitTable}, and changes it after {@link #add} and {@link #remove},
 * which rely on the old one. <b>Ownership</b>: one thread. <b>Costs</b>: up to 64 slots are searched all at once in 2 to 3
 * bytes per slot, of units of more than 65,536 slots up to 32 in 4 to 6; beyond that see {@link LongSet}.
 */
/*
 * A unit begins with a block of ints, its slots in any order, two to an int where they fit 16 bits: 2 ints, then 3, 4, 6, 8
 * and so on. What a lookup reads depends on the unit's row alone and not on a hash of the slot, so that a destination with a
 * handful of flows costs one cache line besides. What fits one int stands in the row itself. The block changes to the next
 * smaller size only when two places would be free there, lest a unit on the border moves back and forth.
 *
 * A search compares a whole block and gathers one bit per place, without a branch that depends on what it reads: the processor
 * need not wait for a block, which is seldom in a cache, to go on with what comes after.
 *
 * A unit with more slots has them in a set that all such units share. It stays there until it is empty or gets a bitmap, for
 * the slots of one unit cannot be listed there. Unit and slot make 62 bits, which a one-to-one mixing of 63-bit numbers spreads
 * evenly: multiplications by odd numbers and a shifted exclusive or can each be undone, so different slots stay different
 * and no key need be kept beside the mixed number. What mixes to the set's gap is no slot, as its highest bit is set.
 */
final class SparseSlots {
    private static final int[] INTS = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32};
    /** The form of a unit whose slots are in the set; below it an index into {@link #INTS}. */
    private static final int IN_SET = INTS.length;

    private static final int SLOT_BITS = 31;
    private static final int HALF = 16;
    private static final int LOW_HALF = (1 << HALF) - 1;
    private static final int EACH_HALF = 0x0001_0001;
    private static final long EACH_SIGN = 0x8000_8000L;

    private final UnitTable units;
    private final Slab[] slabs = new Slab[INTS.length];
    private final LongSet set = new LongSet();

    SparseSlots(UnitTable units) {
        this.units = units;
        for (int form = 1; form < slabs.length; form++) {
            slabs[form] = new Slab(INTS[form]);
        }
    }

    long bytes() {
        long sum = set.bytes();
        for (int form = 1; form < slabs.length; form++) {
            sum += slabs[form].bytes();
        }
        return sum;
    }

    boolean contains(int unit, int slot) {
        int form = units.form(unit);
        if (form == IN_SET) {
            return set.contains(mix(unit, slot));
        }
        return find(unit, form, slot) < units.used(unit);
    }

    /** Whether {@code slot} was absent; it is used now. */
    boolean add(int unit, int slot) {
        int form = units.form(unit);
        if (form == IN_SET) {
            return set.add(mix(unit, slot));
        }
        int used = units.used(unit);
        if (find(unit, form, slot) < used) {
            return false;
        }
        if (used == capacity(unit, form)) {
            if (form + 1 == IN_SET) {
                moveToSet(unit, used);
                return set.add(mix(unit, slot));
            }
            move(unit, form, form + 1);
            form++;
        }
        set(unit, form, used, slot);
        return true;
    }

    /** Whether {@code slot} was used; it is absent now. */
    boolean remove(int unit, int slot) {
        int form = units.form(unit);
        int used = units.used(unit);
        if (form == IN_SET) {
            boolean removed = set.remove(mix(unit, slot));
            if (removed && used == 1) {
                units.setForm(unit, 0);
            }
            return removed;
        }
        int at = find(unit, form, slot);
        if (at >= used) {
            return false;
        }
        set(unit, form, at, get(unit, form, used - 1));
        if (form > 0 && used - 1 <= capacity(unit, form - 1) - Math.min(form - 1, 2)) {
            move(unit, form, form - 1);
        }
        return true;
    }

    /** Moves the slots of {@code unit} to {@code tree}, unless they are in the set: those stay. */
    void drain(int unit, SlotTree tree) {
        int form = units.form(unit);
        if (form == IN_SET) {
            return;
        }
        int used = units.used(unit);
        for (int i = 0; i < used; i++) {
            tree.claim(get(unit, form, i));
        }
        if (form > 0) {
            slabs[form].free(units.block(unit));
            units.setForm(unit, 0);
        }
    }

    private int capacity(int unit, int form) {
        return units.isWide(unit) ? INTS[form] : 2 * INTS[form];
    }

    /** The place of {@code slot}; not less than the number of used slots if it is not there. */
    private int find(int unit, int form, int slot) {
        int block = units.block(unit);
        boolean isWide = units.isWide(unit);
        if (form == 0) {
            return Long.numberOfTrailingZeros(isWide ? equal(block, slot) : equalHalves(block, slot));
        }
        int[] chunk = slabs[form].chunk(block);
        int first = slabs[form].offset(block);
        long found = 0;
        for (int i = 0; i < INTS[form]; i++) {
            found |= isWide ? equal(chunk[first + i], slot) << i : equalHalves(chunk[first + i], slot) << (2 * i);
        }
        return Long.numberOfTrailingZeros(found);
    }

    /** 1 if both are the same, else 0. */
    private static long equal(int value, int slot) {
        int difference = value ^ slot;
        return ((difference - 1L) & ~(long) difference) >>> 63;
    }

    /** A bit for each half that is {@code slot}; if the lower one is, the upper bit may be wrong. */
    private static long equalHalves(int halves, int slot) {
        int difference = halves ^ slot * EACH_HALF;
        long zeros = (difference - EACH_HALF) & ~difference & EACH_SIGN; // the sign of each half that is zero
        return ((zeros >>> (HALF - 1)) | (zeros >>> (2 * HALF - 2))) & 3;
    }

    private int get(int unit, int form, int at) {
        int block = units.block(unit);
        boolean isWide = units.isWide(unit);
        int index = isWide ? at : at >> 1;
        int value = form == 0 ? block : slabs[form].chunk(block)[slabs[form].offset(block) + index];
        return isWide ? value : (value >>> ((at & 1) * HALF)) & LOW_HALF;
    }

    private void set(int unit, int form, int at, int slot) {
        int block = units.block(unit);
        boolean isWide = units.isWide(unit);
        int shift = (at & 1) * HALF;
        int kept = isWide ? 0 : ~(LOW_HALF << shift);
        int value = isWide ? slot : slot << shift;
        if (form == 0) {
            units.setBlock(unit, (block & kept) | value);
        } else {
            int[] chunk = slabs[form].chunk(block);
            int index = slabs[form].offset(block) + (isWide ? at : at >> 1);
            chunk[index] = (chunk[index] & kept) | value;
        }
    }

    /** Copies whole ints, whatever stands in those that are not used. */
    private void move(int unit, int form, int newForm) {
        int old = units.block(unit);
        int ints = Math.min(INTS[form], INTS[newForm]);
        if (newForm == 0) {
            units.setBlock(unit, slabs[form].chunk(old)[slabs[form].offset(old)]);
        } else {
            int block = slabs[newForm].allocate();
            int[] to = slabs[newForm].chunk(block);
            int first = slabs[newForm].offset(block);
            if (form == 0) {
                to[first] = old;
            } else {
                System.arraycopy(slabs[form].chunk(old), slabs[form].offset(old), to, first, ints);
            }
            units.setBlock(unit, block);
        }
        if (form > 0) {
            slabs[form].free(old);
        }
        units.setForm(unit, newForm);
    }

    private void moveToSet(int unit, int used) {
        int form = units.form(unit);
        for (int i = 0; i < used; i++) {
            set.add(mix(unit, get(unit, form, i)));
        }
        slabs[form].free(units.block(unit));
        units.setForm(unit, IN_SET);
    }

    private static long mix(int unit, int slot) {
        return mix((long) unit << SLOT_BITS | slot);
    }

    static long mix(long number) {
        long mixed = number * 0x94d0_49bb_1331_11ebL & Long.MAX_VALUE;
        mixed ^= mixed >>> 32;
        return mixed * 0xbf58_476d_1ce4_e5b9L & Long.MAX_VALUE;
    }
}
