package dev.cgnat.proxy.config;

import dev.cgnat.core.config.PoolConfig;

/**
 * Who had which external endpoint when, written down.
 *
 * @param destinations whether records of sessions name the far side; RFC 6888 REQ-12 says no unless an administrator asks
 * @param queue records that wait for the sink at most, 16 to 10,000,000
 */
public record TranslationLogConfig(
        LogSink sink, Granularity granularity, boolean destinations, int queue, OnFailure onFailure) {
    /** A quarter of a minute at 10,000 records per second. */
    public static final int DEFAULT_QUEUE = 100_000;

    private static final int MIN_QUEUE = 16;
    private static final int MAX_QUEUE = 10_000_000;

    /** What has a record of its beginning and one of its end. */
    public enum Granularity {
        /** Every flow. */
        SESSION,
        /** Every port block that is lent to a subscriber; far fewer. */
        BLOCK
    }

    /** What becomes of new flows while records cannot be written. */
    public enum OnFailure {
        /** They are served, unrecorded once the queue is full. */
        CONTINUE,
        /** They are refused, so that nobody leaves from here who cannot be found. */
        REFUSE_NEW
    }

    public TranslationLogConfig {
        requireQueue(queue);
    }

    /** No sink. */
    public static TranslationLogConfig defaults() {
        return new TranslationLogConfig(
                new LogSink.None(), Granularity.SESSION, false, DEFAULT_QUEUE, OnFailure.CONTINUE);
    }

    public boolean isOn() {
        return !(sink instanceof LogSink.None);
    }

    public TranslationLogConfig withSink(LogSink value) {
        return new TranslationLogConfig(value, granularity, destinations, queue, onFailure);
    }

    public TranslationLogConfig withGranularity(Granularity value) {
        return new TranslationLogConfig(sink, value, destinations, queue, onFailure);
    }

    public TranslationLogConfig withDestinations() {
        return new TranslationLogConfig(sink, granularity, true, queue, onFailure);
    }

    public TranslationLogConfig withQueue(int value) {
        return new TranslationLogConfig(sink, granularity, destinations, value, onFailure);
    }

    public TranslationLogConfig withOnFailure(OnFailure value) {
        return new TranslationLogConfig(sink, granularity, destinations, queue, value);
    }

    /** Whether records of port blocks, or a formula, tell who had any port of {@code pool}. */
    static boolean blocksTellAll(PoolConfig pool) {
        return pool.blocks().isPresent() || pool.deterministic().isPresent();
    }

    static void requireQueue(int queue) {
        if (queue < MIN_QUEUE || queue > MAX_QUEUE) {
            throw new IllegalArgumentException(
                    "queue: " + queue + " (expected: " + MIN_QUEUE + " to " + MAX_QUEUE + ")");
        }
    }
}
