package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row between two others, filled and emptied at random, and compared with a list. */
class RowTest {
    private static final int AT = Row.LONGS;

    private final long[] rows = new long[3 * Row.LONGS];

    @ParameterizedTest
    @CsvSource({"30, 24", "300, 24", "65535, 24", "65536, 12", "2147483647, 12"})
    void aRowAgreesWithAListWhileItFillsAndEmpties(int size, int places) {
        rows[AT + Row.WHERE] = Row.where(-7, 1 << 30);
        rows[AT + Row.STATE] = Row.state(443, true, size);
        boolean isWide = Row.isWide(state());
        assertThat(Row.places(isWide)).isEqualTo(places);
        assertThat(Row.isPlain(state())).isEqualTo(!isWide);
        List<Integer> model = new ArrayList<>();
        Random random = new Random(size);
        for (int step = 0; step < 20_000; step++) {
            int slot = step % 97 == 0 ? size - 1 : step % 89 == 0 ? 0 : random.nextInt(size);
            boolean rises = random.nextInt(60) < (step / 400 % 2 == 0 ? 40 : 20);
            boolean isThere = model.contains(slot);
            assertThat(Row.contains(rows, AT, slot, isWide)).isEqualTo(isThere);
            assertThat(Row.find(rows, AT, slot, isWide) != 0).isEqualTo(isThere);
            if (rises && !isThere && model.size() < places) {
                Row.add(rows, AT, state(), slot, isWide);
                model.add(slot);
            } else if (!rises && !model.isEmpty()) {
                int victim = model.remove(random.nextInt(model.size()));
                Row.remove(rows, AT, state(), victim, Row.find(rows, AT, victim, isWide), isWide);
            }
            assertThat(slots(isWide)).containsExactlyInAnyOrderElementsOf(model);
        }
        assertThat(Row.size(state())).isEqualTo(size);
        assertThat(rows[AT + Row.WHERE]).isEqualTo(Row.where(-7, 1 << 30));
        assertThat((int) state() & Row.REMOTE).isEqualTo(443);
        for (int i = 0; i < Row.LONGS; i++) {
            assertThat(rows[i]).isZero();
            assertThat(rows[2 * Row.LONGS + i]).isZero();
        }
    }

    private long state() {
        return rows[AT + Row.STATE];
    }

    private List<Integer> slots(boolean isWide) {
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < Row.used(state()); i++) {
            slots.add(Row.get(rows, AT, i, isWide));
        }
        return slots;
    }
}
