package dev.cgnat.bench.twin;

import dev.cgnat.core.NatCall;
import java.util.List;

/**
 * What a NAT was asked and what it decided, each in its order.
 *
 * @param originNanos {@link System#nanoTime} when the core was created, to about a microsecond; {@link Long#MAX_VALUE} if it was
 *     asked nothing
 */
public record Recording(long originNanos, List<NatCall> calls, List<Decision> decisions) {
    public Recording {
        calls = List.copyOf(calls);
        decisions = List.copyOf(decisions);
    }
}
