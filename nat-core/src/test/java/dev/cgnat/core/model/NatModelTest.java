package dev.cgnat.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.NatEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random operations on random small configurations, each answer compared with {@link ModelNat}. */
class NatModelTest {
    private static final int STEPS = 1_000;
    private static final int SEEDS = 1_250;

    /** With all families ten million operations. */
    @ParameterizedTest
    @EnumSource
    @Tag("rfc4787-req11")
    @Tag("rfc6888-req11d")
    void agreesWithTheModelForAnySequence(Family family) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            new OperationRun(family, seed, event -> {}).steps(STEPS);
        }
    }

    /** Whatever is lent: no new flow from a disabled address or a reserved pair, none refused while another is legal. */
    @ParameterizedTest
    @EnumSource
    void agreesWithTheModelWhileAddressesComeAndGo(Family family) {
        for (long seed = 1; seed <= SEEDS / 4; seed++) {
            OperationRun.withAddressesThatComeAndGo(family, seed).steps(STEPS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sameSeedGivesTheSameTrace(Family family) {
        for (long seed = 1; seed <= 5; seed++) {
            assertThat(trace(family, seed)).isEqualTo(trace(family, seed));
        }
    }

    @Test
    void anotherSeedGivesOtherPorts() {
        assertThat(trace(Family.BASE, 1)).isNotEqualTo(trace(Family.BASE, 2));
    }

    private static List<NatEvent> trace(Family family, long seed) {
        List<NatEvent> trace = new ArrayList<>();
        new OperationRun(family, seed, trace::add).steps(STEPS);
        return trace;
    }
}
