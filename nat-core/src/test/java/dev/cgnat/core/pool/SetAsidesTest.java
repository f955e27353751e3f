package dev.cgnat.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetAsidesTest {
    private static final long MINUTE = 60_000_000_000L;

    private final SetAsides setAsides = new SetAsides();
    private static final int UNIT = 0;
    private static final int OTHER = 1;
    private final List<String> told = new ArrayList<>();

    @Test
    void aPairComesBackAfterAMinuteInEveryUnitThatMetIt() {
        assertThat(setAsides.addPair(5, UNIT, 5, 0)).isTrue();
        setAsides.met(5, OTHER, 3);
        assertThat(setAsides.nextDeadlineNanos()).isEqualTo(MINUTE);
        assertThat(expire(MINUTE - 1)).isZero();
        assertThat(setAsides.contains(5)).isTrue();
        assertThat(expire(MINUTE)).isEqualTo(1);
        assertThat(setAsides.contains(5)).isFalse();
        assertThat(told).containsExactly("ended 5", "returned 0:5", "returned 1:3");
    }

    @Test
    void settingAsideAgainDoesNotProlong() {
        setAsides.addPair(5, UNIT, 5, 0);
        assertThat(setAsides.addPair(5, OTHER, 3, MINUTE - 1)).isFalse();
        expire(MINUTE);
        assertThat(told).containsExactly("ended 5", "returned 0:5", "returned 1:3");
    }

    @Test
    void aPairThatIsDueCanBeSetAsideAnewForAFullMinute() {
        setAsides.addPair(5, UNIT, 5, 0);
        assertThat(setAsides.addPair(5, OTHER, 3, MINUTE)).isTrue();
        expire(MINUTE);
        assertThat(setAsides.contains(5)).isTrue();
        expire(2 * MINUTE);
        assertThat(setAsides.pairs()).isEmpty();
    }

    @Test
    void oneSlotIsSetAsideWithoutItsPair() {
        setAsides.addSlot(5, UNIT, 5, 0);
        assertThat(setAsides.contains(5)).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> setAsides.met(5, UNIT, 5));
        expire(MINUTE);
        assertThat(told).containsExactly("ended 5", "returned 0:5");
        assertThat(setAsides.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    private int expire(long now) {
        return setAsides.expire(now, 10, new SetAsides.Listener() {
            @Override
            public void onSlotReturned(int where, int slot) {
                told.add("returned " + where + ":" + slot);
            }

            @Override
            public void onEnded(int pair) {
                told.add("ended " + pair);
            }
        });
    }
}
