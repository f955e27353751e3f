package dev.cgnat.bench.workload;

import dev.cgnat.bench.load.Arrivals;
import java.time.Duration;
import java.util.List;

/** How subscribers come to open flows. */
public sealed interface Behaviour {
    /** Most flows that begin together, and most connections that one subscriber keeps. */
    int MOST = 65_535;

    /**
     * Flows begin when they are wanted, whatever became of the earlier ones (open loop).
     *
     * @param burst flows that each arrival opens together, 1 to 65,535: those of a web page, for instance
     */
    record Opens(Openings openings, int burst) implements Behaviour {
        public Opens {
            requireCount("burst", burst);
        }
    }

    /**
     * Each subscriber keeps so many connections, and opens another for each that ended or was refused.
     *
     * @param connections of each subscriber, 1 to 65,535
     * @param pause from the end of one to the next, more than 0
     * @param startWithin the first ones begin evenly spread over this time, 0 or more
     */
    record Keeps(int connections, Duration pause, Duration startWithin) implements Behaviour {
        public Keeps {
            requireCount("connections", connections);
            if (pause.isNegative() || pause.isZero()) {
                throw new IllegalArgumentException("pause: " + pause + " (expected: more than 0s)");
            }
            if (startWithin.isNegative()) {
                throw new IllegalArgumentException("start-within: " + startWithin + " (expected: 0s or more)");
            }
        }
    }

    /** When arrivals are. */
    sealed interface Openings {}

    /**
     * At one rate.
     *
     * @param perSecond of each subscriber, more than 0
     */
    record Steady(double perSecond, Arrivals process) implements Openings {
        public Steady {
            requireRate(perSecond);
        }
    }

    /**
     * At a rate that follows a curve again and again, such as that of a day.
     *
     * @param perSecond of each subscriber where the curve is 1, more than 0
     * @param curve factors of the rate, each for an equal part of the period, 0 or more, at least one of them above 0
     * @param period at least as many nanoseconds as there are factors
     */
    record Curve(double perSecond, Arrivals process, List<Double> curve, Duration period) implements Openings {
        public Curve {
            requireRate(perSecond);
            curve = List.copyOf(curve);
            if (!curve.stream().allMatch(factor -> factor >= 0 && Double.isFinite(factor))
                    || curve.stream().noneMatch(factor -> factor > 0)) {
                throw new IllegalArgumentException(
                        "curve: " + curve + " (expected: numbers of 0 or more, at least one above 0)");
            }
            if (period.compareTo(Duration.ofNanos(curve.size())) < 0) {
                throw new IllegalArgumentException("period: " + period + " (expected: more than 0s)");
            }
        }

        /** The mean of the factors. */
        public double mean() {
            return curve.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }
    }

    /**
     * When they once were; for the whole group, whose subscribers are drawn.
     *
     * @param atNanos since the beginning, 0 or more, never decreasing; at least one
     */
    record Recorded(List<Long> atNanos) implements Openings {
        public Recorded {
            atNanos = List.copyOf(atNanos);
            if (atNanos.isEmpty()) {
                throw new IllegalArgumentException("recorded: [] (expected: at least one time)");
            }
            long before = 0;
            for (long at : atNanos) {
                if (at < before) {
                    throw new IllegalArgumentException(
                            "recorded: " + at + " ns (expected: at least " + before + " ns, as times never decrease)");
                }
                before = at;
            }
        }
    }

    private static void requireRate(double perSecond) {
        if (!(perSecond > 0 && Double.isFinite(perSecond))) {
            throw new IllegalArgumentException("rate: " + perSecond + "/s (expected: more than 0/s)");
        }
    }

    private static void requireCount(String name, int count) {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException(name + ": " + count + " (expected: 1 to " + MOST + ")");
        }
    }
}
