package dev.cgnat.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.DryRun;
import dev.cgnat.core.DryRun.MappingStep;
import dev.cgnat.core.DryRun.SlotsStep;
import dev.cgnat.core.DryRun.Verdict;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Queued;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.Refusal;

/** Whether a flow became what its dry run had said, and the steps lead there. */
final class DryRunCheck {
    private DryRunCheck() {}

    static void compare(DryRun said, Outcome outcome) {
        if (outcome instanceof Granted granted) {
            assertThat(said.verdict()).as("%s", said).isIn(Verdict.GRANTED, Verdict.GRANTED_IF_FOUND);
            assertThat(said.steps()).as("%s, not %s", said, granted).anyMatch(step -> leadsTo(step, granted));
        } else if (outcome instanceof Queued queued) {
            assertThat(said.reason()).as("%s", said).contains(queued.reason());
            assertThat(said.verdict()).as("%s, not %s", said, queued).isEqualTo(Verdict.QUEUED);
        } else if (outcome instanceof Refused refused) {
            assertThat(said.reason()).as("%s, not %s", said, refused).contains(refused.reason());
            assertThat(said.notBeforeNanos()).as("%s, not %s", said, refused).isEqualTo(refused.notBeforeNanos());
            if (refused.reason() == Refusal.SEARCH_GAVE_UP) {
                assertThat(said.verdict()).isEqualTo(Verdict.GRANTED_IF_FOUND);
            } else {
                assertThat(said.verdict()).isEqualTo(Verdict.REFUSED);
                assertThat(said.why().remedy())
                        .as("%s, not %s", said, refused)
                        .isEqualTo(refused.why().remedy());
                assertThat(said.why().amount()).isEqualTo(refused.why().amount());
            }
        }
    }

    private static boolean leadsTo(DryRun.Step step, Granted granted) {
        if (step instanceof MappingStep mapping) {
            return mapping.isFree()
                    && mapping.external()
                            .filter(granted.binding().external()::equals)
                            .isPresent();
        }
        return step instanceof SlotsStep slots && slots.free() > 0;
    }
}
