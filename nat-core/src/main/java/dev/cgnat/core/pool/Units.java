package dev.cgnat.core.pool;

import dev.cgnat.core.port.PortUnit;
import dev.cgnat.core.port.UnitKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The units of a pool: each appears with its first draw and goes when nothing lives, rests, is reserved or waits in it.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); about 1 KB for a unit with one flow.
 */
final class Units {
    private final int slotsPerUnit;
    private final boolean countDestinations;
    private final Map<UnitKey, PortUnit> units = new HashMap<>();
    private final Map<UnitKey, Integer> usedByDestination = new HashMap<>();
    private final FullestUnit fullest = new FullestUnit();

    /** @param countDestinations whether {@link #usedBy} is asked: several units may serve one destination */
    Units(int slotsPerUnit, boolean countDestinations) {
        this.slotsPerUnit = slotsPerUnit;
        this.countDestinations = countDestinations;
    }

    int count() {
        return units.size();
    }

    int slotsPerUnit() {
        return slotsPerUnit;
    }

    Optional<PortUnit> find(UnitKey key) {
        return Optional.ofNullable(units.get(key));
    }

    /** The unit of {@code key}, new if there was none; {@link #tidy} must follow if nothing is claimed. */
    PortUnit unit(UnitKey key) {
        return units.computeIfAbsent(key, missing -> new PortUnit(missing, slotsPerUnit));
    }

    void tidy(PortUnit unit) {
        if (unit.isEmpty()) {
            units.remove(unit.key(), unit);
        }
    }

    /** Used slots to the destination of {@code key}, over all external addresses. */
    int usedBy(UnitKey key) {
        return usedByDestination.getOrDefault(key.at(UnitKey.ANY), 0);
    }

    /** (live + held) slots of the fullest unit ÷ slots of a unit, 0 to 1. */
    double maxUtilization() {
        return (double) fullest.occupied() / slotsPerUnit;
    }

    /** A slot of {@code unit} was taken or became free. */
    void usedChanged(PortUnit unit, int by) {
        if (countDestinations) {
            usedByDestination.merge(unit.key().at(UnitKey.ANY), by, (old, more) -> old + more == 0 ? null : old + more);
        }
    }

    /** {@link PortUnit#occupied} of {@code unit} has grown by one. */
    void occupiedRose(PortUnit unit) {
        fullest.rose(unit.occupied());
    }

    /** {@link PortUnit#occupied} of {@code unit} has shrunk by one. */
    void occupiedFell(PortUnit unit) {
        fullest.fell(unit.occupied());
    }
}
