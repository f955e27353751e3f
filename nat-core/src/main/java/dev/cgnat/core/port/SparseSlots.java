package dev.cgnat.core.port;

/**
 * The used slots of the units that have no bitmap, and those that a promoted unit left behind.
 *
 * <p>The caller keeps the number of used slots in the {@link UnitTable}, and changes it after {@link #add} and {@link #remove},
 * which rely on the old one. <b>Ownership</b>: one thread. <b>Costs</b>: up to {@value #MOST} slots are searched one after
 * the other in 4 to 6 bytes per slot; beyond that see {@link LongSet}.
 */
/*
 * A unit begins with a block of ints, its slots in any order: 2 of them, then 3, 4, 6, 8 and so on. What a lookup reads depends
 * on the unit's row alone and not on a hash of the slot, so that a destination with a handful of flows costs one cache line
 * besides. A single slot stands in the row itself. The block changes to the next smaller size only when two places would be
 * free there, lest a unit on the border moves back and forth.
 *
 * A unit with more slots has them in a set that all such units share. It stays there until it is empty or gets a bitmap, for
 * the slots of one unit cannot be listed there. Unit and slot make 62 bits, which a one-to-one mixing of 63-bit numbers spreads
 * evenly: multiplications by odd numbers and a shifted exclusive or can each be undone, so different slots stay different
 * and no key need be kept beside the mixed number. What mixes to the set's gap is no slot, as its highest bit is set.
 */
final class SparseSlots {
    /** More slots of one unit are in the set. */
    static final int MOST = 64;

    private static final int[] LENGTHS = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, MOST};
    /** The form of a unit whose slots are in the set; below it an index into {@link #LENGTHS}. */
    private static final int IN_SET = LENGTHS.length;

    private static final int SLOT_BITS = 31;

    private final UnitTable units;
    private final Slab[] slabs = new Slab[LENGTHS.length];
    private final LongSet set = new LongSet();

    SparseSlots(UnitTable units) {
        this.units = units;
        for (int form = 1; form < slabs.length; form++) {
            slabs[form] = new Slab(LENGTHS[form]);
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
        return find(unit, form, slot) >= 0;
    }

    /** Whether {@code slot} was absent; it is used now. */
    boolean add(int unit, int slot) {
        int form = units.form(unit);
        if (form == IN_SET) {
            return set.add(mix(unit, slot));
        }
        int used = units.used(unit);
        if (find(unit, form, slot) >= 0) {
            return false;
        }
        if (used == LENGTHS[form]) {
            if (used == MOST) {
                moveToSet(unit);
                return set.add(mix(unit, slot));
            }
            move(unit, form, form + 1, used);
            form++;
        }
        if (form == 0) {
            units.setBlock(unit, slot);
        } else {
            int block = units.block(unit);
            slabs[form].chunk(block)[slabs[form].offset(block) + used] = slot;
        }
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
        if (at < 0) {
            return false;
        }
        if (form > 0) {
            int block = units.block(unit);
            int[] chunk = slabs[form].chunk(block);
            int first = slabs[form].offset(block);
            chunk[first + at] = chunk[first + used - 1];
            if (used - 1 <= LENGTHS[form - 1] - Math.min(form - 1, 2)) {
                move(unit, form, form - 1, used - 1);
            }
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

    /** The place of {@code slot} in the block of {@code unit}, negative if it is not there. */
    private int find(int unit, int form, int slot) {
        int used = units.used(unit);
        int block = units.block(unit);
        if (form == 0) {
            return used == 1 && block == slot ? 0 : -1;
        }
        int[] chunk = slabs[form].chunk(block);
        int first = slabs[form].offset(block);
        int found = -1;
        for (int i = 0; i < used; i++) {
            found = chunk[first + i] == slot ? i : found; // no way out early, which would be mispredicted
        }
        return found;
    }

    private int get(int unit, int form, int at) {
        int block = units.block(unit);
        return form == 0 ? block : slabs[form].chunk(block)[slabs[form].offset(block) + at];
    }

    private void move(int unit, int form, int newForm, int count) {
        int old = units.block(unit);
        if (newForm == 0) {
            units.setBlock(unit, get(unit, form, 0));
        } else {
            int block = slabs[newForm].allocate();
            int[] to = slabs[newForm].chunk(block);
            int first = slabs[newForm].offset(block);
            for (int i = 0; i < count; i++) {
                to[first + i] = get(unit, form, i);
            }
            units.setBlock(unit, block);
        }
        if (form > 0) {
            slabs[form].free(old);
        }
        units.setForm(unit, newForm);
    }

    private void moveToSet(int unit) {
        int form = units.form(unit);
        for (int i = 0; i < MOST; i++) {
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
