package dev.cgnat.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cgnat.core.Outcome.Granted;
import dev.cgnat.core.Outcome.Refused;
import dev.cgnat.core.address.AddressRange;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.PortRange;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.core.config.HoldDownConfig;
import dev.cgnat.core.config.LimitConfig;
import dev.cgnat.core.config.NatConfig;
import dev.cgnat.core.config.PoolConfig;
import dev.cgnat.core.config.Pooling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One {@link Nat} with short words for what tests do with it. */
final class NatFixture {
    static final Subscriber ALICE = new Subscriber("alice");
    static final Subscriber BOB = new Subscriber("bob");
    static final Subscriber CAROL = new Subscriber("carol");
    static final IpAddress FIRST = IpAddress.ofIpv4(127, 0, 1, 1);
    static final IpAddress REMOTE = IpAddress.ofIpv4(192, 0, 2, 1);
    static final Endpoint WEB = new Endpoint(REMOTE, 80);
    static final Endpoint TLS = new Endpoint(REMOTE, 443);
    static final Endpoint FAR = new Endpoint(REMOTE.plus(1), 80);

    final Nat nat;
    final List<NatEvent> events = new ArrayList<>();

    NatFixture(PoolConfig pool) {
        this(new NatConfig(List.of(pool), LimitConfig.defaults()));
    }

    NatFixture(NatConfig config) {
        nat = new Nat(config, new Random(1), events::add);
    }

    /** Ports from 5000 on, no hold-down, arbitrary pooling, the default scope. */
    static PoolConfig pool(int addresses, int ports) {
        return PoolConfig.defaults("main", List.of(new AddressRange(FIRST, FIRST.plus(addresses - 1))))
                .withPorts(new PortRange(5_000, 5_000 + ports - 1))
                .withPooling(Pooling.ARBITRARY)
                .withHoldDown(HoldDownConfig.same(Duration.ZERO));
    }

    static long seconds(double seconds) {
        return Math.round(seconds * 1e9);
    }

    static Refused held(double untilSeconds) {
        return new Refused(Refusal.HELD, seconds(untilSeconds), false, Explanation.outside());
    }

    /** A refusal without time, as {@link #plain} shows it. */
    static Refused refused(Refusal reason) {
        return Refused.of(reason, Explanation.outside());
    }

    /** The outcome without its explanation, which has tests of its own. */
    static Outcome plain(Outcome outcome) {
        return outcome instanceof Refused refused
                ? new Refused(refused.reason(), refused.notBeforeNanos(), refused.isPickHeld(), Explanation.outside())
                : outcome;
    }

    static FlowRequest request(Subscriber subscriber, Endpoint destination) {
        return new FlowRequest("main", subscriber, new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1), 40_000), destination);
    }

    Outcome open(Subscriber subscriber, Endpoint destination, double seconds) {
        return plain(nat.open(request(subscriber, destination), seconds(seconds)));
    }

    Binding granted(Subscriber subscriber, Endpoint destination, double seconds) {
        Outcome outcome = open(subscriber, destination, seconds);
        assertThat(outcome).isInstanceOf(Granted.class);
        return ((Granted) outcome).binding();
    }

    void close(Binding binding, CloseCause cause, double seconds) {
        nat.close(binding, cause, seconds(seconds));
    }

    /** Opens flows until one is refused; returns those that were granted. */
    List<Binding> fill(Subscriber subscriber, Endpoint destination) {
        List<Binding> bindings = new ArrayList<>();
        while (nat.open(request(subscriber, destination), 0) instanceof Granted granted) {
            bindings.add(granted.binding());
        }
        return bindings;
    }

    NatSnapshot.PoolSnapshot snapshot() {
        return nat.snapshot().pool("main");
    }

    NatSnapshot.PairCounts tcp() {
        return snapshot().pairs(Protocol.TCP);
    }

    /** How the flow with that ticket ended its wait. */
    List<Outcome> outcomes(Outcome.Queued queued) {
        return events.stream()
                .filter(event -> event instanceof NatEvent.Dequeued dequeued && dequeued.ticket() == queued.ticket())
                .map(event -> plain(((NatEvent.Dequeued) event).outcome()))
                .toList();
    }
}
