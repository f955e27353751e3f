package dev.cgnat.core.port;

/**
 * The used slots of the units that have no bitmap, and those that a promoted unit left behind.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: a unit with up to 24 used slots takes no more than its {@link Row}; up to 64 are
 * searched all at once in 2 to 3 bytes per slot, of units of 65,536 slots or more up to 32 in 4 to 6; beyond that see
 * {@link LongSet}.
 */
/*
 *    form 0         in the row, see there
 *         1, 2, 3   in a block of 16, 24 or 32 ints, in any order, two to an int where they fit 16 bits
 *         4         in a set that all such units share
 *
 * A unit moves to the next smaller form only when two places would be free there, lest one on the border moves back and forth. From
 * the set it comes back only when nothing is left, for the slots of one unit cannot be listed there. Unit and slot make 62
 * bits, which a one-to-one mixing of 63-bit numbers spreads evenly: multiplications by odd numbers and a shifted exclusive or can
 * each be undone, so different slots stay different and no key need be kept beside the mixed number. What mixes to the set's
 * gap is no slot, as its highest bit is set.
 *
 * A search in a block gathers one bit per place, like that in a row. Places that are not used hold anything.
 */
final class SparseSlots {
    private static final int[] INTS = {0, 16, 24, 32};
    private static final int IN_ROW = 0;
    private static final int IN_SET = INTS.length;
    /** Places that must be free in the next smaller form. */
    private static final int SLACK = 2;

    private static final int SLOT_BITS = 31;
    private static final int HALF = 16;
    private static final int LOW_HALF = (1 << HALF) - 1;
    private static final int EACH_HALF = 0x0001_0001;
    private static final long EACH_SIGN = 0x8000_8000L;

    private final Slab[] slabs = new Slab[INTS.length];
    private final LongSet set = new LongSet();

