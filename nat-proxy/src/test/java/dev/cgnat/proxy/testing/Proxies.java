package dev.cgnat.proxy.testing;

import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.AccessConfig;
import dev.cgnat.proxy.config.AdminConfig;
import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.config.MetricsConfig;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.config.SubscriberConfig;
import dev.cgnat.proxy.config.TcpConfig;
import dev.cgnat.proxy.config.TimeoutConfig;
import dev.cgnat.proxy.config.TranslationLogConfig;
import dev.cgnat.proxy.config.TransportKind;
import dev.cgnat.proxy.config.Users;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Configurations of small proxies: one pool, a SOCKS and a CONNECT listener, everything on loopback and on ports that the
 * kernel chooses.
 */
public final class Proxies {
    public static final String SOCKS = "socks";
    public static final String CONNECT = "connect";
    public static final String FORWARD = "forward";

    private static final Endpoint ANY_PORT = new Endpoint(IpAddress.ofIpv4(127, 0, 0, 1), 0);

    private final PoolConfig pool;
    private final List<ListenerConfig> listeners = new ArrayList<>();
    private ExhaustionAction action = ExhaustionAction.REFUSE;
    private TimeoutConfig timeouts = TimeoutConfig.defaults();
    private LimitConfig limits = LimitConfig.defaults();
    private TransportKind transport = TransportKind.AUTO;
    private OptionalInt maxSessions = OptionalInt.empty();
    private int handshakesPerSource = ProxyConfig.DEFAULT_HANDSHAKES_PER_SOURCE;
    private SubscriberConfig subscriber = SubscriberConfig.defaults();
    private Duration drainTimeout = Duration.ofSeconds(30);
    private boolean windowsEvents;
    private AccessConfig access = AccessConfig.defaults();
    private MetricsConfig metrics = MetricsConfig.defaults();
    private AdminConfig admin = new AdminConfig(ANY_PORT);
    private List<IPAddress> bypass = List.of();
    private TranslationLogConfig log = TranslationLogConfig.defaults();

    private Proxies(PoolConfig pool) {
        this.pool = pool;
        listeners.add(new ListenerConfig(SOCKS, ListenerConfig.Type.SOCKS, ANY_PORT, Optional.empty(), pool.name()));
        listeners.add(
                new ListenerConfig(CONNECT, ListenerConfig.Type.HTTP_CONNECT, ANY_PORT, Optional.empty(), pool.name()));
    }

    /** Addresses {@code first} to {@code last}, ports {@code firstPort} to {@code lastPort}, no hold-down at all. */
    public static PoolConfig pool(String first, String last, int firstPort, int lastPort) {
        return PoolConfig.defaults("main", List.of(new AddressRange(address(first), address(last))))
                .withPorts(new PortRange(firstPort, lastPort))
                .withHoldDown(HoldDownConfig.same(Duration.ZERO));
    }

    /** One address. */
    public static PoolConfig pool(String address, int firstPort, int lastPort) {
        return pool(address, address, firstPort, lastPort);
    }

    public static IpAddress address(String literal) {
        try {
            return IpAddress.from(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("literal: " + literal + " (expected: an address)", e);
        }
    }

    public static Proxies with(PoolConfig pool) {
        return new Proxies(pool);
    }

    public Proxies action(ExhaustionAction value) {
        action = value;
        return this;
    }

    /** Refusals carry the event id of a Windows host. */
    public Proxies windowsEvents() {
        windowsEvents = true;
        return this;
    }

    public Proxies timeouts(TimeoutConfig value) {
        timeouts = value;
        return this;
    }

    public Proxies limits(LimitConfig value) {
        limits = value;
        return this;
    }

    public Proxies transport(TransportKind value) {
        transport = value;
        return this;
    }

    public Proxies maxSessions(int value) {
        maxSessions = OptionalInt.of(value);
        return this;
    }

    public Proxies handshakesPerSource(int value) {
        handshakesPerSource = value;
        return this;
    }

    public Proxies subscriber(SubscriberConfig value) {
        subscriber = value;
        return this;
    }

    /** Only {@code users} may use the SOCKS and the CONNECT listener. */
    public Proxies users(Users users) {
        listeners.replaceAll(
                listener -> listener.name().equals(SOCKS) || listener.name().equals(CONNECT)
                        ? listener.withUsers(users)
                        : listener);
        return this;
    }

    public Proxies drainTimeout(Duration value) {
        drainTimeout = value;
        return this;
    }

    /** Only these prefixes may use the listeners. */
    public Proxies allowSources(String... prefixes) {
        access = AccessConfig.ofSources(prefixes(prefixes));
        return this;
    }

    /** Who may use the listeners, and to where. */
    public Proxies access(AccessConfig value) {
        access = value;
        return this;
    }

    /** With another administrator's listener. */
    public Proxies admin(UnaryOperator<AdminConfig> change) {
        admin = change.apply(admin);
        return this;
    }

    /** With a listener for metrics alone. */
    public Proxies metricsOn(Endpoint bind) {
        metrics = new MetricsConfig(Optional.of(bind), List.of());
        return this;
    }

    public Proxies log(TranslationLogConfig value) {
        log = value;
        return this;
    }

    /** Destinations in these prefixes leave untranslated. */
    public Proxies bypass(String... prefixes) {
        bypass = prefixes(prefixes);
        return this;
    }

    public static List<IPAddress> prefixes(String... prefixes) {
        return Stream.of(prefixes)
                .map(prefix -> new IPAddressString(prefix).getAddress())
                .toList();
    }

    /** A listener {@link #FORWARD} to {@code target}. */
    public Proxies forwardTo(InetSocketAddress target) {
        return listener(new ListenerConfig(
                FORWARD,
                ListenerConfig.Type.FORWARD,
                ANY_PORT,
                Optional.of(new Target(target.getAddress().getHostAddress(), target.getPort())),
                pool.name()));
    }

    /** One more listener. */
    public Proxies listener(ListenerConfig listener) {
        listeners.add(listener);
        return this;
    }

    public ProxyConfig config() {
        return new ProxyConfig(
                "none",
                transport,
                listeners,
                new NatConfig(List.of(pool), limits),
                Map.of(pool.name(), action),
                windowsEvents ? Set.of(pool.name()) : Set.of(),
                subscriber,
                bypass,
                timeouts,
                TcpConfig.defaults(),
                maxSessions,
                handshakesPerSource,
                drainTimeout,
                access,
                admin,
                metrics,
                log);
    }
}
