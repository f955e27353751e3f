package dev.cgnat.proxy.ingress;

import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.egress.ConnectFailure;
import dev.cgnat.proxy.relay.Resets;
import io.netty.channel.Channel;
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
        ClientPipeline.toPending(client, new PendingFlow(context, client, destination, Replies.SILENT));
    }

    /** A forward has no words of its own: what went wrong is told by a reset. */
    private enum Replies implements FrontEnd {
        SILENT;

        @Override
        public void tellEstablished(Channel client, Endpoint external) {}

        @Override
        public void tellRefused(Channel client, Outcome.Refused refused) {
            Resets.reset(client);
        }

        @Override
        public void tellFailed(Channel client, ConnectFailure failure) {
            Resets.reset(client);
        }

        @Override
        public boolean awaitsAnswer() {
            return false;
        }
    }
}
