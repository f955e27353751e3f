package dev.cgnat.bench.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link LoadDriver} does.
 *
 * @param targets at least one; flows go to them in turn; may be unresolved names behind a proxy
 * @param ratePerSecond intended beginnings per second; 0 where a {@link Demand} alone says
 * @param duration how long flows begin
 * @param connections how many flows begin at most, 1 or more
 * @param payload bytes that each flow sends and expects back, 0 to 65,536; 0 = it sends nothing and expects nothing
 * @param timeout how long a flow may take to be established, and its echo to come
 * @param maxLive flows at a time, 1 or more; what would begin beyond it is the driver's own shortage
 * @param seed of arrivals, hold times and subscribers: the same seed, the same intentions
 */
public record LoadPlan(
        List<InetSocketAddress> targets,
        Via via,
        double ratePerSecond,
        Arrivals arrivals,
        Duration duration,
        long connections,
        HoldTime hold,
        CloseMode close,
        int payload,
        Duration timeout,
        int maxLive,
        long seed) {
    private static final int MAX_PAYLOAD = 65_536;
    private static final long SEEDS_APART = 1_000_003;

    public LoadPlan {
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("targets: [] (expected: at least one)");
        }
        if (!(ratePerSecond >= 0)) {
            throw new IllegalArgumentException("rate: " + ratePerSecond + " (expected: 0/s or more)");
        }
        if (connections < 1) {
            throw new IllegalArgumentException("connections: " + connections + " (expected: at least 1)");
        }
        if (payload < 0 || payload > MAX_PAYLOAD) {
            throw new IllegalArgumentException("payload: " + payload + " (expected: 0 to 65536)");
        }
        if (payload == 0 && via instanceof Via.Forward) {
            throw new IllegalArgumentException("payload: 0 (expected: at least 1 with via forward, where only an echo"
                    + " tells a granted flow from a refused one)");
        }
        if (payload > 0 && close == CloseMode.SERVER) {
            throw new IllegalArgumentException("payload: " + payload
                    + " (expected: 0 with close server, as a server that ends what it is asked to echoes nothing)");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + Durations.text(timeout) + " (expected: more than 0s)");
        }
        if (maxLive < 1) {
            throw new IllegalArgumentException("max-live: " + maxLive + " (expected: at least 1)");
        }
    }

    /**
     * Flows that begin at equal distances, last until the driver ends them, and prove themselves by an echo of 16 bytes.
     *
     * @param connections how many begin
     */
    public static LoadPlan holding(InetSocketAddress target, Via via, double ratePerSecond, long connections) {
        return new LoadPlan(
                List.of(target),
                via,
                ratePerSecond,
                Arrivals.CONSTANT,
                Duration.ofDays(1),
                connections,
                new HoldTime.Constant(Duration.ofDays(1)),
                CloseMode.CLIENT,
                16,
                Duration.ofSeconds(10),
                Integer.MAX_VALUE,
                1);
    }

    /** How many flows begin, about. */
    public double intendedFlows() {
        return Math.min((double) connections, ratePerSecond * (duration.toMillis() / 1e3));
    }

    /** Over several targets in turn, closed by {@code mode}, each with {@code patience} for being established and for its echo. */
    public LoadPlan with(List<InetSocketAddress> value, CloseMode mode, Duration patience) {
        return with(value, hold, mode, payload, patience, maxLive);
    }

    public LoadPlan withPayload(int value) {
        return with(targets, hold, close, value, timeout, maxLive);
    }

    public LoadPlan withHold(HoldTime value) {
        return with(targets, value, close, payload, timeout, maxLive);
    }

    /** With so many flows at a time. */
    public LoadPlan withMaxLive(int value) {
        return with(targets, hold, close, payload, timeout, value);
    }

    private LoadPlan with(
            List<InetSocketAddress> to, HoldTime lifetime, CloseMode mode, int bytes, Duration patience, int live) {
        return new LoadPlan(
                to, via, ratePerSecond, arrivals, duration, connections, lifetime, mode, bytes, patience, live, seed);
    }

    /**
     * One of {@code parts} plans that come to this one, with random numbers of its own.
     *
     * @param part 0 to {@code parts} - 1
     * @param parts 1 to {@link #connections}
     */
    public LoadPlan share(int part, int parts) {
        return new LoadPlan(
                targets,
                via,
                ratePerSecond / parts,
                arrivals,
                duration,
                connections / parts + (part < connections % parts ? 1 : 0),
                hold,
                close,
                payload,
                timeout,
                maxLive,
                seed + SEEDS_APART * part);
    }
}
