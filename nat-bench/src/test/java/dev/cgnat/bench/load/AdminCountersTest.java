package dev.cgnat.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class AdminCountersTest {
    @Test
    void refusalsAreSummedOverPoolsByReason() {
        String text = """
                # HELP cgn_port_allocation_failures_total refused
                # TYPE cgn_port_allocation_failures_total counter
                cgn_port_allocation_failures_total{pool="a",protocol="tcp",reason="held",} 3.0
                cgn_port_allocation_failures_total{pool="b",protocol="tcp",reason="held",} 4.0
                cgn_port_allocation_failures_total{pool="a",protocol="tcp",reason="exhausted"} 1.2E7
                cgn_port_allocation_failures_total_other{reason="held"} 9
                cgn_port_allocations_total{pool="a",protocol="tcp",} 10.0
                """;
        assertThat(AdminCounters.parse(text)).isEqualTo(Map.of("held", 7L, "exhausted", 12_000_000L));
    }
}
