package dev.cgnat.proxy.admin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many requests one source may make: {@value #PER_SECOND} a second for long, {@value #AT_ONCE} at once after a rest.
 *
 * <p><b>Ownership</b>: any thread. <b>Costs</b>: one entry for each of the last {@value #SOURCES} sources of the last minute.
 */
/*
 * The generic cell rate algorithm (ITU-T I.371, annex A): of each source the time is kept at which all its tokens are back.
 */
final class RateLimit {
    static final int PER_SECOND = 100;
    static final int AT_ONCE = 200;
    private static final int SOURCES = 10_000;
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    private final Ticker ticker;
    private final Cache<InetAddress, Tokens> sources;

    RateLimit(Ticker ticker) {
        this.ticker = ticker;
        sources = Caffeine.newBuilder()
                .ticker(ticker)
                .maximumSize(SOURCES)
                .expireAfterAccess(Duration.ofMinutes(1))
                .build();
    }

    /** Counts one request of {@code source}; false if it is one too many, and then it does not count. */
    boolean admit(InetAddress source) {
        return sources.get(source, missing -> new Tokens(ticker.read())).take(ticker.read());
    }

    private static final class Tokens {
        private long backNanos;

        private Tokens(long nowNanos) {
            backNanos = nowNanos;
        }

        private synchronized boolean take(long nowNanos) {
            long behind = Math.max(0, backNanos - nowNanos);
            if (behind > (AT_ONCE - 1) * INTERVAL_NANOS) {
                return false;
            }
            backNanos = nowNanos + behind + INTERVAL_NANOS;
            return true;
        }
    }
}
