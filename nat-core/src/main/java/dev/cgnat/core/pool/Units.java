package dev.cgnat.core.pool;

import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each unit in use: each appears with its first draw and goes when nothing lives, rests, is reserved or
 * waits in it.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); 36 bytes per unit beside the port space.
 */
final class Units {
    private final Regions regions;
    private final PortSpace space;
    /** Of the destinations that a refusal has asked about, by the key at the first address. */
    private final Map<UnitKey, UnitUse.Count> toDestination = new HashMap<>();

    private final FullestUnit fullest = new FullestUnit();
    private final FullestUnit fullestShare = new FullestUnit();
    private int count;
    private @Nullable UnitUse[] uses = new @Nullable UnitUse[64];

    Units(Regions regions, PortSpace space) {
        this.regions = regions;
        this.space = space;
    }

    int count() {
        return count;
    }

    /** The unit of {@code key}, of which there is none yet; {@link #tidy} must follow if nothing is claimed. */
    int add(UnitKey key) {
        int unit = space.unit(key, regions.size(key.region()));
        if (unit >= uses.length) {
            uses = Arrays.copyOf(uses, Math.max(2 * uses.length, unit + 1));
        }
        UnitUse use = new UnitUse();
        uses[unit] = use;
        count++;
        UnitUse.Count toSame = toDestination.isEmpty() ? null : toDestination.get(key.at(0));
        if (toSame != null) {
            use.toDestination = toSame;
            toSame.units++;
        }
        return unit;
    }

    /**
     * Used slots to the destination of {@code unit} over all addresses, each of which is a region. Cost: O(addresses) when it is
     * asked for the first time, O(1) from then on until no unit of the destination is left.
     */
    int usedToDestination(int unit) {
        UnitUse.Count toSame = use(unit).toDestination;
        return (toSame == null ? beginCounting(space.key(unit)) : toSame).used;
    }

    private UnitUse.Count beginCounting(UnitKey key) {
        UnitUse.Count toSame = new UnitUse.Count(key.at(0));
        for (int address = 0; address < regions.addressCount(); address++) {
            int unit = space.find(key.at(regions.ofAddress(address)));
            if (unit != PortSpace.NO_UNIT) {
                use(unit).toDestination = toSame;
                toSame.units++;
                toSame.used += space.used(unit);
            }
        }
        toDestination.put(toSame.key, toSame);
        return toSame;
    }

    boolean isKnown(int unit) {
        return unit < uses.length && uses[unit] != null;
    }

    UnitUse use(int unit) {
        return Objects.requireNonNull(uses[unit]);
    }

    /** Forgets {@code unit} if nothing is left in it; whether it did. */
    boolean tidy(int unit) {
        if (!space.tidy(unit)) {
            return false;
        }
        UnitUse.Count toSame = use(unit).toDestination;
        if (toSame != null && --toSame.units == 0) {
            toDestination.remove(toSame.key);
        }
        uses[unit] = null;
        count--;
        return true;
    }

    /** (live + held) slots of the fullest unit ÷ its slots, 0 to 1. */
    double maxUtilization() {
        return Math.max(
                ratio(fullest, regions.blocksPerAddress() > 0 ? regions.ofBlock(0) : regions.ofAddress(0)),
                regions.plan().isPresent() ? ratio(fullestShare, regions.ofShare(0)) : 0);
    }

    /** A slot of {@code unit} was taken or became free. */
    void usedChanged(int unit, int by) {
        UnitUse.Count toSame = use(unit).toDestination;
        if (toSame != null) {
            toSame.used += by;
        }
    }

    /** Live and held slots of {@code unit} have grown by one. */
    void occupiedRose(int unit) {
        fullest(unit).rose(occupied(unit));
    }

    /** Live and held slots of {@code unit} have shrunk by one, which {@link PortSpace#used} tells already. */
    void occupiedFell(int unit) {
        fullest(unit).fell(occupied(unit));
    }

    private int occupied(int unit) {
        return space.used(unit) - use(unit).reserved;
    }

    private FullestUnit fullest(int unit) {
        return regions.plan().isPresent() && space.key(unit).region() >= regions.ofShare(0) ? fullestShare : fullest;
    }

    private double ratio(FullestUnit of, int region) {
        return (double) of.occupied() / regions.size(region);
    }
}
