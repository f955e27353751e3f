package dev.cgnat.proxy.log;

import dev.cgnat.core.NatEvent;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.proxy.config.LogSink;
import dev.cgnat.proxy.config.ProxyConfig;
import dev.cgnat.proxy.config.SubscriberConfig.Identity;
import dev.cgnat.proxy.config.TranslationLogConfig;
import dev.cgnat.proxy.config.TranslationLogConfig.OnFailure;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The translation log of a proxy.
 *
 * <p>Assumes that {@link #onEvent} is called by one thread at a time, and {@link #watch} too.
 *
 * <p>Guarantees
 * <ul>
 *   <li>{@link #onEvent} and {@link #admits} return at once, whatever the sink does;
 *   <li>what has begun has a record of its end in the same order, unless the queue was full, which is counted;
 *   <li>under {@link OnFailure#REFUSE_NEW} half of the queue is kept for the ends of flows that live.
 * </ul>
 *
 * <p><b>Costs</b>: an event that is wanted one place in the queue; formatting is the writer's.
 */
/*
 * The queue's reader never waits inside it, so that offering wakes nobody: a call of the system would be the dearest thing that
 * happens under the NAT's lock.
 */
public final class TranslationLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TranslationLog.class);
    private static final int BATCH = 256;

    private final TranslationLogConfig config;
    private final NatConfig nat;
    private final Optional<Sink> sink;
    private final BlockingQueue<NatEvent> queue;
    private final Queue<LogRecord> notices = new ConcurrentLinkedQueue<>();
    private final AtomicLong dropped = new AtomicLong();
    private volatile Optional<LogWriter> writer = Optional.empty();
    private volatile IntConsumer onDropped = ignored -> {};
    private long droppedBefore;
    private boolean isOutage;

    /**
     * A log that has begun to listen and not yet to write.
     *
     * @throws IOException if its file cannot be opened; a collector may come later
     */
    public TranslationLog(ProxyConfig config) throws IOException {
        this.config = config.translationLog();
        nat = config.nat();
        queue = new ArrayBlockingQueue<>(this.config.isOn() ? this.config.queue() : 1);
        sink = sink(config);
    }

    /**
     * Begins to write; before any flow.
     *
     * @param gateNanos the clock of the events
     * @param limits those in force, which its records name
     * @param whenDropped told how many records were lost, by any thread; returns at once
     */
    public void start(LongSupplier gateNanos, Supplier<LimitConfig> limits, IntConsumer whenDropped) {
        onDropped = whenDropped;
        sink.ifPresent(to -> {
            WallClock clock = new WallClock(Clock.systemUTC(), gateNanos);
            Records records = new Records(config, nat.pools(), limits, clock);
            notices.addAll(records.starts());
            LogWriter made = new LogWriter(new Batches(records, clock, gateNanos), to, this::drop);
            made.start();
            writer = Optional.of(made);
        });
    }

    /** Hears what the NAT does, under its lock. */
    public void onEvent(NatEvent event) {
        if (sink.isEmpty()) {
            return;
        }
        if (Records.attributes(event, config.granularity())) {
            if (!queue.offer(event)) {
                drop(1);
            }
        } else if (event instanceof NatEvent.Refused && !isHalfFull()) {
            queue.offer(event); // worth no record that tells who had what
        }
    }

    /** Whether one more flow may begin. */
    public boolean admits() {
        return config.onFailure() == OnFailure.CONTINUE
                || sink.isEmpty()
                || (failure().isEmpty() && !isHalfFull());
    }

    /** Why nothing is written at the moment; empty if all is well. */
    public Optional<String> failure() {
        return writer.flatMap(LogWriter::failure);
    }

    /**
     * A pool is nearly full, or is no longer. Any thread may tell.
     *
     * @param ratio the threshold that was passed, 0 to 1
     */
    public void onThreshold(String pool, boolean isHigh, double ratio) {
        if (sink.isPresent()) {
            int percent = (int) Math.round(100 * ratio);
            notices.add(new LogRecord.Threshold(Clock.systemUTC().instant(), pool, isHigh, percent));
        }
    }

    /** To be called about once a second: tells the proxy's own log of an outage, once. */
    public void watch() {
        long droppedNow = dropped.get();
        Optional<String> failure = failure();
        boolean isTroubled = failure.isPresent() || droppedNow > droppedBefore;
        String label = config.sink().label();
        if (isTroubled && !isOutage) {
            LOG.warn(
                    "translation log ({}): {}; new flows are {}",
                    label,
                    failure.orElse("too slow, its queue is full"),
                    config.onFailure() == OnFailure.CONTINUE ? "served, their records may be lost" : "refused");
        } else if (!isTroubled && isOutage) {
            LOG.info("translation log ({}) writes again; {} records were lost since the start", label, droppedNow);
        }
        isOutage = isTroubled;
        droppedBefore = droppedNow;
    }

    /** Writes what there is, for a few seconds at most. No event may follow. */
    @Override
    public void close() {
        writer.ifPresent(LogWriter::close);
        if (!queue.isEmpty()) {
            drop(queue.size());
        }
        if (dropped.get() > 0) {
            LOG.warn("translation log: {} records were lost", dropped.get());
        }
    }

    private void drop(int records) {
        dropped.addAndGet(records);
        onDropped.accept(records);
    }

    private boolean isHalfFull() {
        return queue.size() > config.queue() / 2;
    }

    private static Optional<Sink> sink(ProxyConfig config) throws IOException {
        LogSink sink = config.translationLog().sink();
        if (sink instanceof LogSink.Stdout stdout) {
            return Optional.of(new StdoutSink(LineFormat.of(stdout.format())));
        } else if (sink instanceof LogSink.File file) {
            FileSink made = new FileSink(file.path(), LineFormat.of(file.format()));
            try {
                made.flush(); // whoever cannot write there should hear of it at the start
            } catch (IOException e) {
                throw new IOException("translation-log.path: " + file.path() + " (expected: a file to write): " + e, e);
            }
            return Optional.of(made);
        } else if (sink instanceof LogSink.Syslog syslog) {
            return Optional.of(new SyslogSink(syslog));
        } else if (sink instanceof LogSink.Ipfix ipfix) {
            IpfixEncoder encoder = new IpfixEncoder(
                    ipfix.observationDomain(),
                    config.translationLog().destinations(),
                    config.subscriber().identity() == Identity.SOCKS_USER,
                    config.nat().pools().stream().map(PoolConfig::name).toList());
            return Optional.of(new IpfixSink(ipfix, encoder, Clock.systemUTC()));
        }
        return Optional.empty();
    }

    /** Owned by the writer. */
    private final class Batches implements LogWriter.Source {
        private final Records records;
        private final WallClock clock;
        private final LongSupplier gateNanos;
        private long gapsTold;

        Batches(Records records, WallClock clock, LongSupplier gateNanos) {
            this.records = records;
            this.clock = clock;
            this.gateNanos = gateNanos;
        }

        @Override
        public int drainTo(Sink to) {
            clock.follow();
            int count = 0;
            for (LogRecord notice = notices.poll(); notice != null; notice = notices.poll()) {
                to.add(notice);
                count++;
            }
            for (NatEvent event = queue.poll(); event != null; event = queue.poll()) {
                records.of(event).ifPresent(to::add);
                if (++count >= BATCH) {
                    break;
                }
            }
            long lost = dropped.get() - gapsTold;
            if (lost > 0) {
                to.add(records.gap(lost, gateNanos.getAsLong()));
                gapsTold += lost;
                count++;
            }
            return count;
        }
    }
}
