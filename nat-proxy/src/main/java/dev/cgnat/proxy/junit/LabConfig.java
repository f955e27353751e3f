package dev.cgnat.proxy.junit;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.AccessConfig;
import dev.cgnat.proxy.config.AdminConfig;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.transport.LocalAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes of any configuration one for a test: the same pools and limits, everything else on loopback and free ports. */
final class LabConfig {
    static final String SOCKS = "socks";
    static final String HTTP = "http";

    private static final IpAddress LOOPBACK = IpAddress.ofIpv4(127, 0, 0, 1);
    private static final Endpoint ANY_PORT = new Endpoint(LOOPBACK, 0);
    /** Whoever has one of these has them all, but for macOS, which has 127.0.0.1 alone. */
    private static final IpAddress FIRST_STAND_IN = IpAddress.ofIpv4(127, 0, 1, 1);

    private LabConfig() {}

    static ProxyConfig of(ProxyConfig base) {
        String pool = base.nat().pools().get(0).name();
        return new ProxyConfig(
                base.profile(),
                base.transport(),
                List.of(
                        new ListenerConfig(SOCKS, ListenerConfig.Type.SOCKS, ANY_PORT, Optional.empty(), pool),
                        new ListenerConfig(HTTP, ListenerConfig.Type.HTTP_CONNECT, ANY_PORT, Optional.empty(), pool)),
                new NatConfig(ownPools(base.nat().pools()), base.nat().limits()),
                base.onExhaustion(),
                base.windowsEvents(),
                SubscriberConfig.defaults(),
                base.bypass(),
                base.timeouts(),
                base.tcp(),
                base.maxSessions(),
                base.handshakesPerSource(),
                base.drainTimeout(),
                AccessConfig.defaults(),
                new AdminConfig(ANY_PORT),
                MetricsConfig.defaults());
    }

    /** A listener that leads to {@code target} without a word. */
    static ListenerConfig forward(String name, ProxyConfig config, InetSocketAddress target) {
        return new ListenerConfig(
                name,
                ListenerConfig.Type.FORWARD,
                ANY_PORT,
                Optional.of(new Target(target.getHostString(), target.getPort())),
                config.nat().pools().get(0).name());
    }

    /** With as many loopback addresses in the place of those that this machine does not have. */
    private static List<PoolConfig> ownPools(List<PoolConfig> pools) {
        if (pools.stream().allMatch(LabConfig::isOwn)) {
            return pools;
        }
        int addresses = pools.stream().mapToInt(PoolConfig::addressCount).sum();
        if (!LocalAddress.isLocal(FIRST_STAND_IN) || !LocalAddress.isLocal(FIRST_STAND_IN.plus(addresses - 1))) {
            return pools.stream()
                    .map(pool -> pool.withAddresses(AddressRange.single(LOOPBACK)))
                    .toList();
        }
        List<PoolConfig> own = new ArrayList<>();
        IpAddress next = FIRST_STAND_IN;
        for (PoolConfig pool : pools) {
            own.add(pool.withAddresses(new AddressRange(next, next.plus(pool.addressCount() - 1))));
            next = next.plus(pool.addressCount());
        }
        return own;
    }

    private static boolean isOwn(PoolConfig pool) {
        return pool.addresses().stream()
                .allMatch(range -> LocalAddress.isLocal(range.first()) && LocalAddress.isLocal(range.last()));
    }
}
