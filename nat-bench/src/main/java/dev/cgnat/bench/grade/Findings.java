package dev.cgnat.bench.grade;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.config.Mapping;
import dev.cgnat.core.config.Pooling;
import dev.cgnat.core.config.ReuseScope;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What was found out about a NAT. */
public record Findings(Ports ports, Sharing sharing, Rests rests, Refusals refusals, Effort effort) {
    /**
     * Which ports.
     *
     * @param addresses external addresses that were seen
     * @param endpoints external endpoints that were seen
     */
    public record Ports(
            List<IpAddress> addresses,
            int endpoints,
            Finding<PortRange> range,
            Finding<Selection> selection,
            Finding<Blocks> blocks) {}

    /**
     * Who shares what.
     *
     * @param steady whether pooling was the same in the full pool as in the empty one
     */
    public record Sharing(
            Finding<ReuseScope> scope, Finding<Mapping> mapping, Finding<Pooling> pooling, Finding<Boolean> steady) {}

    /**
     * Times.
     *
     * @param idle after how much silence the NAT ended a flow
     */
    public record Rests(Map<CloseCause, Finding<HoldDown>> holdDowns, Finding<Duration> idle) {
        /** Of one way to end. */
        public Finding<HoldDown> holdDown(CloseCause cause) {
            return holdDowns.getOrDefault(cause, Finding.notSeen("not seen: nobody asked"));
        }
    }

    /**
     * How the NAT says no.
     *
     * @param limit flows of one subscriber
     * @param shape empty if nothing was refused
     * @param existing whether flows that stood before a refusal stood after it
     */
    public record Refusals(Finding<Long> limit, Finding<Shape> shape, Finding<Boolean> existing) {}

    /**
     * What a refusal looks like.
     *
     * @param text the commonest, such as {@code SOCKS reply 1 (general)}
     * @param medianNanos until it came
     */
    public record Shape(RefusalKind kind, String text, long medianNanos, long maxNanos) {}

    /**
     * What the run took.
     *
     * @param interrupted whether it was ended before its time
     */
    public record Effort(int connections, long granted, long refused, long nanos, boolean interrupted) {}
}
