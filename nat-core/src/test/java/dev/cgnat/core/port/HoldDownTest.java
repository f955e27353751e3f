package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HoldDownTest {
    private static final long SHORT = 1_000_000_000L;
    private static final long LONG = 5_000_000_000L;

    private final Random random = new Random(1);
    private final HoldDown<String> holdDown = new HoldDown<>(LONG, SHORT, LONG);
    private final PortUnit unit = new PortUnit(UnitKey.anyRemote(0), 10_000);
    private final PortUnit other = new PortUnit(UnitKey.anyRemote(1), 10_000);
    private final List<String> rested = new ArrayList<>();

    @Test
    @Tag("rfc6888-req8")
    void restEndsAtTheDeadlineAndNotBefore() {
        int slot = hold(unit, "a", SHORT, 0);
        assertThat(expire(SHORT - 1, 10)).isZero();
        assertThat(unit.isUsed(slot)).isTrue();
        assertThat(expire(SHORT, 10)).isEqualTo(1);
        assertThat(unit.isUsed(slot)).isFalse();
        assertThat(rested).containsExactly("a");
    }

    @Test
    void deadlinesAreRoundedUpToAMillisecond() {
        int slot = unit.claimUniform(random);
        assertThat(holdDown.hold(unit, slot, "a", SHORT, 1)).isEqualTo(SHORT + 1_000_000);
    }

    @Test
    void shortRestsAreNotBehindLongOnes() {
        hold(unit, "long", LONG, 0);
        hold(unit, "short", SHORT, 0);
        assertThat(holdDown.nextDeadlineNanos()).isEqualTo(SHORT);
        expire(SHORT, 10);
        assertThat(rested).containsExactly("short");
        assertThat(holdDown.nextDeadlineNanos()).isEqualTo(LONG);
    }

    @Test
    void eachUnitKnowsItsOwnNextDeadline() {
        hold(other, "o1", SHORT, 0);
        hold(unit, "u1", SHORT, 2_000_000);
        hold(other, "o2", SHORT, 4_000_000);
        hold(unit, "u2", LONG, 6_000_000);
        assertThat(holdDown.nextDeadlineNanos(other)).isEqualTo(SHORT);
        assertThat(holdDown.nextDeadlineNanos(unit)).isEqualTo(SHORT + 2_000_000);
        expire(SHORT + 2_000_000, 10);
        assertThat(holdDown.nextDeadlineNanos(other)).isEqualTo(SHORT + 4_000_000);
        assertThat(holdDown.nextDeadlineNanos(unit)).isEqualTo(LONG + 6_000_000);
        expire(LONG + 6_000_000, 10);
        assertThat(holdDown.nextDeadlineNanos(unit)).isEqualTo(Long.MAX_VALUE);
        assertThat(holdDown.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void limitBoundsTheWorkAndLosesNothing() {
        for (int i = 0; i < 1_000; i++) {
            hold(i % 2 == 0 ? unit : other, "s" + i, i % 3 == 0 ? LONG : SHORT, i * 1_000_000L);
        }
        int sum = 0;
        while (holdDown.size() > 0) {
            int count = expire(2 * LONG, 7);
            assertThat(count).isBetween(1, 7);
            sum += count;
            assertThat(holdDown.size()).isEqualTo(1_000 - sum);
        }
        assertThat(rested).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(unit.isEmpty() && other.isEmpty()).isTrue();
    }

    @Test
    void anUnknownDelayIsRejected() {
        int slot = unit.claimUniform(random);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> holdDown.hold(unit, slot, "a", 7, 0))
                .withMessage("delayNanos: 7 (expected: one of [1000000000, 5000000000])");
    }

    private int hold(PortUnit where, String owner, long delay, long now) {
        int slot = where.claimUniform(random);
        holdDown.hold(where, slot, owner, delay, now);
        return slot;
    }

    private int expire(long now, int limit) {
        return holdDown.expire(now, limit, (where, slot, owner) -> rested.add(owner));
    }
}
