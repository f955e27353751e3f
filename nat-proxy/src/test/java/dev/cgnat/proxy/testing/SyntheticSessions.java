package dev.cgnat.proxy.testing;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.IpAddress;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.egress.NatGate;
import dev.cgnat.proxy.metrics.SessionState;
import dev.cgnat.proxy.session.Session;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Sessions of a gate without sockets. */
public final class SyntheticSessions {
    private final NatGate gate;
    private final EventLoop loop;
    private final AtomicLong opened = new AtomicLong();

    public SyntheticSessions(NatGate gate, EventLoop loop) {
        this.gate = gate;
        this.loop = loop;
    }

    /** A session that carries what it is told to have carried. */
    public static final class Stage implements Session.Stage {
        private final EventLoop loop;
        private volatile long bytes;

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
        public long bytesIn() {
            return 0;
        }

        @Override
        public Optional<SocketChannel> client() {
            return Optional.empty();
        }

        @Override
        public Optional<SocketChannel> outside() {
            return Optional.empty();
        }

        @Override
        public void reset() {
            throw new UnsupportedOperationException("there is nobody to be told");
        }
    }

    /** A flow of {@code subscriber} to one of a thousand destinations, granted by pool {@code main}. */
    public Session open(String subscriber) {
        int number = (int) opened.getAndIncrement();
        Endpoint internal =
                new Endpoint(IpAddress.ofIpv4(10, 0, 0, 1).plus(number % 1_000_000), 1024 + number % 60_000);
        Endpoint far = new Endpoint(IpAddress.ofIpv4(192, 0, 2, 1).plus(number % 100), 80 + number % 10);
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
