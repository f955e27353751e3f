package dev.cgnat.proxy;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.metrics.SessionState;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.session.Sessions;
import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sessions without sockets: granted by the NAT, listed, counted and killed as any other, but no byte ever flows. For measurements of
 * what very many cost, where descriptors for real ones are missing.
 */
public final class SyntheticSessions {
    private static final int INTERNAL_ADDRESSES = 1_000_000;
    private static final int INTERNAL_PORTS = 60_000;
    private static final int ADDRESSES = 100;
    private static final int PORTS = 10;

    private final NatGate gate;
    private final EventLoop loop;
    private final AtomicLong opened = new AtomicLong();

    public SyntheticSessions(NatGate gate, EventLoop loop) {
        this.gate = gate;
        this.loop = loop;
    }

    /**
     * Fills the pool {@code main} of {@code proxy}: the sessions of subscribers {@code s0}, {@code s1} …, in turn, that have carried 0,
     * 1, 2 … bytes. Costs some microseconds, and 200 bytes, of each.
     *
     * @throws IllegalStateException if the NAT refuses one
     */
    public static void fill(NatProxy proxy, int count, int subscribers) {
        SyntheticSessions flows = new SyntheticSessions(proxy.gate(), proxy.loop());
        Sessions sessions = proxy.sessions();
        for (int i = 0; i < count; i++) {
            Session session = flows.open("s" + i % subscribers);
            Stage stage = (Stage) session.stage();
            stage.carried(i);
            stage.atReset = () -> {
                sessions.remove(session, CloseCause.RESET);
                flows.close(session);
            };
            sessions.add(session);
        }
    }

    /** A session that carries what it is told to have carried. */
    public static final class Stage implements Session.Stage {
        private final EventLoop loop;
        private volatile long bytes;
        private volatile Runnable atReset = () -> {};

        Stage(EventLoop loop) {
            this.loop = loop;
        }

        /** From client to destination, in all. */
        public void carried(long sum) {
            bytes = sum;
        }

        @Override
        public SessionState state() {
            return SessionState.ESTABLISHED;
        }

        @Override
        public long lastActivityNanos() {
            return loop.ticker().nanoTime();
        }

        @Override
        public long idleLimitNanos() {
            return 0;
        }

        @Override
        public long bytesOut() {
            return bytes;
        }

        @Override
        public void reset() {
            Runnable end = atReset;
            atReset = () -> {};
            end.run();
        }
    }

    /** A flow of {@code subscriber} to one of a thousand destinations, granted by pool {@code main}; to be added where it should be seen. */
    public Session open(String subscriber) {
        int number = (int) opened.getAndIncrement();
        Endpoint internal = new Endpoint(
                IpAddress.ofIpv4(10, 0, 0, 1).plus(number % INTERNAL_ADDRESSES), 1024 + number % INTERNAL_PORTS);
        Endpoint far =
                new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1).plus(number % ADDRESSES), 80 + number / ADDRESSES % PORTS);
        Outcome outcome = gate.open(new FlowRequest("main", new Subscriber(subscriber), internal, far), dequeued -> {});
        if (!(outcome instanceof Outcome.Granted granted)) {
            throw new IllegalStateException("outcome: " + outcome + " (expected: granted)");
        }
        return new Session(granted.binding(), "socks", loop, new Stage(loop));
    }

    /** Gives back what {@code session} has. */
    public void close(Session session) {
        gate.close(session.binding(), CloseCause.RESET);
    }
}
