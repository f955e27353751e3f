package dev.cgnat.proxy.egress;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.transport.SocketError;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees which external addresses this host has lost, and which are back: no new flow leaves from a lost one, and flows that
 * live there go on, as the kernel lets them.
 *
 * <p>Any thread may call. <b>Costs</b>: a thread of its own, and five times in two seconds a UDP socket for each address from which
 * no flow was bound meanwhile, at most {@value #PROBES} (some 10 ms); with more addresses each has its turn less often, but a flow
 * that cannot be bound tells at once.
 */
/*
 * An address is asked for by binding, as only that sees prefixes that are routed to loopback and 127.0.0.0/8; and by UDP, so
 * that no port is taken, however shortly, that a flow may draw.
 */
public final class AddressWatch implements AutoCloseable {
    private static final int PROBES = 1_024;
    private static final long PERIOD_MILLIS = 400;

    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);

    private final AddressSwitch addressSwitch;
    private volatile List<PoolConfig> pools = List.of();
    private volatile List<IpAddress> addresses = List.of();
    private final Set<IpAddress> lost = ConcurrentHashMap.newKeySet();
    /** From where a flow was bound since the last look. */
    private final Set<IpAddress> seen = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("natproxy-addresses", true));
    /** Of the watch's own thread: whose turn it is. */
    private int next;

    public AddressWatch(AddressSwitch addressSwitch, List<PoolConfig> pools) {
        this.addressSwitch = addressSwitch;
        watch(pools);
    }

    /** From now on the addresses of {@code value}. */
    public void watch(List<PoolConfig> value) {
        pools = List.copyOf(value);
        addresses = pools.stream()
                .flatMap(pool -> pool.addresses().stream())
                .flatMap(AddressRange::addresses)
                .distinct()
                .toList();
    }

    /** Looks at the addresses from now on. */
    public void start() {
        thread.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** The first pool that has lost all its addresses; empty if every one has some. */
    public Optional<String> poolWithoutAddress() {
        return lost.isEmpty()
                ? Optional.empty()
                : pools.stream()
                        .filter(pool ->
                                addresses.stream().noneMatch(address -> pool.lends(address) && !lost.contains(address)))
                        .map(PoolConfig::name)
                        .findFirst();
    }

    /** A flow was bound to {@code address}, so the next look need not ask for it; the one behind that does, within a second. */
    void onBound(IpAddress address) {
        if (!seen.contains(address)) { // which takes no lock, and is the rule
            seen.add(address);
        }
    }

    /** A flow could not be bound to {@code address}. */
    void onLost(IpAddress address) {
        if (!lost.contains(address)) {
            lose(address);
        }
    }

    /** One at a time with {@link #regain}, so that the last word here is the last that the NAT hears. */
    private synchronized void lose(IpAddress address) {
        if (lost.add(address)) {
            LOG.warn("{} is no address of this host any more: no new flow leaves from it until it is back", address);
            addressSwitch.set(address, AddressSwitch.Reason.LOST, true);
        }
    }

    private void look() {
        List<IpAddress> now = addresses;
        for (int count = Math.min(PROBES, now.size()); count > 0; count--) {
            next = (next + 1) % now.size();
            IpAddress address = now.get(next);
            try {
                if (!seen.remove(address) || lost.contains(address)) {
                    look(address);
                }
            } catch (RuntimeException e) {
                LOG.error("cannot tell whether {} is an address of this host", address, e); // else the watch would end
            }
        }
    }

    private void look(IpAddress address) {
        try (DatagramChannel probe =
                DatagramChannel.open(address.isIpv4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
            probe.bind(new InetSocketAddress(address.toInetAddress(), 0));
        } catch (IOException e) {
            if (SocketError.of(e) == SocketError.ADDRESS_NOT_AVAILABLE) {
                onLost(address);
            }
            return; // no descriptor, no port: that says nothing about the address
        }
        if (lost.contains(address)) {
            regain(address);
        }
    }

    private synchronized void regain(IpAddress address) {
        if (lost.remove(address)) {
            LOG.info("{} is an address of this host again", address);
            addressSwitch.set(address, AddressSwitch.Reason.LOST, false);
        }
    }
}
