package dev.cgnat.proxy.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Refusal;
import dev.cgnat.proxy.metrics.OpenResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DiagnosisTest {
    @ParameterizedTest
    @CsvSource({
        "SESSION_LIMIT, QUOTA",
        "PORT_LIMIT, QUOTA",
        "RATE_LIMIT, QUOTA",
        "DESTINATION_LIMIT, QUOTA",
        "BLOCK_LIMIT, BLOCKS",
        "PAIRED_ADDRESS_FULL, PAIRING",
        "SEARCH_GAVE_UP, SEARCH_LIMIT",
        "HELD, CONCURRENCY",
        "EXHAUSTED, CONCURRENCY",
        "OS_BIND, NOT_THE_NAT",
        "DESCRIPTORS, NOT_THE_NAT",
        "DRAINING, NOT_THE_NAT",
        "DENIED, NOT_THE_NAT"
    })
    void eachRefusalHasItsVerdict(Refusal reason, Verdict verdict) {
        SampleSeries series =
                new SampleSeries().live(900).sample().refused(reason, 1).sample();
        assertThat(series.verdicts()).containsExactly(verdict);
        assertThat(series.first().evidence()).containsValue(1L);
        assertThat(series.first().next()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everyVerdictButNoneSaysWhatWouldHelp(Verdict verdict) {
        assertThat(verdict.remedy().isEmpty()).isEqualTo(verdict == Verdict.NONE);
    }

    @Test
    void dryPoolIsChurnFromWhereMoreRestThanLive() {
        assertThat(dry(500, 500)).isEqualTo(Verdict.CONCURRENCY);
        assertThat(dry(499, 501)).isEqualTo(Verdict.CHURN);
    }

    @Test
    void fullestMomentDecidesNotTheLast() {
        SampleSeries series = new SampleSeries().live(10).held(990).sample();
        series.refused(Refusal.HELD, 9).live(20).held(0).sample();
        assertThat(series.verdicts()).containsExactly(Verdict.CHURN);
    }

    @Test
    void dryPoolOfBlocksIsShortOfBlocksIfAFifthOfThePortsIsFree() {
        assertThat(dryWithBlocks(800, 0)).isEqualTo(Verdict.BLOCKS);
        assertThat(dryWithBlocks(801, 0)).isEqualTo(Verdict.CONCURRENCY);
        assertThat(dryWithBlocks(800, 1)).isEqualTo(Verdict.CONCURRENCY);
    }

    @Test
    void findingBehindMostFailedFlowsIsFirst() {
        SampleSeries series = new SampleSeries().live(900).sample();
        series.refused(Refusal.SESSION_LIMIT, 3)
                .refused(Refusal.EXHAUSTED, 7)
                .refused(Refusal.PAIRED_ADDRESS_FULL, 5)
                .sample();
        assertThat(series.verdicts()).containsExactly(Verdict.CONCURRENCY, Verdict.PAIRING, Verdict.QUOTA);
    }

    @Test
    void whatWasBeforeTheWindowDoesNotCount() {
        SampleSeries series =
                new SampleSeries().refused(Refusal.EXHAUSTED, 1_000).live(10);
        assertThat(series.sample().sample().verdicts()).containsExactly(Verdict.NONE);
    }

    @Test
    void failedConnectionsCountFromFiveAndFromOneInTwenty() {
        assertThat(failures(4, 0)).isEqualTo(Verdict.NONE);
        assertThat(failures(5, 95)).isEqualTo(Verdict.NOT_THE_NAT);
        assertThat(failures(5, 96)).isEqualTo(Verdict.NONE);
    }

    @Test
    void growthInNumberAndAgeAtFlatLoadIsALeakEvenBeforeAFlowIsRefused() {
        assertThat(growing(10, 4.0, 100).verdicts()).containsExactly(Verdict.LEAK);
        assertThat(growing(10, 4.0, 100).refused(Refusal.EXHAUSTED, 3).sample().verdicts())
                .containsExactly(Verdict.LEAK);
    }

    @Test
    void growthIsNoLeakIfFlowsStayYoung() {
        assertThat(growing(10, 2.4, 100).verdicts()).containsExactly(Verdict.NONE);
        assertThat(growing(10, 2.5, 100).verdicts()).containsExactly(Verdict.LEAK);
    }

    @Test
    void growthIsNoLeakIfMoreIsAskedFor() {
        SampleSeries series = new SampleSeries();
        for (int i = 0; i <= 20; i++) {
            series.live(20 + 10 * i)
                    .ageP95(4.0 * i)
                    .opened(OpenResult.ESTABLISHED, 10 + 2 * i)
                    .sample();
        }
        assertThat(series.verdicts()).containsExactly(Verdict.NONE);
    }

    @Test
    void burstIsNoLeakHoweverOldItsFlowsGrow() {
        SampleSeries series = new SampleSeries().sample();
        for (int i = 1; i <= 20; i++) {
            series.live(900).ageP95(5.0 * i).opened(OpenResult.ESTABLISHED, 10).sample();
        }
        assertThat(series.verdicts()).containsExactly(Verdict.NONE);
    }

    @Test
    void oneSampleIsTooEarlyToTell() {
        Diagnosis early =
                Diagnosis.of(SampleSeries.POOL, new SampleSeries().sample().samples());
        assertThat(early.first().summary()).isEqualTo("too early to tell");
        assertThat(early.findings()).hasSize(1);
        assertThat(Diagnosis.of(SampleSeries.POOL, List.of()).first().verdict()).isEqualTo(Verdict.NONE);
    }

    private static Verdict dry(int live, int held) {
        SampleSeries series = new SampleSeries().live(live).held(held).sample();
        return series.refused(Refusal.HELD, 9).sample().first().verdict();
    }

    private static Verdict dryWithBlocks(int live, int freeBlocks) {
        SampleSeries series =
                new SampleSeries().live(live).freeBlocks(freeBlocks).sample();
        return series.refused(Refusal.EXHAUSTED, 9).sample().first().verdict();
    }

    private static Verdict failures(int failed, int established) {
        SampleSeries series = new SampleSeries().sample();
        series.opened(OpenResult.TIMEOUT, failed).opened(OpenResult.ESTABLISHED, established);
        return series.sample().first().verdict();
    }

    /** Twenty steps of 5 s, at a steady load. */
    private static SampleSeries growing(int perStep, double agePerStep, long requestsPerStep) {
        SampleSeries series = new SampleSeries();
        for (int i = 0; i <= 20; i++) {
            series.live(20 + perStep * i)
                    .ageP95(agePerStep * i)
                    .opened(OpenResult.ESTABLISHED, requestsPerStep)
                    .sample();
        }
        return series;
    }
}
