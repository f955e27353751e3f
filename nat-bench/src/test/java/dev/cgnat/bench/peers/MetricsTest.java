package dev.cgnat.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MetricsTest {
    private static final Metrics METRICS = new Metrics("""
            # TYPE cgn_pool_ports gauge
            cgn_pool_ports{pool="a",protocol="tcp",state="in_use",} 3.0
            cgn_pool_ports{pool="b",protocol="tcp",state="in_use",} 4.0
            cgn_pool_ports{pool="b",protocol="tcp",state="held",} 9.0
            cgn_pool_ports_total{state="in_use",} 100.0
            process_files_open_files 23.0
            """);

    @Test
    void seriesOfANameAreAddedUp() {
        assertThat(METRICS.sum("cgn_pool_ports", "state=\"in_use\"")).hasValue(7);
        assertThat(METRICS.sum("process_files_open_files", "")).hasValue(23);
    }

    @Test
    void whatIsNotThereHasNoSum() {
        assertThat(METRICS.sum("cgn_pool_ports", "state=\"free\"")).isEmpty();
    }
}
