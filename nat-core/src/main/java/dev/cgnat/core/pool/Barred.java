package dev.cgnat.core.pool;

import dev.cgnat.core.address.Protocol;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What may not be lent until further notice: whole addresses that are disabled, and single pairs that something else of the
 * operator's listens on.
 *
 * <p>Where a flow's address is chosen before its port, a disabled address is passed over. Where one unit spans all addresses, a
 * draw may land on a barred pair; it is then taken out of that unit, noted here, and given back when it is barred no longer or
 * when nothing else is left in the unit. So a unit learns of barred pairs only as far as draws meet them.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); over the life of a unit no more draws are lost than it has barred pairs,
 * which is O(disabled ÷ enabled addresses) per flow; 24 bytes per pair that was met in a unit.
 */
final class Barred {
    private final Regions regions;
    private final BitSet disabled = new BitSet();
    /** By number of the protocol. */
    private final List<Set<Integer>> reserved = Stream.of(Protocol.values())
            .<Set<Integer>>map(protocol -> new TreeSet<>())
            .toList();
    /** Whether anything is disabled or reserved: mostly nothing is. */
    private boolean isAny;

    /** Slots of each unit, in the order in which they were met. */
    private final Map<Integer, List<Integer>> met = new TreeMap<>();

    Barred(Regions regions) {
        this.regions = regions;
    }

    boolean isDisabled(int address) {
        return disabled.get(address);
    }

    boolean isAnyDisabled() {
        return !disabled.isEmpty();
    }

    /** Whether no address is enabled. */
    boolean isAllDisabled() {
        return enabled() == 0;
    }

    int enabled() {
        return regions.addressCount() - disabled.cardinality();
    }

    int disabledCount() {
        return disabled.cardinality();
    }

    /** The first enabled address at or after that one, {@link Regions#addressCount} or more if there is none. */
    int nextEnabled(int address) {
        return disabled.nextClearBit(address);
    }

    void setDisabled(int address, boolean isDisabled) {
        disabled.set(address, isDisabled);
        isAny = isAnyDisabled() || reserved.stream().anyMatch(pairs -> !pairs.isEmpty());
    }

    /** Whether a draw must be ready to meet a barred pair, or one of its own address must not be trusted. */
    boolean isAny(Protocol protocol) {
        return isAnyDisabled() || !pairs(protocol).isEmpty();
    }

    /** Whether a draw that lands on {@code pair} must not lend it. */
    boolean contains(Protocol protocol, int pair) {
        return isAny
                && ((isAnyDisabled() && regions.spansAddresses() && disabled.get(regions.addressOf(pair)))
                        || pairs(protocol).contains(pair));
    }

    /** Reserves {@code pair}; false if it was. */
    boolean reserve(Protocol protocol, int pair) {
        isAny = true;
        return pairs(protocol).add(pair);
    }

    /** A draw of {@code unit} landed on {@code slot}, which is taken out of it. */
    void met(int unit, int slot) {
        met.computeIfAbsent(unit, missing -> new ArrayList<>(1)).add(slot);
    }

    /** Slots that were taken out of {@code unit}. */
    int taken(int unit) {
        if (met.isEmpty()) {
            return 0;
        }
        List<Integer> slots = met.get(unit);
        return slots == null ? 0 : slots.size();
    }

    /** Forgets what was taken out of {@code unit}, which gets it back. */
    List<Integer> takeBack(int unit) {
        List<Integer> slots = met.remove(unit);
        return slots == null ? List.of() : slots;
    }

    /** The units out of which something was taken. */
    List<Integer> units() {
        return List.copyOf(met.keySet());
    }

    private Set<Integer> pairs(Protocol protocol) {
        return reserved.get(protocol.number());
    }
}
