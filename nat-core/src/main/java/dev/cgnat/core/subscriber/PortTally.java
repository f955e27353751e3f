package dev.cgnat.core.subscriber;

import java.util.Arrays;
import java.util.List;

/**
 * How many ports of one pool and protocol each subscriber has, live and held, and how many it had at most before it went idle.
 *
 * <p>As counts change by one at a time, the greatest of them follows without a search: the last subscriber that leaves it has
 * the new greatest itself.
 *
 * <p><b>Ownership</b>: one thread. <b>Costs</b>: O(1); 8 bytes per subscriber, 4 per port of the one with most.
 */
public final class PortTally {
    /** Upper bounds of {@link #peaks}, in ports. */
    public static final List<Integer> PEAK_BOUNDS = List.of(8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096);

    private final int limit;
    private final int near;
    /** Of each subscriber its ports, then the most that it had since it was idle. */
    private int[] ports = new int[128];
    /** Subscribers with that many ports. */
    private int[] subscribers = new int[64];

    private final long[] idleByPeak = new long[PEAK_BOUNDS.size() + 1];
    private long peakSum;
    private int active;
    private int nearLimit;
    private int atLimit;
    private int most;

    /** @param limit ports that one subscriber may have, {@link Integer#MAX_VALUE} if there is no limit */
    public PortTally(int limit) {
        this.limit = limit;
        near = (int) ((limit * 4L + 4) / 5);
    }

    /** The subscriber of that number has one port more. */
    public void taken(int number) {
        int at = 2 * number;
        if (at >= ports.length) {
            ports = Arrays.copyOf(ports, 2 * Math.max(ports.length, number + 1));
        }
        int has = ++ports[at];
        ports[at + 1] = Math.max(ports[at + 1], has);
        if (has >= subscribers.length) {
            subscribers = Arrays.copyOf(subscribers, 2 * subscribers.length);
        }
        subscribers[has - 1]--;
        subscribers[has]++;
        most = Math.max(most, has);
        cross(has, 1);
    }

    /** The subscriber of that number has one port less. */
    public void freed(int number) {
        int had = ports[2 * number]--;
        subscribers[had]--;
        subscribers[had - 1]++;
        if (most == had && subscribers[had] == 0) {
            most = had - 1;
        }
        cross(had, -1);
        if (had == 1) {
            int peak = ports[2 * number + 1];
            int bucket = 0;
            while (bucket < PEAK_BOUNDS.size() && peak > PEAK_BOUNDS.get(bucket)) {
                bucket++;
            }
            idleByPeak[bucket]++;
            peakSum += peak;
            ports[2 * number + 1] = 0;
        }
    }

    /** Subscribers with at least one port. */
    public int active() {
        return active;
    }

    /** Those of them with at least 80 % of what they may have, and less than all of it. */
    public int nearLimit() {
        return nearLimit;
    }

    /** Those of them that have all that they may have. */
    public int atLimit() {
        return atLimit;
    }

    /** Ports of the subscriber with most. */
    public int most() {
        return most;
    }

    /** Subscribers that went idle so far, by the most ports that each had before: up to each bound, and more than the last. */
    public long[] peaks() {
        return idleByPeak.clone();
    }

    /** The sum of these most ports. */
    public long peakSum() {
        return peakSum;
    }

    private void cross(int level, int by) {
        if (level == 1) {
            active += by;
        }
        if (level == near && near < limit) {
            nearLimit += by;
        }
        if (level == limit) {
            atLimit += by;
            nearLimit -= near < limit ? by : 0;
        }
    }
}
