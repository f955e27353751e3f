package dev.cgnat.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        assertThat(Threshold.parse(text).judge(Samples.loadReport()))
                .isEqualTo(new ThresholdResult(text, value, crossed));
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
        assertThatThrownBy(() -> Threshold.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("threshold: ")
                .hasMessageContaining("(expected: ");
    }

    @Test
    void aReasonThatNeverComesIsToldWithThoseThatMay() {
        assertThatThrownBy(() -> Threshold.parse("own.port==0"))
                .hasMessage("threshold: own.port (expected: own alone, or with one of .descriptors .ports)");
    }

    @Test
    void behindSocksOnlyTheProxyKnowsItsReasons() {
        assertThat(Threshold.parse("refused.exhausted==0").needsProxyCounters(true))
                .isTrue();
        assertThat(Threshold.parse("refused.exhausted==0").needsProxyCounters(false))
                .isFalse();
        assertThat(Threshold.parse("refused.general==0").needsProxyCounters(true))
                .isFalse();
        assertThat(Threshold.parse("refused==0").needsProxyCounters(true)).isFalse();
        assertThat(Threshold.parse("proxy-refused==0").needsProxyCounters(false))
                .isTrue();
    }
}
