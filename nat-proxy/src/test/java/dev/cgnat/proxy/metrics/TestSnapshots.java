package dev.cgnat.proxy.metrics;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.NatSnapshot;
import dev.cgnat.core.NatSnapshot.BlockCounts;
import dev.cgnat.core.NatSnapshot.PairCounts;
import dev.cgnat.core.NatSnapshot.PoolSnapshot;
import dev.cgnat.core.NatSnapshot.SubscriberCounts;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Snapshots that no {@code Nat} made, with a different number in every place. */
public final class TestSnapshots {
    /** Two addresses of 500 ports. */
    static final PoolConfig MAIN = PoolConfig.defaults(
                    "main", List.of(new AddressRange(IpAddress.ofIpv4(127, 0, 1, 1), IpAddress.ofIpv4(127, 0, 1, 2))))
            .withPorts(new PortRange(2000, 2499));

    static final PoolConfig SPARE = PoolConfig.defaults(
                    "spare", List.of(AddressRange.single(IpAddress.ofIpv4(127, 0, 2, 1))))
            .withPorts(new PortRange(3000, 3009));

    /** A SOCKS listener {@code socks} on pool {@code main}, and a second pool. */
    static final ProxyConfig CONFIG = ProxyConfig.defaults(new NatConfig(List.of(MAIN, SPARE), LimitConfig.defaults()));

    private TestSnapshots() {}

    static NatSnapshot idle() {
        return snapshot(0, 0, 0, 0);
    }

    /**
     * Pool {@code main} in use; pool {@code spare} idle.
     *
     * @param work how much has happened; every counter is this times a number of its own
     */
    static NatSnapshot snapshot(int inUse, int held, int reserved, long work) {
        return new NatSnapshot(List.of(pool(MAIN, 1000, inUse, held, reserved, work), pool(SPARE, 10, 0, 0, 0, 0)), 3);
    }

    /** A pool of which TCP uses that much; nothing was ever refused. */
    public static PoolSnapshot pool(PoolConfig config, int capacity, int inUse, int held) {
        return new PoolSnapshot(
                config,
                Map.of(Protocol.TCP, new PairCounts(capacity, inUse, held, 0)),
                new BlockCounts(0, 0, 0, 0, 0),
                inUse,
                held,
                0,
                0,
                1,
                0,
                0.5,
                15,
                0,
                0,
                Map.of(),
                Map.of(),
                0,
                SubscriberCounts.none(),
                List.of(inUse));
    }

    private static PoolSnapshot pool(PoolConfig config, int capacity, int inUse, int held, int reserved, long work) {
        long number = 100;
        Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
        for (Refusal reason : Refusal.values()) {
            if (!reason.isShell()) {
                refused.put(reason, work * number++);
            }
        }
        number = 200;
        Map<CloseCause, Long> closed = new EnumMap<>(CloseCause.class);
        for (CloseCause cause : CloseCause.values()) {
            closed.put(cause, work * number++);
        }
        int waiting = (int) work * 7;
        double fullest = inUse / 1000.0;
        PairCounts unused = new PairCounts(capacity, 0, 0, 0);
        PairCounts tcp = new PairCounts(capacity, inUse, held, reserved);
        return new PoolSnapshot(
                config,
                Map.of(Protocol.TCP, tcp, Protocol.UDP, unused, Protocol.ICMP, unused),
                new BlockCounts(20 * (int) work, (int) work, 4 * (int) work, work * 15, work * 17),
                inUse,
                held,
                (int) work * 5,
                waiting,
                2,
                1,
                fullest,
                work * 11,
                work * 13,
                work * 19,
                refused,
                closed,
                work * 23,
                new SubscriberCounts(
                        9 * (int) work, 2 * (int) work, 3 * (int) work, 4 * (int) work, peaks(work), work * 29),
                config.addressCount() == 1 ? List.of(inUse) : List.of(inUse - inUse / 3, inUse / 3));
    }

    /** As many subscribers in each bucket as its number, from 1, times {@code work}. */
    private static List<Long> peaks(long work) {
        return LongStream.rangeClosed(1, SubscriberCounts.PEAK_BOUNDS.size() + 1)
                .mapToObj(number -> number * work)
                .toList();
    }
}
