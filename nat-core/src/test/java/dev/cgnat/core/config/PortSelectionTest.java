package dev.cgnat.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PortSelectionTest {
    @Test
    void keysAreThoseOfTheConfigurationFile() {
        assertThat(Arrays.stream(PortSelection.values()).map(PortSelection::key))
                .containsExactly(
                        "uniform",
                        "sequential",
                        "rfc6056-1",
                        "rfc6056-2",
                        "rfc6056-3",
                        "rfc6056-4",
                        "rfc6056-5",
                        "least-recently-freed",
                        "linux-nf",
                        "vpp",
                        "cilium",
                        "cilium-128",
                        "pf");
    }
}
