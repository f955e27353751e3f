package dev.cgnat.bench.trace;

import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * How logs are to be replayed.
 *
 * @param pool of {@code nat} that serves all flows
 * @param protocols that are replayed, at least one
 * @param reorder how much later than its successors a line may come, 0 to 24 h
 * @param stitch the longest gap between two lines of one flow, 0 to 24 h
 * @param seed of what the NAT draws
 */
public record ReplayPlan(
        NatConfig nat,
        PoolConfig pool,
        Set<Protocol> protocols,
        Timers timers,
        Duration reorder,
        Duration stitch,
        long seed) {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_TIMER = Duration.ofDays(30);

    /**
     * How long the NAT keeps the port of a flow of which nothing more is heard, each 0 to 30 days.
     *
     * @param connect of a TCP connection that is not answered, from its beginning
     * @param tcp of an open one, from its last packet; RFC 5382 REQ-5 asks for 2 h 4 min at least
     * @param udp RFC 4787 REQ-5 asks for 2 min at least and recommends 5
     * @param icmp RFC 5508 REQ-2 asks for 60 s at least
     */
    public record Timers(Duration connect, Duration tcp, Duration udp, Duration icmp) {
        public Timers {
            requireLegal("connect", connect, LONGEST_TIMER);
            requireLegal("tcp", tcp, LONGEST_TIMER);
            requireLegal("udp", udp, LONGEST_TIMER);
            requireLegal("icmp", icmp, LONGEST_TIMER);
        }

        Duration idle(Protocol protocol) {
            return switch (protocol) {
                case TCP -> tcp;
                case UDP -> udp;
                case ICMP -> icmp;
            };
        }
    }

    public ReplayPlan {
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("protocols: [] (expected: at least one of tcp, udp and icmp)");
        }
        protocols = EnumSet.copyOf(protocols);
        requireLegal("reorder", reorder, LONGEST);
        requireLegal("stitch", stitch, LONGEST);
    }

    private static void requireLegal(String name, Duration duration, Duration longest) {
        if (duration.isNegative() || duration.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    name + ": " + duration + " (expected: 0s to " + longest.toHours() + "h)");
        }
    }

    /** When the NAT gives the port of {@code flow} back, as far as its log tells by now; on the clock of the log. */
    long natEnd(TraceFlow flow) {
        return switch (flow.ending) {
            case UNANSWERED -> flow.startNanos + timers.connect().toNanos();
            case SILENT -> flow.endNanos + timers.idle(flow.protocol).toNanos();
            default -> flow.endNanos;
        };
    }
}
