package dev.cgnat.proxy.ingress;

import dev.cgnat.proxy.config.Sources;
import dev.cgnat.proxy.metrics.ClientRejection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;

/**
 * Decides who may come in, before any work is done for them: sources of {@code acl.allow-sources}, as many as there are
 * file descriptors. Others are reset.
 *
 * <p><b>Ownership</b>: the accepting event loop; what it counts may be counted by others too.
 */
final class AdmissionHandler extends ChannelInboundHandlerAdapter {
    private final IngressContext context;

    AdmissionHandler(IngressContext context) {
        this.context = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel client = (Channel) message;
        if (!isAllowed(client)) {
            reject(client, ClientRejection.ACL);
        } else if (!context.descriptors().acquireClient()) {
            reject(client, ClientRejection.LIMIT);
        } else {
            client.closeFuture().addListener(closed -> context.descriptors().releaseClient());
            ctx.fireChannelRead(client);
        }
    }

    /** A client that has gone already may have no address. */
    private boolean isAllowed(Channel client) {
        Sources sources = new Sources(context.config().access().allowSources());
        return sources.allowed().isEmpty()
                || (client.remoteAddress() instanceof InetSocketAddress source && sources.allow(source));
    }

    private void reject(Channel client, ClientRejection reason) {
        context.meters().rejected(reason);
        try {
            client.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            // The client has gone by itself; what is left is to close.
        }
        client.unsafe().closeForcibly(); // not registered with an event loop yet, so close() would wait for ever
    }
}
