package dev.cgnat.proxy.control;

import dev.cgnat.proxy.egress.AddressSwitch;
import dev.cgnat.proxy.egress.Egress;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.session.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps new flows from an address, a pool or everything; what lives there goes on until the deadline, and is then reset.
 *
 * <p>Any thread may call. <b>Costs</b>: a look at all sessions where progress is asked for; at the deadline, resets at a pace that
 * leaves event loops time for others.
 */
public final class Drains {
    private static final int RESETS_AT_ONCE = 1_000;
    private static final long PAUSE_MILLIS = 50;
    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);

    private final Egress egress;
    private final AddressSwitch addresses;
    private final Sessions sessions;
    private final ScheduledExecutorService timer;
    private final Map<DrainScope, Drain> drains = new LinkedHashMap<>();

    public Drains(Egress egress, AddressSwitch addresses, Sessions sessions, ScheduledExecutorService timer) {
        this.egress = egress;
        this.addresses = addresses;
        this.sessions = sessions;
        this.timer = timer;
    }

    /**
     * How far a drain is.
     *
     * @param deadline when what is left is reset; empty = never
     * @param sessionsAtStart that lived there when it began
     * @param sessions that live there now
     * @param reset how many were reset at the deadline
     */
    public record Progress(
            DrainScope scope,
            Instant since,
            Optional<Instant> deadline,
            int sessionsAtStart,
            int sessions,
            int reset) {}

    private static final class Drain {
        private final Instant since;
        private final Optional<Instant> deadline;
        private final int sessionsAtStart;
        private final AtomicInteger reset = new AtomicInteger();
        private volatile boolean ended;

        private Drain(Instant since, Optional<Instant> deadline, int sessionsAtStart) {
            this.since = since;
            this.deadline = deadline;
            this.sessionsAtStart = sessionsAtStart;
        }
    }

    /** Begins to drain {@code scope}; what was said before of the same scope is forgotten. */
    public synchronized Progress begin(DrainScope scope, Optional<Duration> deadline) {
        Drain before = drains.remove(scope);
        if (before != null) {
            before.ended = true;
        }
        setClosed(scope, true);
        Instant now = Instant.now();
        Drain drain = new Drain(now, deadline.map(now::plus), count(scope));
        drains.put(scope, drain);
        deadline.ifPresent(time -> timer.schedule(() -> reset(scope, drain), time.toMillis(), TimeUnit.MILLISECONDS));
        LOG.info(
                "draining {}: {} sessions live there{}",
                scope,
                drain.sessionsAtStart,
                deadline.map(time -> ", those left are reset in " + time.toSeconds() + " s")
                        .orElse(""));
        return progress(scope, drain);
    }

    /** New flows may go there again; false if it was not drained. */
    public synchronized boolean end(DrainScope scope) {
        Drain drain = drains.remove(scope);
        if (drain == null) {
            return false;
        }
        drain.ended = true;
        setClosed(scope, false);
        LOG.info("{} is drained no longer", scope);
        return true;
    }

    /** All that are drained, in the order in which they began. */
    public List<Progress> progress() {
        Map<DrainScope, Drain> now;
        synchronized (this) {
            now = new LinkedHashMap<>(drains);
        }
        List<Progress> list = new ArrayList<>();
        now.forEach((scope, drain) -> list.add(progress(scope, drain)));
        return list;
    }

    /** What is drained, in the order in which it began. */
    public synchronized List<DrainScope> scopes() {
        return List.copyOf(drains.keySet());
    }

    private Progress progress(DrainScope scope, Drain drain) {
        return new Progress(scope, drain.since, drain.deadline, drain.sessionsAtStart, count(scope), drain.reset.get());
    }

    private void setClosed(DrainScope scope, boolean isClosed) {
        switch (scope.kind()) {
            case ALL -> egress.drain(isClosed);
            case POOL -> egress.drain(scope.pool().orElseThrow(), isClosed);
            case ADDRESS -> addresses.set(scope.address().orElseThrow(), AddressSwitch.Reason.DRAINED, isClosed);
        }
    }

    private int count(DrainScope scope) {
        if (scope.kind() == DrainScope.Kind.ALL) {
            return sessions.size();
        }
        AtomicInteger count = new AtomicInteger();
        sessions.ascend(0, session -> {
            if (scope.covers(session)) {
                count.incrementAndGet();
            }
            return true;
        });
        return count.get();
    }

    /** Some now, and those that are left a little later, until none is. */
    private void reset(DrainScope scope, Drain drain) {
        if (drain.ended) {
            return;
        }
        List<Session> batch = new ArrayList<>();
        sessions.ascend(0, session -> {
            if (scope.covers(session)) {
                batch.add(session);
            }
            return batch.size() < RESETS_AT_ONCE;
        });
        batch.forEach(Session::kill);
        drain.reset.addAndGet(batch.size());
        if (!batch.isEmpty()) {
            timer.schedule(() -> reset(scope, drain), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
