package dev.cgnat.bench.size;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import org.junit.jupiter.api.Test;

final class GrantGapsTest {
    private static final long SECOND = 1_000_000_000L;

    private final GrantGaps gaps = new GrantGaps();

    @Test
    void gapsAreThoseOfOneEndpointEach() {
        gaps.granted(port(1), 0);
        gaps.granted(port(2), SECOND);
        gaps.granted(port(1), 2 * SECOND);
        gaps.granted(port(2), 5 * SECOND);
        gaps.granted(port(3), 9 * SECOND);
        assertThat(gaps.count()).isEqualTo(2);
        assertThat(gaps.endpoints()).isEqualTo(3);
        assertThat(gaps.meanSeconds()).hasValue(3);
        assertThat(gaps.leastSeconds()).hasValue(2);
    }

    @Test
    void withoutASecondGrantThereIsNoGap() {
        gaps.granted(port(1), 7);
        assertThat(gaps.meanSeconds()).isEmpty();
        assertThat(gaps.leastSeconds()).isEmpty();
    }

    private static Endpoint port(int number) {
        return new Endpoint(IpAddress.ofIpv4(127, 0, 1, 1), number);
    }
}
