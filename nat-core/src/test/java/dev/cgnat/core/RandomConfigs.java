package dev.cgnat.core;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.QueueConfig;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small configurations of every kind, as the random numbers fall. */
record RandomConfigs(Random random, ReuseScope scope) {
    int limit() {
        return random.nextInt(3) == 0 ? 1 + random.nextInt(5) : LimitConfig.NONE;
    }

    PoolConfig pool(String name) {
        IpAddress first = IpAddress.ofIpv4(127, 0, name.charAt(0), 1);
        List<AddressRange> addresses = new ArrayList<>();
        addresses.add(new AddressRange(first, first.plus(random.nextInt(2))));
        if (random.nextBoolean()) {
            addresses.add(AddressRange.single(first.plus(7)));
        }
        int low = 1 + random.nextInt(60_000);
        PortRange range = new PortRange(low, low + random.nextInt(3));
        PortRange far = new PortRange(low + 100, low + 100 + random.nextInt(2));
        PoolConfig pool = PoolConfig.defaults(name, addresses)
                .withReuseScope(scope)
                .withPooling(random.nextBoolean() ? Pooling.PAIRED : Pooling.ARBITRARY)
                .withPairedIdle(oneOf(Duration.ZERO, Duration.ofMillis(1), Duration.ofSeconds(10)))
                .withHoldDown(new HoldDownConfig(delay(), delay(), delay(), delay(), delay()))
                .withQueue(new QueueConfig(
                        oneOf(Duration.ofNanos(1), Duration.ofMillis(3), Duration.ofSeconds(2)), random.nextInt(4)));
        pool = random.nextBoolean() ? pool.withPorts(range) : pool.withPorts(far, range);
        return random.nextInt(3) == 0 && pool.usablePorts() > 1 ? pool.withExcludePorts(new PortRange(low, low)) : pool;
    }

    private Duration delay() {
        return oneOf(
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofNanos(300_001),
                Duration.ofMillis(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5));
    }

    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
