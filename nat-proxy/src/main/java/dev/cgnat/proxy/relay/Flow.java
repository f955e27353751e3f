package dev.cgnat.proxy.relay;

import dev.cgnat.core.CloseCause;
import dev.cgnat.proxy.metrics.SessionState;
import dev.cgnat.proxy.session.Session;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One established flow: its state, who closed first, and when it has been silent for too long.
 *
 * <p><b>Ownership</b>: the event loop that both channels share. <b>RFC</b>: 5382 REQ-5, 7857 section 2.2.
 */
/*
 *   OPENING ──bytes both ways──► ESTABLISHED ──FIN of one side──► HALF_CLOSED ──FIN of the other──► CLOSED
 *      └──────────────FIN of one side──────────────────────────────►┘            any reset, idle limit ──► CLOSED
 *
 * One timer per flow, which is not moved by traffic: when it fires it looks how long the flow was silent, and sleeps for
 * the rest. It is set anew only by a change of state that shortens the limit, as a FIN does.
 */
final class Flow implements Session.Stage {
    private enum State {
        OPENING,
        ESTABLISHED,
        HALF_CLOSED,
        CLOSED
    }

    private final SocketChannel client;
    private final SocketChannel outside;
    private final FlowSettings settings;
    private final Consumer<CloseCause> onEnd;
    private final Set<Side> spoke = EnumSet.noneOf(Side.class);
    private volatile State state = State.OPENING;
    private Optional<CloseCause> firstFin = Optional.empty();
    private Optional<Future<?>> idleTimer = Optional.empty();
    private final long startNanos;
    // Written by the event loop alone, read by whoever looks.
    private volatile long lastActivityNanos;
    private volatile long bytesOut;
    private volatile long bytesIn;

    /** @param onEnd told once, when the outside socket is closed and its port can be given back */
    Flow(SocketChannel client, SocketChannel outside, FlowSettings settings, Consumer<CloseCause> onEnd) {
        this.client = client;
        this.outside = outside;
        this.settings = settings;
        this.onEnd = onEnd;
        startNanos = nowNanos();
        lastActivityNanos = startNanos;
        settings.poolMeters().sessionMoved(SessionState.CONNECTING, SessionState.ESTABLISHED);
        armIdleTimer(idleLimit());
    }

    /** {@code side} sent {@code bytes} bytes. */
    void onBytes(Side side, int bytes) {
        if (side == Side.CLIENT) {
            settings.listenerMeters().bytesOut(bytes);
            long sum = bytesOut + bytes;
            bytesOut = sum;
        } else {
            settings.listenerMeters().bytesIn(bytes);
            long sum = bytesIn + bytes;
            bytesIn = sum;
        }
        lastActivityNanos = nowNanos();
        if (state == State.OPENING && spoke.add(side) && spoke.size() == Side.values().length) {
            long openingLimit = idleLimit();
            state = State.ESTABLISHED;
            if (idleLimit() < openingLimit) {
                armIdleTimer(idleLimit()); // the timer that runs would look too late
            }
        }
    }

    /** {@code side} has closed, and all that it sent before has been passed on. */
    void onFin(Side side) {
        if (state == State.CLOSED) {
            return;
        }
        lastActivityNanos = nowNanos();
        if (firstFin.isEmpty()) {
            firstFin = Optional.of(side.finCause());
            state = State.HALF_CLOSED;
            settings.poolMeters().sessionMoved(SessionState.ESTABLISHED, SessionState.HALF_CLOSED);
            (side == Side.CLIENT ? outside : client).shutdownOutput();
            armIdleTimer(idleLimit());
        } else if (firstFin.get() != side.finCause()) {
            // The second FIN needs no shutdown of its own: closing sends it. Outside first, as there the port is waited
            // for.
            end(firstFin.get(), SocketChannel::close);
        }
    }

    /** Whether {@code side} has closed, and its peer was told. */
    boolean hasFinishedSending(Side side) {
        return firstFin.filter(side.finCause()::equals).isPresent();
    }

    /** A side was reset, or is gone without a word; the other shall see the same. */
    void onReset() {
        end(CloseCause.RESET, Resets::reset);
    }

    @Override
    public SessionState state() {
        return state == State.HALF_CLOSED ? SessionState.HALF_CLOSED : SessionState.ESTABLISHED;
    }

    @Override
    public long lastActivityNanos() {
        return lastActivityNanos;
    }

    @Override
    public long idleLimitNanos() {
        return idleLimit();
    }

    @Override
    public long bytesOut() {
        return bytesOut;
    }

    @Override
    public long bytesIn() {
        return bytesIn;
    }

    @Override
    public Optional<SocketChannel> client() {
        return Optional.of(client);
    }

    @Override
    public Optional<SocketChannel> outside() {
        return Optional.of(outside);
    }

    @Override
    public void reset() {
        onReset();
    }

    private void onIdleTimer() {
        if (state == State.CLOSED) {
            return;
        }
        long rest = idleLimit() - (nowNanos() - lastActivityNanos);
        if (rest > 0) {
            armIdleTimer(rest);
        } else {
            end(CloseCause.IDLE, Resets::reset);
        }
    }

    private void armIdleTimer(long nanos) {
        idleTimer.ifPresent(timer -> timer.cancel(false));
        idleTimer = Optional.of(client.eventLoop().schedule(this::onIdleTimer, nanos, TimeUnit.NANOSECONDS));
    }

    private long idleLimit() {
        Duration limit = switch (state) {
            case OPENING -> settings.timeouts().opening();
            case ESTABLISHED -> settings.timeouts().established();
            case HALF_CLOSED -> settings.timeouts().halfClosed();
            case CLOSED -> Duration.ZERO;
        };
        return limit.toNanos();
    }

    private void end(CloseCause cause, Consumer<SocketChannel> closing) {
        if (state == State.CLOSED) {
            return;
        }
        settings.poolMeters()
                .sessionEnded(state == State.HALF_CLOSED ? SessionState.HALF_CLOSED : SessionState.ESTABLISHED);
        settings.poolMeters().sessionLasted(nowNanos() - startNanos);
        state = State.CLOSED;
        idleTimer.ifPresent(timer -> timer.cancel(false));
        outside.closeFuture().addListener(closed -> onEnd.accept(cause));
        closing.accept(outside);
        closing.accept(client);
    }

    private long nowNanos() {
        return client.eventLoop().ticker().nanoTime();
    }
}
