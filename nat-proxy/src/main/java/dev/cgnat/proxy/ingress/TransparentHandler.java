package dev.cgnat.proxy.ingress;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.metrics.ClientRejection;
import dev.cgnat.proxy.relay.Resets;
import dev.cgnat.proxy.transport.LocalAddress;
import dev.cgnat.proxy.transport.TransparentSocket;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.util.Optional;

/** Takes every connection as a request for where it was bound for, before the firewall turned it to here. */
/*
 * Two kinds of connection would lead back to the proxy, and are reset instead: one that was bound for the listener itself,
 * and one of the proxy's own, which a rule of the firewall has caught on its way out.
 */
final class TransparentHandler extends ChannelInboundHandlerAdapter {
    private final IngressContext context;

    TransparentHandler(IngressContext context) {
        this.context = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        SocketChannel client = (SocketChannel) ctx.channel();
        Optional<Endpoint> bound = isOurs(client) ? Optional.empty() : destination(client);
        if (bound.isEmpty()) {
            context.meters().rejected(ClientRejection.LOOP);
            Resets.reset(client);
            return;
        }
        Endpoint far = bound.get();
        Destination destination = new Destination(far.address().toString(), far.port());
        ClientPipeline.toPending(client, new PendingFlow(context, client, destination, SilentFrontEnd.RESETS));
    }

    /** Empty if it is the listener itself, or nothing is known of another. */
    private Optional<Endpoint> destination(SocketChannel client) {
        Endpoint local = Endpoint.from(client.localAddress());
        if (context.listener().type() == ListenerConfig.Type.TPROXY) {
            return Optional.of(local).filter(far -> !isListener(far, TransparentSocket.listenerOf(client)));
        }
        return TransparentSocket.originalDestination(client).filter(far -> !far.equals(local));
    }

    private static boolean isListener(Endpoint far, Endpoint listener) {
        boolean everywhere = listener.address().isUnspecified();
        return far.equals(listener)
                || (everywhere && far.port() == listener.port() && LocalAddress.isLocal(far.address()));
    }

    /** Whether it comes from what the pools lend. */
    private boolean isOurs(SocketChannel client) {
        Endpoint source = Endpoint.from(client.remoteAddress());
        return context.config().nat().pools().stream()
                .anyMatch(pool -> pool.addresses().stream().anyMatch(range -> range.contains(source.address()))
                        && pool.ports().stream().anyMatch(range -> range.contains(source.port())));
    }
}
