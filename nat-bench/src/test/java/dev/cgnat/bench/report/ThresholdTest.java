package dev.cgnat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ThresholdTest {
    @ParameterizedTest
    @CsvSource({
        "refused==0, 12, true",
        "refused.general==12, 12, false",
        "refused.general<12, 12, true",
        "refused.general<=12, 12, false",
        "refused.exhausted==0, 9, true",
        "proxy-refused.held>=3, 3, false",
        "refused.denied==0, 0, false",
        "refused.http_407==0, 0, false",
        "refused.socks_9==0, 0, false",
        "refused.reset==0, 0, false",
        "failed!=0, 0, true",
        "own.descriptors==2, 2, false",
        "established>100, 88, true",
        "connect.p99<5ms, 4, false",
        "connect.p99<3999us, 4, true",
        "refusal.max<1s, 70, false",
        "lateness.mean<=0.25ms, 0.25, false"
    })
    void isCrossedWhenItsConditionDoesNotHold(String text, double value, boolean crossed) {
        Threshold threshold = Threshold.parse(text);
        LoadMetrics.require(List.of(threshold));
        assertThat(Samples.loadReport().judged(List.of(threshold)).thresholds())
                .containsExactly(new ThresholdResult(text, value, crossed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refused",
                "refusd==0",
                "refused.==0",
                "refused.exhasted==0",
                "refused.http_20==0",
                "proxy-refused.general==0",
                "failed.wrong_bytes==0",
                "broken.timeout==0",
                "own.memory==0",
                "connect<5ms",
                "connect.p98<5ms",
                "connect.p99<5",
                "refused==0ms",
                "refused=0"
            })
    void aConditionOnNothingIsRefused(String text) {
        assertThatThrownBy(() -> LoadMetrics.require(List.of(Threshold.parse(text))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("threshold: ")
                .hasMessageContaining("(expected: ");
    }

    @Test
    void aReasonThatNeverComesIsToldWithThoseThatMay() {
        assertThatThrownBy(() -> LoadMetrics.require(List.of(Threshold.parse("own.port==0"))))
                .hasMessage("threshold: own.port (expected: own alone, or with one of .descriptors .ports)");
    }

    @Test
    void behindSocksOnlyTheProxyKnowsItsReasons() {
        assertThat(needs("refused.exhausted==0", true)).isTrue();
        assertThat(needs("refused.exhausted==0", false)).isFalse();
        assertThat(needs("refused.general==0", true)).isFalse();
        assertThat(needs("refused==0", true)).isFalse();
        assertThat(needs("proxy-refused==0", false)).isTrue();
    }

    private static boolean needs(String threshold, boolean socks) {
        return LoadMetrics.needProxyCounters(Threshold.parse(threshold), socks);
    }

    @ParameterizedTest
    @CsvSource({
        "offered>=20000, 20000, false",
        "granted>=20000, 16880, true",
        "refused==0, 3120, true",
        "refused.held<=2910, 2910, false",
        "refused.draining==0, 0, false",
        "success>=0.8, 0.8457, false",
        "success.web>=0.99, 0.9867, true",
        "fairness.torrent>0.5, 0.31, true",
        "fairness>0.9, 0.912, false",
        "peak-in-use<500, 500, true",
        "peak-sessions<=900, 900, false",
        "peak-ports.p99<=64, 60, false",
        "refused-subscribers<=31, 31, false",
        "first-refusal>1m, 42000, true",
        "connect.p99<5ms, 4, false"
    })
    void judgesAnyRun(String text, double value, boolean crossed) {
        Threshold threshold = Threshold.parse(text);
        RunMetrics.require(List.of(threshold), List.of("web", "torrent"));
        ThresholdResult result =
                Samples.runReport().judged(List.of(threshold)).thresholds().get(0);
        assertThat(result.value().orElseThrow()).isCloseTo(value, within(1e-4));
        assertThat(result.crossed()).isEqualTo(crossed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refused.general==0",
                "established>0",
                "success.nobody>0.5",
                "peak-ports<3",
                "first-refusal>10",
                "connect.p98<5ms",
                "offered==0s"
            })
    void aConditionOnWhatNoRunHasIsRefused(String text) {
        assertThatThrownBy(() -> RunMetrics.require(List.of(Threshold.parse(text)), List.of("web")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("threshold: ")
                .hasMessageContaining("(expected: ");
    }

    @Test
    void anUnknownMetricIsToldWithThoseThatThereAre() {
        assertThatThrownBy(() -> RunMetrics.require(List.of(Threshold.parse("lost==0")), List.of()))
                .hasMessageContaining("threshold: lost (expected: a number: offered, granted, ")
                .hasMessageContaining("refused[.PART]")
                .hasMessageContaining("or a time: first-refusal, connect.QUANTILE; QUANTILE is one of p50 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect.p99<5ms", "connect.p99>=0ms", "connect.max!=1s", "success>=0"})
    void aConditionOnNothingMeasuredIsCrossed(String text) {
        assertThat(Samples.emptyRun().judged(List.of(Threshold.parse(text))).thresholds())
                .containsExactly(new ThresholdResult(text, OptionalDouble.empty(), true, Optional.of("no samples")));
    }

    @ParameterizedTest
    @CsvSource({"first-refusal>1h, false", "first-refusal<1h, true"})
    void whatIsNeverRefusedIsRefusedLaterThanAnyTime(String text, boolean crossed) {
        assertThat(Samples.emptyRun().judged(List.of(Threshold.parse(text))).thresholds())
                .containsExactly(new ThresholdResult(text, OptionalDouble.empty(), crossed, Optional.of("never")));
    }
}
