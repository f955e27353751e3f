package dev.cgnat.proxy.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Nat;
import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionAgesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final FlowRequest FLOW = new FlowRequest(
            "main",
            new Subscriber("s"),
            new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 1),
            new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1), 80));

    private final SessionAges ages = new SessionAges(SECOND);
    private final Nat nat = new Nat(
            NatConfig.of(PoolConfig.defaults("main", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 1, 1))))),
            new Random(1),
            ages);

    private record Live(Binding binding, long since) {}

    @Test
    void nobodyLivesSoNobodyIsOld() {
        assertThat(ages.of("main", SECOND)).isEqualTo(SessionAges.Quantiles.NONE);
        close(open(0), 1);
        assertThat(ages.of("main", 9 * SECOND)).isEqualTo(SessionAges.Quantiles.NONE);
    }

    @Test
    void oldestIsTheOneThatWasLeftOpen() {
        open(0);
        for (int second = 1; second < 100; second++) {
            close(open(second * SECOND), second * SECOND);
        }
        for (int i = 0; i < 99; i++) {
            open(100 * SECOND);
        }
        SessionAges.Quantiles quantiles = ages.of("main", 110 * SECOND);
        assertThat(quantiles.oldest()).isEqualTo(110);
        assertThat(quantiles.p95()).isEqualTo(10);
        assertThat(quantiles.median()).isEqualTo(10);
    }

    /** More cohorts than are kept: old ages grow coarse, never too young, and no flow is lost. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithASortedListForAnySequence(long seed) {
        Random random = new Random(seed);
        List<Live> live = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < 20_000; step++) {
            now += random.nextLong(SECOND);
            if (random.nextInt(10) < 6 || live.isEmpty()) {
                live.add(new Live(open(now), now));
            } else {
                close(live.remove(random.nextInt(live.size())).binding, now);
            }
            if (live.size() > 2_000) {
                while (live.size() > 10) {
                    close(live.remove(random.nextInt(live.size())).binding, now);
                }
            }
        }
        live.sort(Comparator.comparingLong(Live::since));
        double oldest = (now - live.get(0).since()) / 1e9;
        double median = (now - live.get(live.size() - live.size() / 2 - 1).since()) / 1e9;
        SessionAges.Quantiles quantiles = ages.of("main", now);
        assertThat(quantiles.oldest()).isBetween(oldest, 1.25 * oldest + 1);
        assertThat(quantiles.median()).isBetween(median, 1.25 * median + oldest / 20 + 1);
    }

    private Binding open(long nanos) {
        return ((Granted) nat.open(FLOW, nanos)).binding();
    }

    private void close(Binding binding, long nanos) {
        nat.close(binding, CloseCause.RESET, nanos);
    }
}
