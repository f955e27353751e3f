package dev.cgnat.proxy.egress;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.metrics.PoolMeters;
import dev.cgnat.proxy.metrics.ProxyMeters;
import dev.cgnat.proxy.metrics.SessionMeters;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.session.Sessions;
import dev.cgnat.proxy.transport.TcpOptions;
import dev.cgnat.proxy.transport.Transport;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens flows: asks the NAT for an external endpoint, and connects from it.
 *
 * <p>Any thread may call; each attempt then lives on the event loop that it was given.
 */
public final class Egress {
    private static final Logger LOG = LoggerFactory.getLogger(Egress.class);

    private final Repeats repeats = new Repeats();
    private final NatGate gate;
    private final AddressWatch watch;
    private final Transport transport;
    private final Descriptors descriptors;
    private final ProxyMeters meters;
    private final Sessions live;
    private volatile int connectTimeoutMillis;
    private final TcpOptions tcpOptions;
    private final Set<String> drainingPools = ConcurrentHashMap.newKeySet();
    private final BooleanSupplier isLogged;
    private volatile boolean draining;
    private volatile boolean ending;

    /** @param isLogged whether the records of one more flow can be written, or need not be; returns at once */
    public Egress(
            NatGate gate,
            AddressWatch watch,
            Transport transport,
            Descriptors descriptors,
            ProxyMeters meters,
            Sessions live,
            Duration connectTimeout,
            TcpOptions tcpOptions,
            BooleanSupplier isLogged) {
        this.isLogged = isLogged;
        this.gate = gate;
        this.watch = watch;
        this.transport = transport;
        this.descriptors = descriptors;
        this.meters = meters;
        this.live = live;
        this.tcpOptions = tcpOptions;
        connectTimeoutMillis = millis(connectTimeout);
    }

    /** From now on connections may take that long. */
    public void connectTimeout(Duration value) {
        connectTimeoutMillis = millis(value);
    }

    private static int millis(Duration timeout) {
        return (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE)); // 0 = none
    }

    /** Told once, on the attempt's event loop, how it ended; not told if it was cancelled. */
    public interface Listener {
        /** Name of the listener that the client came in by. */
        String listener();

        /** Whether data will be written as soon as it is connected. */
        boolean speaksAtOnce();

        /** {@code outside} is connected from the external endpoint of {@code session}, reads nothing yet; both are now the listener's. */
        void connected(Session session, SocketChannel outside);

        /** {@code outside} is connected untranslated, reads nothing yet, and is now the listener's. */
        void connectedDirectly(SocketChannel outside);

        void refused(Outcome.Refused refused);

        void failed(ConnectFailure failure);
    }

    /** Begins an attempt on {@code loop}, which must be the caller's thread. The listener may be told before this returns. */
    public Attempt open(FlowRequest request, EventLoop loop, Listener listener) {
        EgressAttempt attempt = new EgressAttempt(this, request, loop, listener);
        if (isDraining() || drainingPools.contains(request.pool())) {
            refuse(request, Refusal.DRAINING, listener);
        } else if (!isLogged.getAsBoolean()) {
            refuse(request, Refusal.LOG_UNAVAILABLE, listener);
        } else {
            attempt.draw();
        }
        return attempt;
    }

    /**
     * As {@link #open} for a flow that leaves untranslated and uses no port of any pool (RFC 6888 REQ-6).
     *
     * @param sessions where it is counted until it is connected
     * @param source an endpoint of its own to leave from, port 0 for any; it may be another host's if a listener of type tproxy
     *     is there; empty = what the kernel chooses
     */
    public Attempt openDirectly(
            FlowRequest request, Optional<Endpoint> source, SessionMeters sessions, EventLoop loop, Listener listener) {
        DirectAttempt attempt = new DirectAttempt(this, request, sessions, listener);
        if (isDraining()) {
            refuse(request, Refusal.DRAINING, listener);
        } else {
            attempt.connect(source, loop);
        }
        return attempt;
    }

    /** Refuses {@code request}, which {@code rule} forbids; told in the log once a minute. */
    public void deny(FlowRequest request, String rule, Listener listener) {
        repeats.suffix(request.pool(), Refusal.DENIED, gate.nowNanos())
                .ifPresent(suffix -> LOG.info(
                        "pool {} refuses {} to {}: {} ({}){}",
                        request.pool(),
                        request.subscriber(),
                        request.destination(),
                        Refusal.DENIED.label(),
                        rule,
                        suffix));
        refuse(request, Refusal.DENIED, listener);
    }

    /** Refuses {@code request} for a reason that is not the NAT's. */
    void refuse(FlowRequest request, Refusal reason, Listener listener) {
        meters.pool(request.pool()).refused(reason);
        listener.refused(Outcome.Refused.byShell(reason));
    }

    /** A connected untranslated flow has ended, and its outside socket is closed. */
    public void endedDirectly() {
        descriptors.releaseOutside();
    }

    /** A connected flow has ended, and its outside socket is closed. */
    public void ended(Session session, CloseCause cause) {
        descriptors.releaseOutside();
        close(session, cause);
    }

    /** From now on every flow is refused, or no longer. */
    public void drain(boolean isDraining) {
        draining = isDraining;
    }

    /** From now on every flow is refused, for good. */
    public void end() {
        ending = true;
    }

    /** From now on every flow of {@code pool} is refused, or no longer. */
    public void drain(String pool, boolean isDraining) {
        if (isDraining) {
            drainingPools.add(pool);
        } else {
            drainingPools.remove(pool);
        }
    }

    /** Whether every flow is refused. */
    public boolean isDraining() {
        return draining || ending;
    }

    /** The external address of {@code session} is one of this host. */
    void addressFound(Session session) {
        watch.onBound(session.binding().external().address());
    }

    /** The external address of {@code session} is no address of this host: it is given back, and none leaves from there. */
    void addressLost(Session session) {
        watch.onLost(session.binding().external().address());
        close(session, CloseCause.CONNECT_FAILED);
    }

    /** Gives back what {@code session} had. */
    void close(Session session, CloseCause cause) {
        live.remove(session, cause);
        gate.close(session.binding(), cause);
    }

    Sessions live() {
        return live;
    }

    long connectTimeoutNanos() {
        return TimeUnit.MILLISECONDS.toNanos(connectTimeoutMillis);
    }

    NatGate gate() {
        return gate;
    }

    Descriptors descriptors() {
        return descriptors;
    }

    PoolMeters pool(String name) {
        return meters.pool(name);
    }

    /**
     * A socket for addresses of the family of {@code address} that lives on {@code loop} and reads nothing yet. SO_REUSEADDR lets sockets to different destinations share the
     * port; the NAT alone decides which may.
     *
     * @throws ChannelException if none is to be had
     */
    SocketChannel newSocket(EventLoop loop, IpAddress address) {
        SocketChannel channel = transport.newChannel(Transport.familyOf(address));
        SocketChannelConfig socket = channel.config();
        socket.setReuseAddress(true);
        socket.setAutoRead(false);
        socket.setAllowHalfClosure(true);
        socket.setRecvByteBufAllocator(Transport.flowReads());
        socket.setConnectTimeoutMillis(connectTimeoutMillis);
        tcpOptions.applyTo(channel);
        Throwable failure = loop.register(channel).cause();
        if (failure != null) {
            channel.unsafe().closeForcibly();
            throw new ChannelException(failure);
        }
        return channel;
    }
}
