package dev.cgnat.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlarmConfigTest {
    @Test
    void eachPoolHasItsOwnAndDefaultsForTheRest() throws ConfigException {
        MetricsConfig metrics = load("""
                metrics: { per-address: false }
                pools:
                  - { name: a, addresses: 127.0.1.1, alarm: { raise: 0.5, clear: 0.25, interval: 2m } }
                  - { name: b, addresses: 127.0.1.2, alarm: { raise: 0.6 } }
                  - { name: c, addresses: 127.0.1.3 }
                """).metrics();
        assertThat(metrics.perAddress()).isFalse();
        assertThat(metrics.alarm("a")).isEqualTo(new AlarmConfig(0.5, 0.25, Duration.ofMinutes(2)));
        assertThat(metrics.alarm("b"))
                .as("cleared no later than it is raised")
                .isEqualTo(new AlarmConfig(0.6, 0.6, Duration.ofMinutes(1)));
        assertThat(metrics.alarm("c")).isEqualTo(AlarmConfig.defaults());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "raise: 0 | alarm.raise: 0 (expected: above 0, at most 1)",
                "raise: 1.1 | alarm.raise: 1.1 (expected: a ratio from 0 to 1, such as 0.8)",
                "raise: 80% | alarm.raise: 80% (expected: a ratio from 0 to 1, such as 0.8)",
                "clear: 0.9 | alarm.clear: 0.9 (expected: 0 to raise, 0.8)",
                "interval: 500ms | alarm.interval: 500ms (expected: 1s to 24h)",
                "intervall: 5s | alarm.intervall: unknown key, did you mean \"interval\"?"
            })
    void whatMakesNoSenseIsTold(String key, String problem) {
        assertThatThrownBy(() -> load("pools: [{ addresses: 127.0.1.1, alarm: { " + key + " } }]"))
                .hasMessageContaining("pools[0]." + problem);
    }

    @Test
    void recordGuardsItself() {
        assertThatThrownBy(() -> new AlarmConfig(0.5, 0.6, Duration.ofMinutes(1)))
                .hasMessage("alarm.clear: 0.6 (expected: 0 to alarm.raise, 0.5)");
        assertThatThrownBy(() -> new AlarmConfig(Double.NaN, 0, Duration.ofMinutes(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ProxyConfig load(String yaml) throws ConfigException {
        return ConfigLoader.parse(yaml, "test.yaml", Optional.empty(), List.of(), address -> true)
                .config();
    }
}
