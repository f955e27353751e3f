package dev.cgnat.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The last guard: a record that exists is legal. */
class ConfigTest {
    private static final IpAddress FIRST = IpAddress.ofIpv4(127, 0, 1, 1);
    private static final PoolConfig POOL = PoolConfig.defaults("main", List.of(AddressRange.single(FIRST)));

    @Test
    void defaultsAreThoseOfTheProject() {
        assertThat(POOL.usablePorts()).isEqualTo(64_512).isEqualTo(POOL.configuredPorts());
        assertThat(POOL.addressCount()).isEqualTo(1);
        assertThat(POOL.reuseScope()).isEqualTo(ReuseScope.FOUR_TUPLE);
        assertThat(POOL.pooling().behaviour()).isEqualTo(Pooling.PAIRED);
        assertThat(POOL.queue().limit()).isZero();
        assertThat(POOL.holdDown().clientFin()).isEqualTo(Duration.ofMinutes(1));
        assertThat(POOL.holdDown().serverFin()).isZero();
        assertThat(NatConfig.of(POOL).limits()).isEqualTo(LimitConfig.defaults());
    }

    @Test
    void eachWithChangesOneComponent() {
        PoolConfig changed = POOL.withPorts(new PortRange(1, 10))
                .withExcludePorts(new PortRange(2, 3), new PortRange(20, 30))
                .withReuseScope(ReuseScope.HOST)
                .withPooling(PoolingConfig.defaults().withPairedIdle(Duration.ZERO))
                .withPooling(Pooling.ARBITRARY)
                .withHoldDown(HoldDownConfig.same(Duration.ofHours(24)))
                .withQueue(new QueueConfig(Duration.ofSeconds(1), 1_000_000));
        assertThat(changed.usablePorts()).isEqualTo(8);
        assertThat(changed.configuredPorts()).isEqualTo(10);
        assertThat(changed.reuseScope()).isEqualTo(ReuseScope.HOST);
        assertThat(changed.pooling().behaviour()).isEqualTo(Pooling.ARBITRARY);
        assertThat(changed.pooling().pairedIdle()).isZero();
        assertThat(changed.holdDown().connectFailed()).isEqualTo(Duration.ofDays(1));
        assertThat(changed.queue().limit()).isEqualTo(1_000_000);
        assertThat(changed.addresses()).isEqualTo(POOL.addresses());
        assertThat(changed.name()).isEqualTo("main");
    }

    @Test
    void illegalAddressesAreRejected() {
        rejected(() -> PoolConfig.defaults("p", List.of()), "addresses: [] (expected: at least one address)");
        rejected(
                () -> pool(new AddressRange(FIRST, FIRST.plus(3)), AddressRange.single(FIRST.plus(3))),
                "addresses: 127.0.1.4 (expected: no overlap with 127.0.1.1-127.0.1.4)");
        rejected(
                () -> pool(AddressRange.single(FIRST.plus(3)), new AddressRange(FIRST, FIRST.plus(3))),
                "no overlap with 127.0.1.4");
        rejected(() -> pool(AddressRange.single(FIRST), AddressRange.single(new IpAddress(1, 1))), "the family of");
        rejected(
                () -> pool(new AddressRange(FIRST, FIRST.plus(65_536))).withPorts(new PortRange(1, 1)),
                "addresses: 65537 addresses (expected: at most 65536");
    }

    @Test
    void morePairsThanAnIntCanCountAreRejected() {
        AddressRange most = new AddressRange(FIRST, FIRST.plus(65_535));
        rejected(() -> pool(most), "at most 2147483647");
        PoolConfig half = pool(AddressRange.single(FIRST))
                .withPorts(new PortRange(1, 32_767))
                .withAddresses(most);
        assertThat(half.addressCount()).isEqualTo(65_536);
        rejected(() -> half.withPorts(new PortRange(1, 32_768)), "at most 2147483647");
    }

    @Test
    void illegalPortsAreRejected() {
        rejected(POOL::withPorts, "ports: [] (expected: at least one range)");
        rejected(() -> POOL.withPorts(new PortRange(0, 5)), "ports: 0-5 (expected: 1 to 65535)");
        rejected(
                () -> POOL.withPorts(new PortRange(1, 5), new PortRange(5, 9)),
                "ports: 5-9 (expected: no overlap with 1-5)");
        rejected(() -> POOL.withExcludePorts(new PortRange(1, 65_535)), "at least one port of [1024-65535] left");
    }

    @Test
    void illegalNamesAndTimesAreRejected() {
        rejected(() -> PoolConfig.defaults("", POOL.addresses()), "name:  (expected: at least one character)");
        rejected(
                () -> PoolingConfig.defaults().withPairedIdle(Duration.ofNanos(-1)),
                "paired-idle: PT-0.000000001S (expected: 0s to 24h)");
        rejected(() -> PoolingConfig.defaults().withPairedIdle(Duration.ofHours(25)), "paired-idle: PT25H");
        rejected(() -> HoldDownConfig.same(Duration.ofNanos(-1)), "client-fin: ");
        rejected(() -> holdDown(1, Duration.ofHours(25)), "server-fin: PT25H (expected: 0s to 24h)");
        rejected(() -> holdDown(2, Duration.ofHours(25)), "reset: ");
        rejected(() -> holdDown(3, Duration.ofHours(25)), "idle: ");
        rejected(() -> holdDown(4, Duration.ofHours(25)), "connect-failed: ");
        rejected(() -> new QueueConfig(Duration.ZERO, 1), "queue-timeout: PT0S (expected: more than 0s, at most 24h)");
        rejected(() -> new QueueConfig(Duration.ofNanos(-1), 1), "queue-timeout: ");
        rejected(() -> new QueueConfig(Duration.ofHours(25), 1), "queue-timeout: ");
        rejected(() -> new QueueConfig(Duration.ofHours(1), -1), "queue-limit: -1 (expected: 0 to 1000000)");
        rejected(() -> new QueueConfig(Duration.ofHours(1), 1_000_001), "queue-limit: ");
    }

    @Test
    void illegalLimitsAreRejected() {
        rejected(
                () -> LimitConfig.defaults().withSessionsPerSubscriber(0),
                "sessions-per-subscriber: 0 (expected: at least 1)");
        rejected(
                () -> LimitConfig.defaults().withPortsPerSubscriber(0),
                "ports-per-subscriber: 0 (expected: at least 1)");
        assertThatCode(() -> new LimitConfig(1, 1, 1, 1, 1)).doesNotThrowAnyException();
    }

    @Test
    void poolsHaveDifferentNames() {
        rejected(() -> new NatConfig(List.of(), LimitConfig.defaults()), "pools: [] (expected: at least one pool)");
        rejected(() -> new NatConfig(List.of(POOL, POOL), LimitConfig.defaults()), "pools: two named main");
    }

    private static PoolConfig pool(AddressRange... addresses) {
        return PoolConfig.defaults("p", List.of(addresses));
    }

    private static HoldDownConfig holdDown(int which, Duration duration) {
        Duration[] all = new Duration[5];
        Arrays.fill(all, Duration.ZERO);
        all[which] = duration;
        return new HoldDownConfig(all[0], all[1], all[2], all[3], all[4]);
    }

    private static void rejected(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(message);
    }
}
