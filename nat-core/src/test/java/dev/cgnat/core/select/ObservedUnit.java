package dev.cgnat.core.select;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.port.PortSpace;
import dev.cgnat.core.port.UnitKey;
import dev.cgnat.core.random.KeyedRandom;

/** A unit of 1,024 slots of which 509, a prime, are free before each draw: what one destination sees of one client. */
final class ObservedUnit {
    static final int FREE = 509;

    private static final int SIZE = 1_024;

    private final PortSpace space = new PortSpace();
    private final UnitView view = new UnitView(space);
    private final int unit = space.unit(UnitKey.anyRemote(Protocol.TCP, 0), SIZE);
    private final int[] rankOf = new int[SIZE];

    ObservedUnit() {
        KeyedRandom random = KeyedRandom.seeded(5);
        while (SIZE - space.used(unit) > FREE) {
            space.claim(unit, random.nextInt(SIZE));
        }
        int rank = 0;
        for (int slot = 0; slot < SIZE; slot++) {
            rankOf[slot] = rank;
            rank += space.isUsed(unit, slot) ? 0 : 1;
        }
        view.look(unit, PortSpace.NO_UNIT, PortSpace.NO_SLOT);
    }

    /** The ranks of {@code draws} slots, each free again before the next is drawn; a search that gives up is repeated. */
    int[] ranks(PortSelector selector, int draws) {
        int[] ranks = new int[draws];
        for (int i = 0; i < draws; i++) {
            int slot = selector.claim(view, UnitFixture.FLOW);
            while (slot == PortSpace.NO_SLOT) {
                slot = selector.claim(view, UnitFixture.FLOW);
            }
            space.release(unit, slot);
            selector.freed(unit, slot);
            ranks[i] = rankOf[slot];
        }
        return ranks;
    }
}
