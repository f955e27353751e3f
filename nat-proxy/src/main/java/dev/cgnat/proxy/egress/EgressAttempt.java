package dev.cgnat.proxy.egress;

import dev.cgnat.core.Binding;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Refusal;
import dev.cgnat.proxy.metrics.PoolMeters;
import dev.cgnat.proxy.metrics.SessionState;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.transport.FewerSegments;
import dev.cgnat.proxy.transport.SocketError;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One flow on its way out: waits for a port if it must, binds, connects, and draws again when a foreign socket is met.
 *
 * <p><b>Ownership</b>: its event loop.
 */
/*
 * The kernel is asked in this order, and never otherwise: socket, SO_REUSEADDR, bind to the granted address and port,
 * connect. A socket whose bind failed is closed at once; connecting it would leave from the host's own address.
 */
final class EgressAttempt implements Attempt, Session.Stage {
    /** A port range so full of foreign sockets needs a person, not patience. */
    private static final int MAX_DRAWS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(EgressAttempt.class);

    private final Egress egress;
    private final FlowRequest request;
    private final EventLoop loop;
    private final Egress.Listener listener;
    private final PoolMeters meters;
    private int draws;
    private volatile long sinceNanos;
    /** When the NAT was asked last; written before it could answer later. */
    private long startNanos;

    private boolean cancelled;
    private Optional<Outcome.Queued> waiting = Optional.empty();
    private Optional<Channel> connecting = Optional.empty();

    EgressAttempt(Egress egress, FlowRequest request, EventLoop loop, Egress.Listener listener) {
        this.egress = egress;
        this.request = request;
        this.loop = loop;
        this.listener = listener;
        meters = egress.pool(request.pool());
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            if (waiting.isPresent() && egress.gate().cancel(waiting.get())) {
                egress.descriptors().releaseOutside();
            }
            connecting.ifPresent(Channel::close);
        }
    }

    @Override
    public SessionState state() {
        return SessionState.CONNECTING;
    }

    @Override
    public long lastActivityNanos() {
        return sinceNanos;
    }

    @Override
    public long idleLimitNanos() {
        return egress.connectTimeoutNanos();
    }

    /** The connection that is being made fails. */
    @Override
    public void reset() {
        connecting.ifPresent(Channel::close);
    }

    void draw() {
        if (!egress.descriptors().acquireOutside()) {
            egress.refuse(request, Refusal.DESCRIPTORS, listener);
            return;
        }
        startNanos = loop.ticker().nanoTime();
        Outcome outcome = egress.gate().open(request, this::onDequeued);
        meters.allocationTook(loop.ticker().nanoTime() - startNanos);
        onOutcome(outcome);
    }

    /** Told by any thread. */
    private void onDequeued(Outcome outcome) {
        try {
            loop.execute(() -> {
                meters.waited(loop.ticker().nanoTime() - startNanos, outcome instanceof Outcome.Granted);
                onOutcome(outcome);
            });
        } catch (RejectedExecutionException e) { // the loop has ended, and the client with it
            egress.descriptors().releaseOutside();
            if (outcome instanceof Outcome.Granted granted) {
                egress.gate().close(granted.binding(), CloseCause.CONNECT_FAILED);
            }
        }
    }

    private void onOutcome(Outcome outcome) {
        waiting = Optional.empty();
        if (outcome instanceof Outcome.Granted granted) {
            meters.sessionBegan(SessionState.CONNECTING);
            Session session = new Session(granted.binding(), listener.listener(), loop, this);
            sinceNanos = loop.ticker().nanoTime();
            egress.live().add(session);
            if (cancelled) {
                giveUp(session);
            } else {
                bind(session);
            }
        } else if (outcome instanceof Outcome.Queued queued) {
            waiting = Optional.of(queued);
        } else if (outcome instanceof Outcome.Refused refused) {
            egress.descriptors().releaseOutside();
            if (!cancelled) {
                listener.refused(refused);
            }
        }
    }

    private void bind(Session session) {
        Binding binding = session.binding();
        draws++;
        SocketChannel channel;
        try {
            channel = egress.newSocket(loop, binding.external().address());
        } catch (ChannelException e) { // no descriptor, or no loop any more
            LOG.warn("no socket for {}", binding.external(), e);
            giveUp(session);
            egress.refuse(request, Refusal.DESCRIPTORS, listener);
            return;
        }
        connecting = Optional.of(channel);
        channel.bind(binding.external().toInetSocketAddress()).addListener(bound -> {
            if (bound.isSuccess()) {
                egress.addressFound(session);
                connect(session, channel);
                return;
            }
            switch (SocketError.of(bound.cause())) {
                case ADDRESS_NOT_AVAILABLE -> tryAnother(channel, () -> egress.addressLost(session));
                case ADDRESS_IN_USE ->
                    tryAnother(
                            channel, () -> setAside(session, () -> egress.gate().setAsidePair(binding)));
                default -> fail(session, bound.cause());
            }
        });
    }

    private void connect(Session session, SocketChannel channel) {
        Binding binding = session.binding();
        if (listener.speaksAtOnce()) {
            FewerSegments.dataFollows(channel);
        }
        channel.connect(binding.destination().toInetSocketAddress()).addListener(connected -> {
            if (connected.isSuccess() && !cancelled) {
                listener.connected(session, channel);
            } else if (connected.isSuccess()) {
                channel.close();
                giveUp(session);
            } else if (SocketError.of(connected.cause()) == SocketError.ADDRESS_NOT_AVAILABLE) {
                tryAnother(channel, () -> setAside(session, () -> egress.gate().setAsideSlot(binding)));
            } else {
                fail(session, connected.cause());
            }
        });
    }

    /** What the binding stands for cannot be used: {@code giveBack} says so to the NAT, and something else is drawn. */
    private void tryAnother(SocketChannel channel, Runnable giveBack) {
        channel.close();
        endConnecting();
        giveBack.run();
        loop.execute(this::drawAgain);
    }

    /** Not before the loop has forgotten the socket that was closed: the next one gets the same descriptor. */
    private void drawAgain() {
        if (cancelled) {
            return;
        }
        if (draws < MAX_DRAWS) {
            draw();
        } else {
            egress.refuse(request, Refusal.OS_BIND, listener);
        }
    }

    private void fail(Session session, Throwable cause) {
        Binding binding = session.binding();
        connecting.ifPresent(Channel::close);
        giveUp(session);
        if (!cancelled) {
            listener.failed(ConnectFailure.of(
                    cause,
                    binding.external().toInetSocketAddress(),
                    binding.destination().toInetSocketAddress()));
        }
    }

    private void giveUp(Session session) {
        endConnecting();
        egress.close(session, CloseCause.CONNECT_FAILED);
    }

    private void setAside(Session session, Runnable giveBack) {
        egress.live().remove(session, CloseCause.CONNECT_FAILED);
        giveBack.run();
    }

    private void endConnecting() {
        meters.sessionEnded(SessionState.CONNECTING);
        egress.descriptors().releaseOutside();
    }
}
