package dev.cgnat.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.PoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PairingTest {
    private static final Subscriber ALICE = new Subscriber("alice");
    private static final long IDLE = 10_000_000_000L;

    private static final Barred BARRED = new Barred(new Regions(PoolConfig.defaults(
            "main", List.of(new AddressRange(IpAddress.ofIpv4(127, 0, 1, 1), IpAddress.ofIpv4(127, 0, 1, 2))))));

    private long now;
    private final Pairing pairing = new Pairing(2, Duration.ofNanos(IDLE), () -> now, BARRED);

    @Test
    @Tag("rfc4787-req2")
    void addressIsKeptForTheIdleTimeAfterTheLastFlow() {
        pairing.retain(ALICE, 1);
        now = 100 * IDLE;
        assertThat(pairing.addressOf(ALICE)).isEqualTo(OptionalInt.of(1));
        pairing.release(ALICE);
        now += IDLE - 1;
        assertThat(pairing.addressOf(ALICE)).isEqualTo(OptionalInt.of(1));
        now++;
        assertThat(pairing.addressOf(ALICE)).isEmpty();
    }

    @Test
    void aPairingThatLapsedCountsNoLonger() {
        pairing.retain(ALICE, 0);
        assertThat(pairing.leastLoaded(new Random(1))).isEqualTo(1);
        pairing.release(ALICE);
        pairing.retain(new Subscriber("bob"), 1);
        now = IDLE;
        assertThat(pairing.leastLoaded(new Random(1))).isZero();
        assertThat(pairing.byLoad(1)).isEqualTo(1);
    }

    @Test
    void anIdleSubscriberGetsItsOldAddressBackAndCountsOnce() {
        pairing.retain(ALICE, 0);
        pairing.release(ALICE);
        pairing.retain(ALICE, 1);
        assertThat(pairing.addressOf(ALICE)).isEqualTo(OptionalInt.of(0));
        pairing.release(ALICE);
        now = IDLE;
        pairing.retain(new Subscriber("bob"), 0);
        assertThat(pairing.leastLoaded(new Random(1))).isEqualTo(1);
    }

    @Test
    void anIdleTimeOfZeroForgetsAtOnce() {
        Pairing forgetful = new Pairing(2, Duration.ZERO, () -> now, BARRED);
        forgetful.retain(ALICE, 1);
        forgetful.retain(ALICE, 1);
        forgetful.release(ALICE);
        assertThat(forgetful.addressOf(ALICE)).isEqualTo(OptionalInt.of(1));
        forgetful.release(ALICE);
        assertThat(forgetful.addressOf(ALICE)).isEmpty();
        forgetful.retain(new Subscriber("bob"), 0);
        assertThat(forgetful.leastLoaded(new Random(1))).isEqualTo(1);
    }

    @Test
    void releaseWithoutRetainIsRejected() {
        assertThatIllegalStateException()
                .isThrownBy(() -> pairing.release(ALICE))
                .withMessage("subscriber: alice (expected: one that was retained)");
    }
}
