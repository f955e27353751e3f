package dev.cgnat.bench.workload;

import dev.cgnat.bench.load.HoldTime;
import dev.cgnat.core.CloseCause;
import dev.cgnat.core.address.Protocol;
import java.util.Optional;

/**
 * Subscribers that behave alike.
 *
 * @param name for people, not empty
 * @param subscribers 1 to 16,777,215
 * @param lifetime of a flow, from its grant to its end
 * @param protocols of its flows
 * @param ends what ends them
 * @param bypass share of the flows that need no translation, as both sides have IPv6: 0 to 1
 * @param sourcePort what the internal ports are
 * @param pool that serves the group; empty = the configuration's first
 */
public record Group(
        String name,
        int subscribers,
        Behaviour behaviour,
        HoldTime lifetime,
        Destinations destinations,
        Mix<Protocol> protocols,
        Mix<CloseCause> ends,
        double bypass,
        Retry retry,
        SourcePort sourcePort,
        Optional<String> pool) {
    /** Most subscribers of a group. */
    public static final int MOST_SUBSCRIBERS = (1 << 24) - 1;

    /** Where a subscriber's flows come from. */
    public enum SourcePort {
        /** Each flow from a port of its own, as a client's connections do. */
        EACH,
        /** All flows of a subscriber from one port, as those of a peer-to-peer program do. */
        ONE
    }

    public Group {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: " + name + " (expected: at least one character)");
        }
        requireSubscribers(subscribers);
        requireBypass(bypass);
    }

    static void requireSubscribers(int subscribers) {
        if (subscribers < 1 || subscribers > MOST_SUBSCRIBERS) {
            throw new IllegalArgumentException(
                    "subscribers: " + subscribers + " (expected: 1 to " + MOST_SUBSCRIBERS + ")");
        }
    }

    static void requireBypass(double bypass) {
        if (!(bypass >= 0 && bypass <= 1)) {
            throw new IllegalArgumentException("bypass: " + bypass + " (expected: 0 to 1)");
        }
    }

    /** TCP flows to one destination that the client ends, each from a port of its own; nobody retries. */
    public static Group of(String name, int subscribers, Behaviour behaviour, HoldTime lifetime) {
        return new Group(
                name,
                subscribers,
                behaviour,
                lifetime,
                Destinations.one(),
                Mix.only(Protocol.class, Protocol.TCP),
                Mix.only(CloseCause.class, CloseCause.CLIENT_FIN),
                0,
                Retry.never(),
                SourcePort.EACH,
                Optional.empty());
    }

    /** Flows per second that begin by themselves, on average; 0 for those who keep connections, or whose times are recorded. */
    public double flowsPerSecond() {
        if (behaviour instanceof Behaviour.Opens opens) {
            double each = 0;
            if (opens.openings() instanceof Behaviour.Steady steady) {
                each = steady.perSecond();
            } else if (opens.openings() instanceof Behaviour.Curve curve) {
                each = curve.perSecond() * curve.mean();
            }
            return each * opens.burst() * subscribers;
        }
        return 0;
    }

    public Group withSubscribers(int value) {
        return new Group(
                name, value, behaviour, lifetime, destinations, protocols, ends, bypass, retry, sourcePort, pool);
    }

    public Group withDestinations(Destinations value) {
        return new Group(
                name, subscribers, behaviour, lifetime, value, protocols, ends, bypass, retry, sourcePort, pool);
    }

    public Group withEnds(Mix<CloseCause> value) {
        return new Group(
                name,
                subscribers,
                behaviour,
                lifetime,
                destinations,
                protocols,
                value,
                bypass,
                retry,
                sourcePort,
                pool);
    }

    public Group withProtocols(Mix<Protocol> value) {
        return new Group(
                name, subscribers, behaviour, lifetime, destinations, value, ends, bypass, retry, sourcePort, pool);
    }

    public Group withBypass(double value) {
        return new Group(
                name, subscribers, behaviour, lifetime, destinations, protocols, ends, value, retry, sourcePort, pool);
    }

    public Group withRetry(Retry value) {
        return new Group(
                name, subscribers, behaviour, lifetime, destinations, protocols, ends, bypass, value, sourcePort, pool);
    }
}
