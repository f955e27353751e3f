package dev.cgnat.core.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cgnat.core.address.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldDownTest {
    private static final long MS = 1_000_000L;
    private static final long SHORT = 1_000_000_000L;
    private static final long LONG = 5_000_000_000L;

    private final Random random = new Random(1);
    private final PortSpace space = new PortSpace();
    private final HoldDown rings = new HoldDown(space, LONG, SHORT, LONG);
    private final int unit = space.unit(UnitKey.anyRemote(Protocol.TCP, 0), 10_000);
    private final int other = space.unit(UnitKey.anyRemote(Protocol.TCP, 1), 10_000);
    private final List<Integer> rested = new ArrayList<>();

    @Test
    @Tag("rfc6888-req8")
    void restEndsAtTheDeadlineAndNotBefore() {
        int slot = hold(unit, 7, SHORT, 0);
        assertThat(expire(SHORT - 1, 10)).isZero();
        assertThat(space.isUsed(unit, slot)).isTrue();
        assertThat(expire(SHORT, 10)).isEqualTo(1);
        assertThat(space.isUsed(unit, slot)).isFalse();
        assertThat(rested).containsExactly(7);
    }

    @Test
    void deadlinesAreRoundedUpToAMillisecond() {
        int slot = space.claimUniform(unit, PortSpace.NO_UNIT, random);
        assertThat(rings.hold(unit, slot, 0, SHORT, 1)).isEqualTo(SHORT + MS);
    }

    @Test
    void shortRestsAreNotBehindLongOnes() {
        hold(unit, 1, LONG, 0);
        hold(unit, 2, SHORT, 0);
        assertThat(rings.nextDeadlineNanos()).isEqualTo(SHORT);
        expire(SHORT, 10);
        assertThat(rested).containsExactly(2);
        assertThat(rings.nextDeadlineNanos()).isEqualTo(LONG);
    }

    @Test
    void theFirstCanBeFreedBeforeItIsDue() {
        hold(unit, 1, LONG, 0);
        hold(other, 2, SHORT, 0);
        hold(unit, 3, SHORT, 0);
        while (rings.expireFirst((where, slot, owner) -> rested.add(owner))) {
            assertThat(rings.size()).isEqualTo(3 - rested.size());
        }
        assertThat(rested).containsExactly(2, 3, 1);
        assertThat(space.used(unit) + space.used(other)).isZero();
    }

    @Test
    void limitBoundsTheWorkAndLosesNothing() {
        for (int i = 0; i < 1_000; i++) {
            hold(i % 2 == 0 ? unit : other, i, i % 3 == 0 ? LONG : SHORT, i * MS);
        }
        int sum = 0;
        while (rings.size() > 0) {
            int count = expire(2 * LONG, 7);
            assertThat(count).isBetween(1, 7);
            sum += count;
            assertThat(rings.size()).isEqualTo(1_000 - sum);
        }
        assertThat(rested).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(space.used(unit) + space.used(other)).isZero();
        assertThat(rings.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aListenerMayLayTheSlotToRestAgain() {
        hold(unit, 1, SHORT, 0);
        rings.expire(SHORT, 10, (where, slot, owner) -> {
            assertThat(space.claim(where, slot)).isTrue();
            rings.hold(where, slot, owner + 1, SHORT, SHORT);
        });
        assertThat(expire(2 * SHORT, 10)).isEqualTo(1);
        assertThat(rested).containsExactly(2);
    }

    @Test
    void whatRestedBeforeAUnitWasPromotedCountsForItsNextDeadline() {
        int small = space.unit(UnitKey.anyRemote(Protocol.TCP, 2), 100);
        hold(small, 1, LONG, 0);
        hold(other, 2, SHORT, 0);
        hold(small, 3, SHORT, 2 * MS);
        assertThat(space.dense(small)).isNull();
        while (space.claimUniform(small, PortSpace.NO_UNIT, random) != PortSpace.NO_SLOT) {
            assertThat(rings.size()).isEqualTo(3);
        }
        assertThat(space.dense(small)).isNotNull();
        assertThat(rings.nextDeadlineNanos(small)).isEqualTo(SHORT + 2 * MS);
        expire(SHORT, 10);
        assertThat(rings.nextDeadlineNanos(small)).isEqualTo(SHORT + 2 * MS);
        expire(SHORT + 2 * MS, 10);
        assertThat(rings.nextDeadlineNanos(small)).isEqualTo(LONG);
        hold(small, 4, SHORT, SHORT + 4 * MS);
        assertThat(rings.nextDeadlineNanos(small)).isEqualTo(2 * SHORT + 4 * MS);
        assertThat(rings.nextDeadlineNanos(other)).isEqualTo(Long.MAX_VALUE);
    }

    /** Two units that are often full, one that stays sparse; pauses of up to an hour, so that ticks need long steps. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesWithASortedListForAnySequence(long seed) {
        Random moves = new Random(seed);
        int[] units = {
            space.unit(UnitKey.anyRemote(Protocol.TCP, 3), 40),
            space.unit(UnitKey.anyRemote(Protocol.TCP, 4), 700),
            unit
        };
        int huge = space.unit(UnitKey.anyRemote(Protocol.TCP, 5), 50_000_000);
        List<Held> model = new ArrayList<>();
        long now = 0;
        int full = 0;
        for (int i = 0; i < 60_000; i++) {
            now += moves.nextInt(2_000) == 0 ? moves.nextLong(3_600 * SHORT) : moves.nextLong(4 * MS);
            int where = i % 7 == 0 ? huge : units[moves.nextInt(units.length)];
            int slot = space.claimUniform(where, PortSpace.NO_UNIT, moves);
            if (slot == PortSpace.NO_SLOT) {
                full++;
                int stuck = where;
                long earliest = model.stream()
                        .filter(held -> held.unit == stuck)
                        .mapToLong(held -> held.deadline)
                        .min()
                        .orElse(Long.MAX_VALUE);
                assertThat(rings.nextDeadlineNanos(where)).isEqualTo(earliest);
                if (earliest < Long.MAX_VALUE) {
                    now = Math.max(now, earliest);
                }
            } else {
                long deadline = rings.hold(where, slot, i, moves.nextBoolean() ? SHORT : LONG, now);
                model.add(new Held(where, slot, i, deadline));
            }
            if (slot == PortSpace.NO_SLOT || moves.nextInt(10) == 0) {
                long until = now;
                long due = model.stream().filter(held -> held.deadline <= until).count();
                List<Held> freed = new ArrayList<>();
                assertThat(rings.expire(now, 100_000, (there, released, owner) -> {
                            assertThat(space.isUsed(there, released)).isFalse();
                            freed.add(new Held(there, released, owner, 0));
                        }))
                        .isEqualTo((int) due);
                for (Held held : freed) {
                    Held known = model.stream()
                            .filter(candidate -> candidate.owner == held.owner)
                            .findFirst()
                            .orElseThrow();
                    assertThat(known.unit).isEqualTo(held.unit);
                    assertThat(known.slot).isEqualTo(held.slot);
                    assertThat(known.deadline).isLessThanOrEqualTo(now);
                    model.remove(known);
                }
            }
            assertThat(rings.size()).isEqualTo(model.size());
        }
        assertThat(full).isPositive();
        assertThat(rings.nextDeadlineNanos())
                .isEqualTo(model.stream()
                        .min(Comparator.comparingLong(Held::deadline))
                        .map(Held::deadline)
                        .orElse(Long.MAX_VALUE));
    }

    @Test
    void anUnknownDelayIsRejected() {
        int slot = space.claimUniform(unit, PortSpace.NO_UNIT, random);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rings.hold(unit, slot, 0, 7, 0))
                .withMessage("delayNanos: 7 (expected: one of [1000000000, 5000000000])");
    }

    @Test
    void timeThatGoesBackIsRejected() {
        hold(unit, 1, SHORT, SHORT);
        int slot = space.claimUniform(unit, PortSpace.NO_UNIT, random);
        assertThatIllegalArgumentException().isThrownBy(() -> rings.hold(unit, slot, 0, SHORT, 0));
    }

    private record Held(int unit, int slot, int owner, long deadline) {}

    private int hold(int where, int owner, long delay, long now) {
        int slot = space.claimUniform(where, PortSpace.NO_UNIT, random);
        rings.hold(where, slot, owner, delay, now);
        return slot;
    }

    private int expire(long now, int limit) {
        return rings.expire(now, limit, (where, slot, owner) -> rested.add(owner));
    }
}
