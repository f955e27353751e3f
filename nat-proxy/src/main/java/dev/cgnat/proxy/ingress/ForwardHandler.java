package dev.cgnat.proxy.ingress;

import dev.cgnat.proxy.config.ListenerConfig.Target;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;

/** Takes every connection as a request for the listener's target. */
final class ForwardHandler extends ChannelInboundHandlerAdapter {
    private final IngressContext context;

    ForwardHandler(IngressContext context) {
        this.context = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        Target target = context.listener().target().orElseThrow();
        SocketChannel client = (SocketChannel) ctx.channel();
        Destination destination = new Destination(target.host(), target.port());
        ClientPipeline.toPending(client, new PendingFlow(context, client, destination, SilentFrontEnd.RESETS));
    }
}
