package dev.cgnat.proxy.session;

import dev.cgnat.core.Binding;
import dev.cgnat.proxy.metrics.SessionState;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/**
 * One live flow of a pool as others see it.
 *
 * <p><b>Ownership</b>: any thread reads; the flow's event loop alone moves it from stage to stage. <b>Costs</b>: 72 bytes, and some
 * 5 in {@link Sessions}.
 */
public final class Session {
    private final Binding binding;
    private final String listener;
    private final EventLoop loop;
    private final long sinceNanos;
    private final long sinceMillis = System.currentTimeMillis();
    private volatile Stage stage;
    /** What was counted of it for {@link Talkers} so far. Guarded by this. */
    private long bytesCounted;

    private boolean isCounted;

    /** What a flow is doing at present. Any thread may ask; numbers are of about the same moment. */
    public interface Stage {
        SessionState state();

        /** On the clock of the flow's event loop. */
        long lastActivityNanos();

        /** How long it may be idle in its state. */
        long idleLimitNanos();

        default long bytesOut() {
            return 0;
        }

        default long bytesIn() {
            return 0;
        }

        /** Empty until the destination has answered. */
        default Optional<SocketChannel> client() {
            return Optional.empty();
        }

        default Optional<SocketChannel> outside() {
            return Optional.empty();
        }

        /** Ends the flow with a reset on both sides; called on its event loop. */
        void reset();
    }

    /**
     * @param listener name of the listener that the client came in by
     * @param loop of the flow, the caller's thread
     */
    public Session(Binding binding, String listener, EventLoop loop, Stage stage) {
        this.binding = binding;
        this.listener = listener;
        this.loop = loop;
        this.stage = stage;
        sinceNanos = loop.ticker().nanoTime();
    }

    /** Unique in this process, ascending with the time of the grant. */
    public long id() {
        return binding.id();
    }

    public Binding binding() {
        return binding;
    }

    public String listener() {
        return listener;
    }

    public Stage stage() {
        return stage;
    }

    /** The flow has come to its next stage. */
    public void enter(Stage next) {
        stage = next;
    }

    /** When its port was granted. */
    public Instant since() {
        return Instant.ofEpochMilli(sinceMillis);
    }

    public long ageNanos() {
        return loop.ticker().nanoTime() - sinceNanos;
    }

    /** Since a byte or a FIN was seen, never negative. */
    public long idleNanos() {
        return Math.max(0, loop.ticker().nanoTime() - stage.lastActivityNanos());
    }

    /** Both ways together. */
    public long bytes() {
        Stage now = stage;
        return now.bytesOut() + now.bytesIn();
    }

    /** Ends the flow soon, on its own event loop; does nothing if it has ended. */
    public void kill() {
        try {
            loop.execute(() -> stage.reset());
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it every flow.
        }
    }

    /** Whether this is the first call. */
    synchronized boolean countOnce() {
        boolean isFirst = !isCounted;
        isCounted = true;
        return isFirst;
    }

    /** Bytes since the last call. */
    synchronized long countBytes() {
        long all = bytes();
        long more = all - bytesCounted;
        bytesCounted = all;
        return more;
    }
}
