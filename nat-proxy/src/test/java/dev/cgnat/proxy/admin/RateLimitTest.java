package dev.cgnat.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private long nowNanos;
    private final RateLimit limit = new RateLimit(() -> nowNanos);

    @Test
    void sourceHasItsBurstThenItsRateAndOthersTheirOwn() throws Exception {
        InetAddress one = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        InetAddress other = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
        assertThat(admitted(one, 1_000)).isEqualTo(RateLimit.AT_ONCE);
        assertThat(limit.admit(other)).isTrue();
        nowNanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(admitted(one, 1_000)).isEqualTo(RateLimit.PER_SECOND);
        nowNanos += TimeUnit.MINUTES.toNanos(10);
        assertThat(admitted(one, 1_000)).isEqualTo(RateLimit.AT_ONCE);
    }

    private int admitted(InetAddress source, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += limit.admit(source) ? 1 : 0;
        }
        return admitted;
    }
}