    SparseSlots() {
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

    /** Used slots of the sparse unit whose row is at {@code at}. */
    static int used(long[] rows, int at) {
        long state = rows[at + Row.STATE];
        return Row.isInline(state) ? Row.used(state) : Row.usedElsewhere(rows, at);
    }

    /** Whether {@code slot} of the sparse {@code unit}, whose row is at {@code at}, is used. */
    boolean contains(long[] rows, int at, int unit, int slot) {
        long state = rows[at + Row.STATE];
        int form = Row.form(state);
        if (form == IN_ROW) {
            return Row.contains(rows, at, slot, Row.isWide(state));
        }
        return form == IN_SET ? isInSet(unit, slot) : find(rows, at, slot) < Row.usedElsewhere(rows, at);
    }

    /** Whether {@code slot} was free; it is used now. */
    boolean add(long[] rows, int at, int unit, int slot) {
        long state = rows[at + Row.STATE];
        boolean isWide = Row.isWide(state);
        int form = Row.form(state);
        int used = used(rows, at);
        if (form == IN_SET) {
            return addToSet(rows, at, unit, slot, used);
        }
        if (form == IN_ROW ? Row.contains(rows, at, slot, isWide) : find(rows, at, slot) < used) {
            return false;
        }
        if (used == capacity(form, isWide)) {
            move(rows, at, unit, used, form + 1);
            return add(rows, at, unit, slot);
        }
        if (form == IN_ROW) {
            Row.add(rows, at, state, slot, isWide);
        } else {
            setInBlock(form, Row.block(rows, at), used, slot, isWide);
            Row.setElsewhere(rows, at, form, Row.block(rows, at), used + 1);
        }
        return true;
    }

    /** Whether {@code slot}, 0 to size - 1, was used; it is free now. */
    boolean remove(long[] rows, int at, int unit, int slot) {
        long state = rows[at + Row.STATE];
        boolean isWide = Row.isWide(state);
        int form = Row.form(state);
        if (form == IN_ROW) {
            long found = Row.find(rows, at, slot, isWide);
            if (found != 0) {
                Row.remove(rows, at, state, slot, found, isWide);
            }
            return found != 0;
        }
        int left = Row.usedElsewhere(rows, at) - 1;
        int block = Row.block(rows, at);
        if (form == IN_SET) {
            if (!removeFromSet(unit, slot)) {
                return false;
            }
        } else {
            int found = find(rows, at, slot);
            if (found > left) {
                return false;
            }
            setInBlock(form, block, found, getInBlock(form, block, left, isWide), isWide);
        }
        Row.setElsewhere(rows, at, form, block, left);
        if (form == IN_SET) {
            if (left == 0) {
                Row.clear(rows, at);
            }
        } else if (left <= capacity(form - 1, isWide) - SLACK) {
            move(rows, at, unit, left, form - 1);
        }
        return true;
    }

    /**
     * Moves the slots of {@code unit} to {@code tree}, unless they are in the set: those stay. Returns how many stay; what the row
     * says of slots is cleared.
     */
    int drain(long[] rows, int at, SlotTree tree) {
        long state = rows[at + Row.STATE];
        boolean isWide = Row.isWide(state);
        int form = Row.form(state);
        int used = used(rows, at);
        int block = Row.block(rows, at);
        if (form != IN_SET) {
            for (int i = 0; i < used; i++) {
                tree.claim(form == IN_ROW ? Row.get(rows, at, i, isWide) : getInBlock(form, block, i, isWide));
            }
            if (form != IN_ROW) {
                slabs[form].free(block);
            }
        }
        Row.clear(rows, at);
        return form == IN_SET ? used : 0;
    }

    /** A unit that loses its bitmap still has {@code used} slots in the set. */
    static void keepInSet(long[] rows, int at, int used) {
        if (used > 0) {
            Row.setElsewhere(rows, at, IN_SET, 0, used);
        }
    }

    boolean isInSet(int unit, int slot) {
        return set.contains(mix(unit, slot));
    }

    /** Whether {@code slot} was in the set; who counts the slots of {@code unit} is the caller. */
    boolean removeFromSet(int unit, int slot) {
        return set.remove(mix(unit, slot));
    }

    private boolean addToSet(long[] rows, int at, int unit, int slot, int used) {
        if (!set.add(mix(unit, slot))) {
            return false;
        }
        Row.setElsewhere(rows, at, IN_SET, 0, used + 1);
        return true;
    }

    /** Of a form other than the set. */
    private static int capacity(int form, boolean isWide) {
        if (form == IN_ROW) {
            return Row.places(isWide);
        }
        return isWide ? INTS[form] : 2 * INTS[form];
    }

    /** To the next form or the one before, never out of the set. */
    private void move(long[] rows, int at, int unit, int used, int newForm) {
        boolean isWide = Row.isWide(rows[at + Row.STATE]);
        int form = Row.form(rows[at + Row.STATE]);
        int old = Row.block(rows, at);
        int block = newForm == IN_ROW || newForm == IN_SET ? 0 : slabs[newForm].allocate();
        if (newForm == IN_ROW) {
            Row.clear(rows, at);
        }
        for (int i = 0; i < used; i++) {
            int slot = form == IN_ROW ? Row.get(rows, at, i, isWide) : getInBlock(form, old, i, isWide);
            if (newForm == IN_ROW) {
                Row.add(rows, at, rows[at + Row.STATE], slot, isWide);
            } else if (newForm == IN_SET) {
                set.add(mix(unit, slot));
            } else {
                setInBlock(newForm, block, i, slot, isWide);
            }
        }
        if (form != IN_ROW) {
            slabs[form].free(old);
        }
        if (newForm != IN_ROW) {
            Row.clear(rows, at);
            Row.setElsewhere(rows, at, newForm, block, used);
        }
    }

    /** The place of {@code slot} in the unit's block; not less than the number of used slots if it is not there. */
    private int find(long[] rows, int at, int slot) {
        long state = rows[at + Row.STATE];
        boolean isWide = Row.isWide(state);
        int form = Row.form(state);
        int block = Row.block(rows, at);
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

    private int getInBlock(int form, int block, int index, boolean isWide) {
        int[] chunk = slabs[form].chunk(block);
        int first = slabs[form].offset(block);
        return isWide ? chunk[first + index] : (chunk[first + (index >> 1)] >>> ((index & 1) * HALF)) & LOW_HALF;
    }

    private void setInBlock(int form, int block, int index, int slot, boolean isWide) {
        int[] chunk = slabs[form].chunk(block);
        int first = slabs[form].offset(block);
        if (isWide) {
            chunk[first + index] = slot;
        } else {
            int shift = (index & 1) * HALF;
            int at = first + (index >> 1);
            chunk[at] = (chunk[at] & ~(LOW_HALF << shift)) | (slot << shift);
        }
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
