package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on units of mixed sizes and overlays, each compared with one {@link BitSet} per unit. */
class PortSpaceModelTest {
    private static final int[] SIZES = {1, 2, 3, 8, 64, 65, 500, 512, 4_097, 33_000, 64_512, 70_000};

    private final PortSpace space = new PortSpace();
    private final List<Unit> units = new ArrayList<>();
    private final Set<String> met = new HashSet<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void agreesWithOneBitSetPerUnit(long seed) {
        Random random = new Random(seed);
        for (int number = 0; number < 30; number++) {
            int size = SIZES[random.nextInt(SIZES.length)];
            Unit own = new Unit(new UnitKey(number % 3 == 0 ? number : 0, random.nextLong(), number, number % 4), size);
            units.add(own);
            if (number % 3 == 1) { // a pair, each the overlay of the other
                Unit other = new Unit(own.key.at(100), size);
                own.overlay = other;
                other.overlay = own;
                units.add(other);
            }
        }
        for (int phase = 0; phase < 60; phase++) {
            Unit unit = units.get(random.nextInt(units.size()));
            int target = random.nextInt(3) == 0 ? unit.size : random.nextInt(unit.size + 1);
            for (int i = 0; i < 4_000; i++) {
                Unit one = random.nextInt(4) > 0 ? unit : units.get(random.nextInt(units.size()));
                boolean rise = one != unit || unit.used.cardinality() < target;
                step(one, random.nextInt(rise ? 12 : 40), random);
            }
            if (random.nextInt(4) == 0) {
                empty(unit, random);
            }
            units.forEach(this::check);
            checkKeys();
        }
        units.forEach(unit -> empty(unit, random));
        for (Unit unit : units) {
            while (unit.pins > 0) {
                space.unpin(unit.number);
                unit.pins--;
            }
            tidy(unit);
        }
        assertThat(space.unitCount()).isZero();
        assertThat(met).contains("promoted", "demoted", "left behind", "full", "forgotten", "number kept by a pin");
    }

    private void step(Unit unit, int operation, Random random) {
        if (unit.number < 0) {
            assertThat(space.find(unit.key)).isEqualTo(PortSpace.NO_UNIT);
            unit.number = space.unit(unit.key, unit.size);
        }
        switch (operation) {
            case 0, 1, 2, 3, 4, 5, 6 -> claimUniform(unit, random);
            case 7 -> {
                int slot = random.nextInt(unit.size);
                if (!unit.isAvoided(slot)) {
                    assertThat(space.claim(unit.number, slot)).isEqualTo(!unit.used.get(slot));
                    unit.used.set(slot);
                }
            }
            case 8 -> {
                int from = random.nextInt(unit.size);
                int next = space.nextFree(unit.number, unit.overlayNumber(), from);
                assertThat(next).isEqualTo(unit.nextFree(from));
                if (next != PortSpace.NO_SLOT) {
                    assertThat(space.claim(unit.number, next)).isTrue();
                    unit.used.set(next);
                }
            }
            case 9 -> {
                if (unit.pins > 0 && random.nextBoolean()) {
                    space.unpin(unit.number);
                    unit.pins--;
                } else {
                    space.pin(unit.number);
                    unit.pins++;
                }
            }
            default -> release(unit, random);
        }
        if (random.nextInt(50) == 0) {
            tidy(unit);
        }
    }

    private void claimUniform(Unit unit, RandomGenerator random) {
        int slot = space.claimUniform(unit.number, unit.overlayNumber(), random);
        if (slot == PortSpace.NO_SLOT) {
            met.add("full");
            assertThat(unit.nextFree(0)).isEqualTo(PortSpace.NO_SLOT);
        } else {
            assertThat(unit.used.get(slot) || unit.isAvoided(slot)).isFalse();
            unit.used.set(slot);
        }
    }

    private void release(Unit unit, Random random) {
        int slot = unit.used.nextSetBit(random.nextInt(unit.size));
        slot = slot < 0 ? unit.used.nextSetBit(0) : slot;
        if (slot >= 0) {
            space.release(unit.number, slot);
            unit.used.clear(slot);
        }
    }

    private void empty(Unit unit, Random random) {
        boolean wasDense = unit.number >= 0 && space.dense(unit.number) != null;
        while (!unit.used.isEmpty()) {
            release(unit, random);
        }
        if (wasDense && space.dense(unit.number) == null) {
            met.add("demoted");
        }
    }

    private void tidy(Unit unit) {
        if (unit.number < 0) {
            return;
        }
        boolean forgotten = space.tidy(unit.number);
        assertThat(forgotten).isEqualTo(unit.used.isEmpty() && unit.pins == 0);
        if (forgotten) {
            met.add("forgotten");
            unit.number = PortSpace.NO_UNIT;
        } else if (unit.used.isEmpty()) {
            met.add("number kept by a pin");
        }
    }

    private void check(Unit unit) {
        if (unit.number < 0) {
            assertThat(space.find(unit.key)).isEqualTo(PortSpace.NO_UNIT);
            return;
        }
        assertThat(space.find(unit.key)).isEqualTo(unit.number);
        assertThat(space.key(unit.number)).isEqualTo(unit.key);
        assertThat(space.size(unit.number)).isEqualTo(unit.size);
        assertThat(space.used(unit.number)).isEqualTo(unit.used.cardinality());
        DenseUnit dense = space.dense(unit.number);
        if (dense != null) {
            met.add("promoted");
            if (dense.tree.used() < unit.used.cardinality()) {
                met.add("left behind");
            }
        }
        for (int slot = 0; slot < unit.size; slot++) {
            if (space.isUsed(unit.number, slot) != unit.used.get(slot)) {
                throw new AssertionError("slot " + slot + " of " + unit.size);
            }
        }
    }

    private void checkKeys() {
        Map<Integer, UnitKey> byNumber = new HashMap<>();
        units.stream().filter(unit -> unit.number >= 0).forEach(unit -> byNumber.put(unit.number, unit.key));
        assertThat(byNumber).hasSize(space.unitCount());
    }

    private static final class Unit {
        private final UnitKey key;
        private final int size;
        private final BitSet used = new BitSet();
        private Unit overlay = this;
        private int number = PortSpace.NO_UNIT;
        private int pins;

        Unit(UnitKey key, int size) {
            this.key = key;
            this.size = size;
        }

        int overlayNumber() {
            return overlay == this ? PortSpace.NO_UNIT : overlay.number;
        }

        boolean isAvoided(int slot) {
            return overlay != this && overlay.used.get(slot);
        }

        int nextFree(int from) {
            for (int i = 0; i < size; i++) {
                int slot = (from + i) % size;
                if (!used.get(slot) && !isAvoided(slot)) {
                    return slot;
                }
            }
            return PortSpace.NO_SLOT;
        }
    }
}
