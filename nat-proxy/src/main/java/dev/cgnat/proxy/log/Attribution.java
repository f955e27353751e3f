package dev.cgnat.proxy.log;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Subscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who had an external address and port at a time, from the records of a translation log, given in any order.
 *
 * <p>A flow has its endpoint from the time of its create record to that of its delete record, both included. The former is written
 * before the socket is bound and the latter after it is closed, so every moment at which a server can have seen the flow lies
 * between; a server that notices a connection only after it has ended wants a tolerance. Then the endpoint rests until
 * {@code held-until}: nobody else had it, so whoever had it last is named, as resting. A record of its end that is missing means
 * that it had it until the log began anew, or has it still.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: memory for the records that concern the endpoint.
 */
public final class Attribution {
    private final Endpoint external;
    private final Optional<Endpoint> destination;
    private final List<LogRecord> records = new ArrayList<>();
    private Optional<List<Tenure>> tenures = Optional.empty();
    private boolean lacksDestinations;
    private long lost;

    /**
     * Somebody who had it.
     *
     * @param internal the client's side; empty if a port block tells, which has no flows
     * @param from when it began
     * @param until when it ended; empty if no record tells
     * @param isResting it had ended, and nobody else could have it yet
     */
    public record Holder(
            Subscriber subscriber,
            Optional<Endpoint> internal,
            Optional<Endpoint> destination,
            String pool,
            Instant from,
            Optional<Instant> until,
            boolean isResting) {}

    /** Time during which {@code holder} had it, and until when nobody else could. */
    private record Tenure(Holder holder, Instant heldUntil) {
        boolean covers(Instant from, Instant to) {
            return !holder.from.isAfter(to)
                    && holder.until.map(end -> !end.isBefore(from)).orElse(true);
        }

        boolean restsAt(Instant time) {
            return holder.until.filter(end -> end.isBefore(time)).isPresent() && !heldUntil.isBefore(time);
        }
    }

    /** @param destination where the flow went; empty if that is not known */
    public Attribution(Endpoint external, Optional<Endpoint> destination) {
        this.external = external;
        this.destination = destination;
    }

    /** Whether a line of a log with that text may concern it; for {@link LogFile#read}. */
    public boolean mayBeIn(String line) {
        return line.contains(external.address().toString())
                || line.contains(LogEvent.LOG_START.label())
                || line.contains(LogEvent.LOG_GAP.label());
    }

    /** Takes a record, in any order. */
    public void add(LogRecord record) {
        if (record instanceof LogRecord.Gap gap) {
            lost += gap.lost();
        } else if (concerns(record)) {
            records.add(record);
            tenures = Optional.empty();
        }
    }

    /** Records that the log lacks, as it says itself; they may have been of this endpoint. */
    public long lost() {
        return lost;
    }

    /** Whether a destination was asked for, and some record that concerns the endpoint names none. */
    public boolean lacksDestinations() {
        return lacksDestinations;
    }

    /**
     * Everybody who may have had it at some moment from {@code tolerance} before {@code time} until so long after it; live flows
     * before those that rest, which are named only if there are no others.
     */
    public List<Holder> at(Instant time, Duration tolerance) {
        List<Tenure> all = tenures.orElseGet(this::makeTenures);
        tenures = Optional.of(all);
        List<Holder> live = all.stream()
                .filter(tenure -> tenure.covers(time.minus(tolerance), time.plus(tolerance)))
                .map(Tenure::holder)
                .toList();
        return !live.isEmpty()
                ? live
                : all.stream()
                        .filter(tenure -> tenure.restsAt(time))
                        .map(Tenure::holder)
                        .map(holder -> new Holder(
                                holder.subscriber,
                                holder.internal,
                                holder.destination,
                                holder.pool,
                                holder.from,
                                holder.until,
                                true))
                        .toList();
    }

    private boolean concerns(LogRecord record) {
        if (record instanceof LogRecord.Session session) {
            boolean isIt = session.external().equals(external);
            if (isIt && destination.isPresent() && session.destination().isEmpty()) {
                lacksDestinations = true;
            }
            return isIt
                    && (destination.isEmpty()
                            || session.destination().isEmpty()
                            || session.destination().equals(destination));
        } else if (record instanceof LogRecord.Block block) {
            return block.address().equals(external.address()) && block.ports().contains(external.port());
        }
        return record instanceof LogRecord.Start start && start.addresses().contains(external.address());
    }

    private List<Tenure> makeTenures() {
        records.sort(Comparator.comparing(LogRecord::time));
        List<Tenure> made = new ArrayList<>();
        Map<Object, Holder> open = new HashMap<>(); // by flow, or by block and subscriber
        for (LogRecord record : records) {
            if (record instanceof LogRecord.Start) {
                open.values().forEach(holder -> made.add(ended(holder, record.time(), record.time())));
                open.clear();
            } else if (record instanceof LogRecord.Session session) {
                Holder holder = holder(session);
                if (session.end().isEmpty()) {
                    open.put(session.flow(), holder);
                } else {
                    Holder begun =
                            Optional.ofNullable(open.remove(session.flow())).orElse(unknownBegin(holder));
                    made.add(ended(begun, record.time(), session.end().get().heldUntil()));
                }
            } else if (record instanceof LogRecord.Block block) {
                Holder holder = holder(block);
                List<Object> key = List.of(block.ports(), block.subscriber());
                if (block.event() == LogEvent.BLOCK_ALLOCATE) {
                    open.put(key, holder);
                } else {
                    Holder begun = Optional.ofNullable(open.remove(key)).orElse(unknownBegin(holder));
                    made.add(ended(begun, record.time(), record.time()));
                }
            }
        }
        open.values().forEach(holder -> made.add(new Tenure(holder, Instant.MAX)));
        return made;
    }

    /** Its beginning is in a file that was not given, or was lost. */
    private static Holder unknownBegin(Holder holder) {
        return new Holder(
                holder.subscriber,
                holder.internal,
                holder.destination,
                holder.pool,
                Instant.EPOCH,
                holder.until,
                false);
    }

    private static Tenure ended(Holder holder, Instant until, Instant heldUntil) {
        return new Tenure(
                new Holder(
                        holder.subscriber,
                        holder.internal,
                        holder.destination,
                        holder.pool,
                        holder.from,
                        Optional.of(until),
                        false),
                heldUntil);
    }

    private static Holder holder(LogRecord.Session session) {
        return new Holder(
                session.subscriber(),
                Optional.of(session.internal()),
                session.destination(),
                session.pool(),
                session.time(),
                Optional.empty(),
                false);
    }

    private static Holder holder(LogRecord.Block block) {
        return new Holder(
                block.subscriber(),
                Optional.empty(),
                Optional.empty(),
                block.pool(),
                block.time(),
                Optional.empty(),
                false);
    }
}
