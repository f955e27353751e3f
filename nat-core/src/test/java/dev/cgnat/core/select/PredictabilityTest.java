package dev.cgnat.core.select;

import static dev.cgnat.core.select.ObservedUnit.FREE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.config.PortSelection;
import dev.cgnat.core.random.KeyedRandom;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever has seen all earlier ports of a destination guesses the next one. */
@Tag("rfc6888-req15")
@Tag("rfc6056-3.3")
class PredictabilityTest {
    private static final int MANY = 10_000_000; // 1 ÷ 509 is then met to ± 0.7 %, a seventh of what is allowed
    private static final int ENOUGH = 200_000;
    private static final double LUCKY = 1.05 / FREE;

    @Test
    void nobodyGuessesAUniformDrawMoreOftenThanByLuck() {
        int[] ranks = ranks(PortSelection.UNIFORM, MANY);
        assertThat(PortGuesser.mostFrequent(ranks, FREE)).isLessThanOrEqualTo(LUCKY);
        assertThat(PortGuesser.lastPlusCommonStep(ranks, FREE)).isLessThanOrEqualTo(LUCKY);
        assertThat(PortGuesser.commonSuccessor(ranks, FREE)).isLessThanOrEqualTo(LUCKY);
        assertThat(PortGuesser.congruentialFit(ranks, FREE)).isLessThanOrEqualTo(LUCKY);
    }

    @ParameterizedTest
    @EnumSource(names = {"SEQUENTIAL", "RFC6056_3", "RFC6056_4", "LEAST_RECENTLY_FREED"})
    void oneClientsCounterIsGuessedNearlyAlways(PortSelection selection) {
        assertThat(PortGuesser.best(ranks(selection, ENOUGH), FREE)).isGreaterThan(0.99);
    }

    @ParameterizedTest
    @EnumSource(names = {"RFC6056_1", "RFC6056_5", "LINUX_NF", "CILIUM", "CILIUM_128", "PF"})
    void searchThatStepsFromUsedSlotsIsGuessedMoreOftenThanByLuck(PortSelection selection) {
        assertThat(PortGuesser.best(ranks(selection, ENOUGH), FREE)).isGreaterThan(1.3 / FREE);
    }

    @Test
    void plantedCongruentialGeneratorIsFitted() {
        int[] ranks = new int[ENOUGH];
        for (int i = 1; i < ENOUGH; i++) {
            ranks[i] = (123 * ranks[i - 1] + 45) % FREE;
        }
        assertThat(PortGuesser.congruentialFit(ranks, FREE)).isGreaterThan(0.99);
        assertThat(PortGuesser.commonSuccessor(ranks, FREE)).isGreaterThan(0.99);
    }

    @Test
    void plantedGeneratorIsFittedEvenIfItsConstantsChangeTooOftenForATable() {
        SplittableRandom constants = new SplittableRandom(6);
        int[] ranks = new int[ENOUGH];
        int a = 2;
        int c = 1;
        for (int i = 1; i < ENOUGH; i++) {
            if (i % 64 == 0) {
                a = constants.nextInt(2, FREE);
                c = constants.nextInt(1, FREE);
            }
            ranks[i] = (a * ranks[i - 1] + c) % FREE;
        }
        assertThat(PortGuesser.commonSuccessor(ranks, FREE)).isLessThan(0.1);
        assertThat(PortGuesser.congruentialFit(ranks, FREE)).isGreaterThan(0.9);
    }

    private static int[] ranks(PortSelection selection, int draws) {
        return new ObservedUnit().ranks(PortSelectors.of(selection, KeyedRandom.seeded(7)), draws);
    }
}
