package dev.cgnat.proxy.egress;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts file descriptors before they are opened, so that the process never meets EMFILE.
 *
 * <p>A client's connection takes one, the outside leg of its flow another. The last {@link #HEADROOM} are for clients
 * alone, so that a client that finds no second one can still be told.
 *
 * <p>Any thread may call. Guarantees: never more than the limits are out at a time.
 */
public final class Descriptors {
    /** Clients that can be told of a refusal while no flow can begin. */
    static final int HEADROOM = 64;
    /** For the log, class files, name queries and the admin listener. */
    private static final int RESERVE = 128;

    private final int limit;
    private volatile int sessionLimit;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();

    /** Budgets of {@code limit} descriptors and {@code sessionLimit} outside legs. */
    Descriptors(int limit, int sessionLimit) {
        this.limit = limit;
        this.sessionLimit = sessionLimit;
    }

    /** What the operating system's limit leaves over what is open now, and at most {@code maxSessions} flows. */
    public static Descriptors ofProcess(OptionalInt maxSessions) {
        long limit = Integer.MAX_VALUE;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            limit = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() - RESERVE;
        }
        int budget = (int) Math.max(2 * HEADROOM, Math.min(limit, Integer.MAX_VALUE));
        return new Descriptors(budget, maxSessions.orElse((budget - HEADROOM) / 2));
    }

    /** Flows that can live at a time. */
    public int sessionLimit() {
        return sessionLimit;
    }

    /** From now on that many, empty = as many as the descriptors allow; those beyond go on. */
    public void limitSessions(OptionalInt maxSessions) {
        sessionLimit = maxSessions.orElse((limit - HEADROOM) / 2);
    }

    /** Asks for a client's descriptor. */
    public boolean acquireClient() {
        return acquire(open, limit);
    }

    public void releaseClient() {
        open.decrementAndGet();
    }

    /** Asks for the descriptor of an outside leg. */
    boolean acquireOutside() {
        if (!acquire(sessions, sessionLimit)) {
            return false;
        }
        if (!acquire(open, limit - HEADROOM)) {
            sessions.decrementAndGet();
            return false;
        }
        return true;
    }

    void releaseOutside() {
        sessions.decrementAndGet();
        open.decrementAndGet();
    }

    private static boolean acquire(AtomicInteger count, int limit) {
        int before = count.get();
        while (before < limit) {
            if (count.compareAndSet(before, before + 1)) {
                return true;
            }
            before = count.get();
        }
        return false;
    }
}
