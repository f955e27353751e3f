package dev.cgnat.bench.size;

import dev.cgnat.core.config.PoolConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How much a translation log grows in a day. What a record takes was measured on the proxy's own log, with addresses and ports of
 * usual length and no subscriber names but addresses; headers of IP and UDP are not counted.
 *
 * @param flowsPerDay 0 or more
 * @param blocksPerDay port blocks lent in a day, 0 or more
 */
public record LogVolume(double flowsPerDay, double blocksPerDay) {
    /** Seconds. */
    private static final double DAY = 86_400;

    /** What is logged. Each flow or block has two records. */
    public enum Policy {
        /** Every flow. */
        SESSION,
        /** Every flow, with where it went. */
        SESSION_WITH_DESTINATIONS,
        /** Every port block. */
        BLOCK,
        /** Nothing: a formula tells (RFC 7422). */
        DETERMINISTIC;

        /**
         * The least that tells who had an external address and port at a moment; where a port serves several destinations at
         * once, who had it towards one of these.
         */
        public static Policy neededBy(PoolConfig pool) {
            if (pool.blocks().isPresent()) {
                return BLOCK;
            }
            if (pool.deterministic().isPresent()) {
                return DETERMINISTIC;
            }
            return pool.reuseScope().isPerDestination() ? SESSION_WITH_DESTINATIONS : SESSION;
        }

        /** As options and reports spell it. */
        public String key() {
            return LogVolume.key(this);
        }
    }

    /** How it is written. */
    public enum Format {
        JSONL(496, 564, 341),
        CSV(273, 307, 195),
        SYSLOG(634, 702, 478),
        IPFIX(46, 59, 44);

        private final double session;
        private final double withDestinations;
        private final double block;

        /** As options and reports spell it. */
        public String key() {
            return LogVolume.key(this);
        }

        /** Octets of the two records together. */
        Format(double session, double withDestinations, double block) {
            this.session = session;
            this.withDestinations = withDestinations;
            this.block = block;
        }
    }

    /** One policy in one format. */
    public record Row(Policy policy, Format format, double bytesPerDay) {}

    public LogVolume {
        requireCount("flows-per-day", flowsPerDay);
        requireCount("blocks-per-day", blocksPerDay);
    }

    /**
     * Of a day that goes on like a run.
     *
     * @param flows that were granted in it
     * @param blocks that were lent in it
     * @param seconds that it took; less than one counts as one
     */
    public static LogVolume of(long flows, long blocks, double seconds) {
        double runs = DAY / Math.max(1, seconds);
        return new LogVolume(flows * runs, blocks * runs);
    }

    /** Octets a day. */
    public double bytesPerDay(Policy policy, Format format) {
        return switch (policy) {
            case SESSION -> flowsPerDay * format.session;
            case SESSION_WITH_DESTINATIONS -> flowsPerDay * format.withDestinations;
            case BLOCK -> blocksPerDay * format.block;
            case DETERMINISTIC -> 0;
        };
    }

    /** Every policy in every format. */
    public List<Row> rows() {
        return Arrays.stream(Policy.values())
                .flatMap(policy -> Arrays.stream(Format.values())
                        .map(format -> new Row(policy, format, bytesPerDay(policy, format))))
                .toList();
    }

    private static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void requireCount(String name, double count) {
        if (!(count >= 0 && count < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + ": " + count + " (expected: 0 or more)");
        }
    }
}
