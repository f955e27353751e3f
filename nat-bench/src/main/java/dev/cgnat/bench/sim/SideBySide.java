package dev.cgnat.bench.sim;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import java.util.ArrayList;
import java.util.List;

/** NATs alike that stand side by side, each with external addresses of its own. */
final class SideBySide {
    private SideBySide() {}

    /**
     * The first is {@code nat} itself; the addresses of each further one follow those of the one before.
     *
     * @throws IllegalArgumentException if there are not so many addresses behind those of {@code nat}
     */
    static List<NatConfig> of(NatConfig nat, int count) {
        List<AddressRange> ranges =
                nat.pools().stream().flatMap(pool -> pool.addresses().stream()).toList();
        IpAddress first = ranges.stream()
                .map(AddressRange::first)
                .min(IpAddress::compareTo)
                .orElseThrow();
        IpAddress last = ranges.stream()
                .map(AddressRange::last)
                .max(IpAddress::compareTo)
                .orElseThrow();
        long span = last.low() - first.low() + 1;
        List<NatConfig> configs = new ArrayList<>(List.of(nat));
        for (int i = 1; i < count; i++) {
            long distance = span * i;
            try {
                configs.add(new NatConfig(
                        nat.pools().stream().map(pool -> moved(pool, distance)).toList(), nat.limits()));
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        "nats: " + count + " (expected: that many times the addresses " + first + "-" + last
                                + " behind them)",
                        e);
            }
        }
        return configs;
    }

    private static PoolConfig moved(PoolConfig pool, long distance) {
        return pool.withAddresses(pool.addresses().stream()
                .map(range -> new AddressRange(
                        range.first().plus(distance), range.last().plus(distance)))
                .toArray(AddressRange[]::new));
    }
}
