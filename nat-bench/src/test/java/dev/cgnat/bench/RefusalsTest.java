package dev.cgnat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class RefusalsTest {
    @Test
    void onlyWhatCameSinceIsReported() {
        Map<String, Long> before = Map.of("held", 3L, "session_limit", 1L);
        Map<String, Long> after = Map.of("held", 5L, "session_limit", 1L, "exhausted", 2L);
        assertThat(Refusals.between(before, after)).isEqualTo(Map.of("held", 2L, "exhausted", 2L));
    }
}
