package dev.cgnat.proxy.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ForecastTest {
    @Test
    void whatIsFreeLastsAsLongAsNetGrowthTakesForIt() {
        // 100 more taken in 10 s, be they live or at rest: 10/s; 600 are free
        List<PoolSample> samples = new SampleSeries()
                .live(250)
                .held(50)
                .sample()
                .live(280)
                .sample()
                .live(260)
                .held(140)
                .sample()
                .samples();
        assertThat(Forecast.secondsToExhaustion(samples)).isEqualTo(60, Offset.offset(1e-9));
    }

    @Test
    void neverWhereUseDoesNotGrow() {
        assertThat(Forecast.secondsToExhaustion(
                        new SampleSeries().live(300).sample().sample().samples()))
                .isInfinite();
        assertThat(Forecast.secondsToExhaustion(
                        new SampleSeries().live(300).sample().live(299).sample().samples()))
                .isInfinite();
    }

    @Test
    void oneSampleTellsNothingButThatThePoolIsFull() {
        assertThat(Forecast.secondsToExhaustion(List.of())).isInfinite();
        assertThat(Forecast.secondsToExhaustion(
                        new SampleSeries().live(999).sample().samples()))
                .isInfinite();
        assertThat(Forecast.secondsToExhaustion(
                        new SampleSeries().live(1_000).sample().samples()))
                .isZero();
    }
}
