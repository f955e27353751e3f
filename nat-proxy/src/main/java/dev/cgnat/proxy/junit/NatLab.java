package dev.cgnat.proxy.junit;

import dev.cgnat.core.Refusal;
import dev.cgnat.proxy.NatProxy;
import dev.cgnat.proxy.StartException;
import dev.cgnat.proxy.config.ProxyConfig;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.AssertionFailedError;

/**
 * A running NAT, all on loopback, and what the program under test took from it. {@link NatTest} makes one for each class.
 *
 * <p>Its pools are those of the configuration; where this machine does not have their addresses, as many of 127.0.1.1 and on
 * take their place, or 127.0.0.1 alone where there is nothing else. Every client on this machine that comes from 127.0.0.1 is the
 * same subscriber.
 *
 * <p>Any thread may call. Assertions about one action count what happens while it runs, whoever does it.
 */
public final class NatLab {
    private final NatProxy proxy;
    private final List<PortWatch> watches;
    private final AtomicInteger forwards = new AtomicInteger();
    private volatile PortWatch ofTest;

    private NatLab(NatProxy proxy, List<PortWatch> watches, PortWatch ofTest) {
        this.proxy = proxy;
        this.watches = watches;
        this.ofTest = ofTest;
    }

    static NatLab start(ProxyConfig base) throws StartException {
        ProxyConfig config = LabConfig.of(base);
        PortWatch first = new PortWatch(config.nat());
        List<PortWatch> watches = new CopyOnWriteArrayList<>(List.of(first));
        NatProxy proxy = NatProxy.start(config, event -> watches.forEach(watch -> watch.onEvent(event)));
        return new NatLab(proxy, watches, first);
    }

    /** From here on {@link #used} and {@link #refusals} count anew. */
    void beginTest() {
        PortWatch next = watch();
        watches.remove(ofTest);
        ofTest = next;
    }

    void close() {
        proxy.close();
    }

    /** Where it speaks SOCKS 5, 4 and 4A. */
    public InetSocketAddress socksAddress() {
        return proxy.address(LabConfig.SOCKS);
    }

    /** Where it speaks HTTP CONNECT, which clients use for {@code https:} alone. */
    public InetSocketAddress httpAddress() {
        return proxy.address(LabConfig.HTTP);
    }

    /** The way through it by SOCKS, for {@link java.net.Socket} and whatever takes a {@link Proxy}. */
    public Proxy proxy() {
        return new Proxy(Proxy.Type.SOCKS, socksAddress());
    }

    /**
     * An address in the place of {@code target}, for programs that know no proxy: whoever connects to it comes to the target,
     * through the NAT. Each call opens another, until the last test of the class has ended.
     *
     * @throws IllegalStateException if no port is to be had
     */
    public InetSocketAddress forwardTo(InetSocketAddress target) {
        String name = "forward-" + forwards.incrementAndGet();
        try {
            return proxy.listen(LabConfig.forward(name, proxy.config(), target));
        } catch (StartException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** The running proxy, for what is not told here, such as {@link NatProxy#snapshot}. */
    public NatProxy natProxy() {
        return proxy;
    }

    /** What was taken since the test method began; outside of one, since the NAT has been running. */
    public PortUse used() {
        return ofTest.use();
    }

    /** How often the NAT refused a connection in that time, by reason; empty if it never did. */
    public Map<Refusal, Integer> refusals() {
        return used().refused();
    }

    /** Runs {@code action}, and tells what was taken meanwhile. What the action throws is thrown on. */
    public PortUse usedBy(Executable action) {
        PortWatch watch = watch();
        try {
            action.execute();
        } catch (Throwable e) {
            throw NatLab.<RuntimeException>asItIs(e);
        } finally {
            watches.remove(watch);
        }
        return watch.use();
    }

    /**
     * Runs {@code action}, and fails if its connections took more ports at a time than {@code ports}, in the sense of {@link
     * PortUse#ports}, or if one was refused: a program that was refused might have taken more.
     *
     * @param ports 0 or more
     */
    public void assertPortsUsedAtMost(int ports, Executable action) {
        PortUse use = usedBy(action);
        if (use.ports() > ports) {
            throw new AssertionFailedError(use.excess(ports), ports, use.ports());
        }
        if (use.refusedTotal() > 0) {
            throw new AssertionFailedError(use.refusals(), 0, use.refusedTotal());
        }
    }

    /** Fails if the NAT has refused a connection since the test method began. */
    public void assertNothingRefused() {
        PortUse use = used();
        if (use.refusedTotal() > 0) {
            throw new AssertionFailedError(use.refusals(), 0, use.refusedTotal());
        }
    }

    private PortWatch watch() {
        PortWatch watch = new PortWatch(proxy.config().nat());
        watches.add(watch);
        return watch;
    }

    /** A test's action may throw what it likes, and a test method hears it unwrapped. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException asItIs(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
