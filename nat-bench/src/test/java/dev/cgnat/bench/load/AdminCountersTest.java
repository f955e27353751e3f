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
        assertThat(AdminCounters.parse(text).refused()).isEqualTo(Map.of("held", 7L, "exhausted", 12_000_000L));
    }

    @Test
    void portsOfTcpAreSummedOverPoolsByState() {
        String text = """
                cgn_pool_ports{pool="a",protocol="tcp",state="in_use",} 12.0
                cgn_pool_ports{pool="b",protocol="tcp",state="in_use",} 3.0
                cgn_pool_ports{pool="a",protocol="tcp",state="free",} 6.4E4
                cgn_pool_ports{pool="a",protocol="udp",state="in_use",} 99.0
                """;
        AdminCounters.Reading reading = AdminCounters.parse(text);
        assertThat(reading.ports("in_use")).isEqualTo(15);
        assertThat(reading.ports("held")).isZero();
        assertThat(reading.capacity()).isEqualTo(64_015);
    }
}
