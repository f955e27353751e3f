package dev.cgnat.core.select;

import dev.cgnat.core.port.PortSpace;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * In each unit the slots that were never used, lowest first, then the one that became free longest ago: no other selection
 * leaves more time between two uses of a slot, and none is easier to guess once all were used.
 *
 * <p><b>Costs</b>: about 70 bytes for each slot that was used and is free. The memory of a unit ends with it: an empty unit
 * that is forgotten begins again with its lowest slot.
 */
/*
 * Slots can be used without this selector: kept for the client, or owned by an endpoint-independent mapping of the overlay.
 * What is met in use in the unit itself is dropped, as it will be told freed. What the overlay uses is put at the end,
 * since it will be free at the earliest now. So a free slot is either not reached by the counter, or in the list, or it was
 * given back without notice; the last are what the final search is for.
 */
final class LeastRecentlyFreedSelector implements PortSelector {
    private final Map<Integer, History> histories = new HashMap<>();

    @Override
    public int claim(UnitView view, SelectionInput flow) {
        if (view.free() == 0) {
            return PortSpace.NO_SLOT;
        }
        History history = histories.computeIfAbsent(view.unit(), missing -> new History());
        int slot = history.claimNeverUsed(view);
        if (slot == PortSpace.NO_SLOT) {
            slot = history.claimOldest(view);
        }
        return slot == PortSpace.NO_SLOT ? view.claimNextFree(0) : slot;
    }

    @Override
    public void freed(int unit, int slot) {
        histories.computeIfAbsent(unit, missing -> new History()).append(slot);
    }

    @Override
    public void forgotten(int unit) {
        histories.remove(unit);
    }

    private static final class History {
        private final Set<Integer> oldestFirst = new LinkedHashSet<>();
        private int neverUsed;

        int claimNeverUsed(UnitView view) {
            while (neverUsed < view.size()) {
                int slot = neverUsed++;
                if (!oldestFirst.contains(slot)) {
                    if (view.claim(slot)) {
                        return slot;
                    }
                    putOff(slot, view);
                }
            }
            return PortSpace.NO_SLOT;
        }

        int claimOldest(UnitView view) {
            for (int left = oldestFirst.size(); left > 0; left--) {
                Iterator<Integer> oldest = oldestFirst.iterator();
                int slot = oldest.next();
                oldest.remove();
                if (view.claim(slot)) {
                    return slot;
                }
                putOff(slot, view);
            }
            return PortSpace.NO_SLOT;
        }

        private void putOff(int slot, UnitView view) {
            if (!view.isUsedInUnit(slot)) {
                oldestFirst.add(slot);
            }
        }

        void append(int slot) {
            oldestFirst.remove(slot);
            oldestFirst.add(slot);
        }
    }
}
