package dev.cgnat.bench.peers.work;

import dev.cgnat.bench.peers.work.WorkResult.Figure;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which 4-tuples a server saw, and how soon each came again.
 *
 * <p>One entry for each tuple, so a pool bounds it. Thread-safe.
 */
final class FlowLedger {
    /** The two ends of a connection. */
    record Tuple(InetSocketAddress peer, InetSocketAddress local) {}

    /** @param live connections with it that have not ended */
    private record Life(int live, long endNanos) {}

    private final LongSupplier clock;
    private final Map<Tuple, Life> lives = new HashMap<>();
    private volatile boolean records;
    private long seen;
    private long duplicates;
    private long leastGapNanos = Long.MAX_VALUE;

    /** @param clock nanoseconds that never go backwards */
    FlowLedger(LongSupplier clock) {
        this.clock = clock;
    }

    /** Forgets all, and begins. Connections that live already are never counted. */
    synchronized void begin() {
        lives.clear();
        seen = 0;
        duplicates = 0;
        leastGapNanos = Long.MAX_VALUE;
        records = true;
    }

    /** The tuple to tell {@link #closed} later, empty if nothing is recorded now. */
    Optional<Tuple> opened(Channel channel) {
        if (records
                && channel.remoteAddress() instanceof InetSocketAddress peer
                && channel.localAddress() instanceof InetSocketAddress local) {
            Tuple tuple = new Tuple(peer, local);
            opened(tuple);
            return Optional.of(tuple);
        }
        return Optional.empty();
    }

    synchronized void opened(Tuple tuple) {
        seen++;
        Life life = lives.get(tuple);
        if (life == null) {
            lives.put(tuple, new Life(1, 0));
            return;
        }
        if (life.live() > 0) {
            duplicates++;
            leastGapNanos = 0;
        } else {
            leastGapNanos = Math.min(leastGapNanos, clock.getAsLong() - life.endNanos());
        }
        lives.put(tuple, new Life(life.live() + 1, 0));
    }

    synchronized void closed(Tuple tuple) {
        Life life = lives.get(tuple);
        if (life != null && life.live() > 0) {
            lives.put(tuple, new Life(life.live() - 1, clock.getAsLong()));
        }
    }

    /** Ends the recording. Without a tuple that came twice there is no least gap. */
    synchronized WorkResult tell() {
        records = false;
        long live = lives.values().stream().mapToLong(Life::live).sum();
        WorkResult told = WorkResult.of(live, Map.of(), 0)
                .with(Figure.SEEN, (double) seen)
                .with(Figure.TUPLES, lives.size())
                .with(Figure.DUPLICATES, (double) duplicates);
        return leastGapNanos == Long.MAX_VALUE ? told : told.with(Figure.LEAST_GAP_MILLIS, leastGapNanos / 1e6);
    }
}
