package dev.cgnat.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.NatEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A dry run says what would have become of a flow, and leaves no trace, over random operations of every policy. */
class ExplainModelTest {
    private static final int STEPS = 1_000;
    private static final int SEEDS = 75;

    @ParameterizedTest
    @EnumSource
    void whatIsExplainedIsWhatOpenThenDoes(Family family) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            OperationRun.withExplanations(family, seed).steps(STEPS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void questionsInBetweenChangeNothing(Family family) {
        for (long seed = 1; seed <= 20; seed++) {
            List<NatEvent> asked = new ArrayList<>();
            OperationRun.withQuestions(family, seed, asked::add).steps(STEPS);
            List<NatEvent> plain = new ArrayList<>();
            new OperationRun(family, seed, plain::add).steps(STEPS);
            assertThat(asked.toString()).isEqualTo(plain.toString());
        }
    }
}
