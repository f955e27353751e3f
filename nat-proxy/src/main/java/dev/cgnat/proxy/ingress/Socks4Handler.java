package dev.cgnat.proxy.ingress;

import dev.cgnat.core.Outcome;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.egress.ConnectFailure;
import dev.cgnat.proxy.metrics.ClientRejection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.socksx.v4.DefaultSocks4CommandResponse;
import io.netty.handler.codec.socksx.v4.Socks4CommandRequest;
import io.netty.handler.codec.socksx.v4.Socks4CommandResponse;
import io.netty.handler.codec.socksx.v4.Socks4CommandStatus;
import io.netty.handler.codec.socksx.v4.Socks4CommandType;
import java.util.Optional;

/**
 * Takes a CONNECT request of SOCKS 4, or 4A with a name. Whoever must prove a name is refused: the user id of SOCKS 4 is a
 * claim.
 */
final class Socks4Handler extends SimpleChannelInboundHandler<Socks4CommandRequest> {
    private final IngressContext context;

    Socks4Handler(IngressContext context) {
        this.context = context;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Socks4CommandRequest request) {
        SocketChannel client = (SocketChannel) ctx.channel();
        Optional<Destination> destination = Destination.of(request.dstAddr(), request.dstPort());
        if (context.listener().users().isPresent()) {
            reject(client, ClientRejection.AUTH, Socks4CommandStatus.IDENTD_AUTH_FAILURE);
        } else if (request.decoderResult().isFailure()
                || !request.type().equals(Socks4CommandType.CONNECT)
                || destination.isEmpty()) {
            reject(client, ClientRejection.PROTOCOL, Socks4CommandStatus.REJECTED_OR_FAILED);
        } else {
            ClientPipeline.toPending(client, new PendingFlow(context, client, destination.get(), Replies.SOCKS4));
        }
    }

    private void reject(Channel client, ClientRejection reason, Socks4CommandStatus status) {
        context.meters().rejected(reason);
        Replies.tellAndLetGo(client, status);
    }

    /** Granted, or not: there is one code for every failure of a flow. */
    private enum Replies implements FrontEnd {
        SOCKS4;

        @Override
        public void tellEstablished(Channel client, Endpoint external) {
            Socks4CommandResponse response = external.address().isIpv4()
                    ? new DefaultSocks4CommandResponse(
                            Socks4CommandStatus.SUCCESS, external.address().toString(), external.port())
                    : new DefaultSocks4CommandResponse(Socks4CommandStatus.SUCCESS);
            client.writeAndFlush(response);
        }

        @Override
        public void tellRefused(Channel client, Outcome.Refused refused) {
            tellAndLetGo(client, Socks4CommandStatus.REJECTED_OR_FAILED);
        }

        @Override
        public void tellFailed(Channel client, ConnectFailure failure) {
            tellAndLetGo(client, Socks4CommandStatus.REJECTED_OR_FAILED);
        }

        @Override
        public boolean awaitsAnswer() {
            return true;
        }

        static void tellAndLetGo(Channel client, Socks4CommandStatus status) {
            client.writeAndFlush(new DefaultSocks4CommandResponse(status))
                    .addListener(written -> ClientPipeline.toFarewell(client));
        }
    }
}
