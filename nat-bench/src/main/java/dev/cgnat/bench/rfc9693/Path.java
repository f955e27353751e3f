package dev.cgnat.bench.rfc9693;

import dev.cgnat.bench.load.CloseMode;
import dev.cgnat.bench.load.LoadPlan;
import dev.cgnat.bench.load.Via;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What is measured: a way and where it leads.
 *
 * @param name for progress, such as {@code nat}
 */
public record Path(String name, Via via, List<InetSocketAddress> targets) {
    /** A connection that stands later than this after its moment is lost: so late comes a SYN that is sent again (RFC 6298). */
    public static final Duration LOST_AFTER = Duration.ofSeconds(1);

    public Path {
        targets = List.copyOf(targets);
    }

    LoadPlan plan(double perSecond, int connections, CloseMode close) {
        return LoadPlan.holding(targets.get(0), via, perSecond, connections).with(targets, close, LOST_AFTER);
    }
}
