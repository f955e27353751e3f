package dev.cgnat.proxy.metrics;

import dev.cgnat.proxy.config.ListenerConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Counts what happens at one listener.
 *
 * <p>Ownership: any thread. Costs: one addition to a striped counter each, no allocation and no lock.
 */
public final class ListenerMeters {
    private final Map<OpenResult, Counter> opened = new EnumMap<>(OpenResult.class);
    private final Map<ClientRejection, Counter> rejections = new EnumMap<>(ClientRejection.class);
    private final SessionMeters bypassed;
    private final Counter bypassedOpened;
    private final Timer connects;
    private final Counter bytesOut;
    private final Counter bytesIn;

    /** Registers every series of {@code listener}, so that each is there, at 0, before anything happens. */
    ListenerMeters(MeterRegistry registry, ListenerConfig listener) {
        String name = listener.name();
        for (OpenResult result : OpenResult.values()) {
            opened.put(result, CgnMeter.SESSIONS_OPENED.counter(registry, listener.pool(), name, result.label()));
        }
        for (ClientRejection reason : ClientRejection.values()) {
            rejections.put(reason, CgnMeter.CLIENT_REJECTIONS.counter(registry, name, reason.label()));
        }
        bypassed = new SessionMeters(registry, CgnMeter.BYPASSED_SESSIONS, name);
        bypassedOpened = CgnMeter.BYPASSED_SESSIONS_OPENED.counter(registry, name);
        connects = CgnMeter.CONNECT_DURATION.timer(registry, name);
        bytesOut = CgnMeter.BYTES.counter(registry, name, "out");
        bytesIn = CgnMeter.BYTES.counter(registry, name, "in");
    }

    /** A client's request for a flow came to its end; once per request. */
    public void opened(OpenResult result) {
        counter(opened, result).increment();
    }

    /** Requests that came to their end so far; every result is a key. */
    public Map<OpenResult, Long> opened() {
        Map<OpenResult, Long> counts = new EnumMap<>(OpenResult.class);
        opened.forEach((result, counter) -> counts.put(result, (long) counter.count()));
        return counts;
    }

    /** A flow is established, {@code nanos} after the client's request for it was complete. */
    public void connectTook(long nanos) {
        connects.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Flows of this listener that leave untranslated. */
    public SessionMeters bypassed() {
        return bypassed;
    }

    /** A flow is established untranslated. */
    public void openedUntranslated() {
        bypassedOpened.increment();
    }

    public void rejected(ClientRejection reason) {
        counter(rejections, reason).increment();
    }

    /** Bytes from client to destination. */
    public void bytesOut(long bytes) {
        bytesOut.increment((double) bytes); // exact up to 9 PB
    }

    /** Bytes from destination to client. */
    public void bytesIn(long bytes) {
        bytesIn.increment((double) bytes);
    }

    /** Requests so far that ended so. */
    long total(OpenResult result) {
        return (long) counter(opened, result).count();
    }

    HistogramSnapshot connects() {
        return connects.takeSnapshot();
    }

    long totalBytesOut() {
        return (long) bytesOut.count();
    }

    long totalBytesIn() {
        return (long) bytesIn.count();
    }

    /** Every constant of {@code E} is a key. */
    private static <E extends Enum<E>> Counter counter(Map<E, Counter> counters, E key) {
        return Objects.requireNonNull(counters.get(key));
    }
}
