package dev.cgnat.bench.grade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.bench.grade.Selection.Kind;
import dev.cgnat.bench.grade.Selection.Preference;
import dev.cgnat.core.address.PortRange;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectionAnalysisTest {
    private static final PortRange RANGE = new PortRange(1_024, 65_535);
    private static final int DRAWS = 200;
    private static final int SUBSCRIBERS = 6;

    private final Draws draws = new Draws();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void drawsFromAllPortsAreUniformAndWorthTheBitsOfTheRange(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BitSet used = new BitSet();
        for (int i = 0; i < DRAWS; i++) {
            int port = any(random);
            if (!used.get(port)) {
                used.set(port);
                draws.add(i % SUBSCRIBERS, any(random), port);
            }
        }
        Selection selection = selection();
        assertThat(selection.kind()).contains(Kind.UNIFORM);
        assertThat(selection.prefer()).isEqualTo(Preference.NONE);
        assertThat(selection.bits()).isBetween(15.5, 16.0);
    }

    @Test
    void aCounterIsSequentialThoughSomePortsAreSkipped() {
        SplittableRandom random = new SplittableRandom(1);
        int port = 3_000;
        for (int i = 0; i < DRAWS; i++) {
            port += i % 20 == 0 ? 3 : 1;
            draws.add(i % SUBSCRIBERS, any(random), port);
        }
        assertThat(selection().kind()).contains(Kind.SEQUENTIAL);
        assertThat(selection().bits()).isLessThan(0.2);
    }

    @Test
    void aCounterPerSubscriberIsAsEasyToGuess() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < DRAWS; i++) {
            int subscriber = i % SUBSCRIBERS;
            draws.add(subscriber, any(random), 2_000 + 9_973 * subscriber + i / SUBSCRIBERS);
        }
        assertThat(selection().kind()).contains(Kind.SEQUENTIAL_PER_SUBSCRIBER);
        assertThat(selection().bits()).isLessThan(0.2);
    }

    @Test
    void randomIncrementsLeaveTheBitsOfTheirStep() {
        SplittableRandom random = new SplittableRandom(1);
        int port = 1_024;
        for (int i = 0; i < DRAWS; i++) {
            port += 1 + random.nextInt(256);
            draws.add(i % SUBSCRIBERS, any(random), port);
        }
        assertThat(selection().kind()).contains(Kind.RANDOM_INCREMENTS);
        assertThat(selection().bits()).isBetween(7.5, 8.5);
    }

    @Test
    void aKeptPortIsNoSecretAndTheOthersTellHowTheyAreDrawn() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < DRAWS; i++) {
            int own = i % 2 == 0 ? any(random) : 80 + i; // below the range, so it cannot be kept
            draws.add(i % SUBSCRIBERS, own, i % 2 == 0 ? own : any(random));
        }
        Selection selection = selection();
        assertThat(selection.prefer()).isEqualTo(Preference.SAME_PORT);
        assertThat(selection.kind()).contains(Kind.UNIFORM);
        assertThat(selection.bits()).isZero();
    }

    @Test
    void portsOfTheClientsParityAreNotTakenForTheClients() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < DRAWS; i++) {
            int own = any(random);
            draws.add(i % SUBSCRIBERS, own, (any(random) & ~1) + (own & 1));
        }
        assertThat(selection().prefer()).isEqualTo(Preference.PARITY);
    }

    @Test
    void aFewDrawsTellNothing() {
        for (int i = 0; i < 7; i++) {
            draws.add(i, 2_000 + i, 3_000 + i);
        }
        Finding<Selection> finding = SelectionAnalysis.of(draws.flows(), RANGE, OptionalInt.empty());
        assertThat(finding.value()).isEmpty();
        assertThat(finding.evidence()).isEqualTo("not seen: only 7 ports drawn");
    }

    private static int any(SplittableRandom random) {
        return RANGE.first() + random.nextInt(RANGE.size());
    }

    private Selection selection() {
        return SelectionAnalysis.of(draws.flows(), RANGE, OptionalInt.empty())
                .value()
                .orElseThrow();
    }
}
