package dev.cgnat.proxy.egress;

import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.metrics.SessionMeters;
import dev.cgnat.proxy.metrics.SessionState;
import dev.cgnat.proxy.transport.TransparentSocket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
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

    /**
     * @param source from where, which may be an address of another host: the listeners of which that is asked make sure that this
     *     process may have such; empty = as the kernel chooses
     */
    void connect(Optional<Endpoint> source, EventLoop loop) {
        Endpoint destination = request.destination();
        if (!egress.descriptors().acquireOutside()) {
            egress.refuse(request, Refusal.DESCRIPTORS, listener);
            return;
        }
        sessions.sessionBegan(SessionState.CONNECTING);
        SocketChannel channel;
        try {
            channel = egress.newSocket(loop, destination.address());
        } catch (ChannelException e) {
            LOG.warn("no socket for a flow to {}", destination, e);
            end();
            egress.refuse(request, Refusal.DESCRIPTORS, listener);
            return;
        }
        connecting = Optional.of(channel);
        if (source.isPresent()) {
            channel.config().setOption(TransparentSocket.IP_TRANSPARENT, 1);
        }
        ChannelFuture connected = source.isPresent()
                ? channel.connect(
                        destination.toInetSocketAddress(), source.get().toInetSocketAddress())
                : channel.connect(destination.toInetSocketAddress());
        connected.addListener(done -> {
            if (done.isSuccess() && !cancelled) {
                listener.connectedDirectly(channel);
                return;
            }
            channel.close();
            end();
            if (!cancelled) {
                InetSocketAddress from =
                        source.map(Endpoint::toInetSocketAddress).orElseGet(() -> new InetSocketAddress(0));
                listener.failed(ConnectFailure.of(connected.cause(), from, destination.toInetSocketAddress()));
            }
        });
    }

    private void end() {
        sessions.sessionEnded(SessionState.CONNECTING);
        egress.descriptors().releaseOutside();
    }
}
