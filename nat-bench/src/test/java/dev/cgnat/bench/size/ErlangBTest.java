package dev.cgnat.bench.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ErlangBTest {
    /** By the definition: load^n ÷ n!, over the sum of these up to n. */
    @ParameterizedTest
    @CsvSource({"0.5,1", "1,1", "2,3", "5,5", "10,15", "20,12"})
    void agreesWithTheSumThatDefinesIt(double load, int slots) {
        double term = 1;
        double sum = 1;
        for (int n = 1; n <= slots; n++) {
            term *= load / n;
            sum += term;
        }
        assertThat(ErlangB.blocking(load, slots)).isCloseTo(term / sum, within(1e-12));
    }

    @Test
    void withoutLoadNothingIsRefusedAndWithoutSlotsEverything() {
        assertThat(ErlangB.blocking(0, 10)).isZero();
        assertThat(ErlangB.blocking(3, 0)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1,0.01", "50,0.001", "1000,0.0001", "60000,0.01"})
    void oneSlotFewerMissesTheTarget(double load, double target) {
        int slots = ErlangB.slots(load, target);
        assertThat(ErlangB.blocking(load, slots)).isLessThanOrEqualTo(target);
        assertThat(ErlangB.blocking(load, slots - 1)).isGreaterThan(target);
    }

    @Test
    void whatCannotBeIsAnError() {
        assertThatThrownBy(() -> ErlangB.blocking(-1, 3)).hasMessage("load: -1.0 (expected: 0 or more)");
        assertThatThrownBy(() -> ErlangB.blocking(Double.NaN, 3)).hasMessage("load: NaN (expected: 0 or more)");
        assertThatThrownBy(() -> ErlangB.blocking(1, -1)).hasMessage("slots: -1 (expected: 0 or more)");
        assertThatThrownBy(() -> ErlangB.slots(1, 0)).hasMessage("target: 0.0 (expected: more than 0, at most 1)");
    }
}
