package dev.cgnat.proxy.egress;

import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.metrics.SessionMeters;
import dev.cgnat.proxy.metrics.SessionState;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One flow on its way out untranslated: the NAT is not asked, the kernel chooses the source port.
 *
 * <p><b>Ownership</b>: its event loop.
 */
final class DirectAttempt implements Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(DirectAttempt.class);

    private final Egress egress;
    private final FlowRequest request;
    private final SessionMeters sessions;
    private final Egress.Listener listener;
    private boolean cancelled;
    private Optional<Channel> connecting = Optional.empty();

    DirectAttempt(Egress egress, FlowRequest request, SessionMeters sessions, Egress.Listener listener) {
        this.egress = egress;
        this.request = request;
        this.sessions = sessions;
        this.listener = listener;
    }

    @Override
    public void cancel() {
        cancelled = true;
        connecting.ifPresent(Channel::close);
    }

    /** @param source from where; empty = as the kernel chooses */
    void connect(Optional<Endpoint> source, EventLoop loop) {
        Endpoint destination = request.destination();
        if (!egress.descriptors().acquireOutside()) {
            egress.refuse(request, Refusal.DESCRIPTORS, listener);
            return;
        }
        sessions.sessionBegan(SessionState.CONNECTING);
        ChannelFuture registered = egress.bootstrap(loop).register();
        if (registered.cause() != null) {
            LOG.warn("no socket for a flow to {}", destination, registered.cause());
            end();
            egress.refuse(request, Refusal.DESCRIPTORS, listener);
            return;
        }
        Channel channel = registered.channel();
        connecting = Optional.of(channel);
        ChannelFuture connected = source.isPresent()
                ? channel.connect(
                        destination.toInetSocketAddress(), source.get().toInetSocketAddress())
                : channel.connect(destination.toInetSocketAddress());
        connected.addListener(done -> {
            if (done.isSuccess() && !cancelled) {
                listener.connectedDirectly((SocketChannel) channel);
                return;
            }
            channel.close();
            end();
            if (!cancelled) {
                listener.failed(ConnectFailure.of(connected.cause()));
            }
        });
    }

    private void end() {
        sessions.sessionEnded(SessionState.CONNECTING);
        egress.descriptors().releaseOutside();
    }
}
