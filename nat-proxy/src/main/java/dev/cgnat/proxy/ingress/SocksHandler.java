package dev.cgnat.proxy.ingress;

import dev.cgnat.core.Outcome;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.egress.ConnectFailure;
import dev.cgnat.proxy.metrics.ClientRejection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressDecoder;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5Message;
import java.util.Optional;

/** Takes a SOCKS5 request: no authentication, CONNECT (RFC 1928). */
final class SocksHandler extends SimpleChannelInboundHandler<Socks5Message> {
    private final IngressContext context;

    SocksHandler(IngressContext context) {
        this.context = context;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Socks5Message message) {
        if (message instanceof Socks5InitialRequest initial) {
            onInitial(ctx, initial);
        } else if (message instanceof Socks5CommandRequest command) {
            onCommand(ctx, command);
        }
    }

    private void onInitial(ChannelHandlerContext ctx, Socks5InitialRequest initial) {
        if (initial.decoderResult().cause() != null
                && initial.decoderResult().cause().getCause() instanceof IllegalArgumentException) {
            noMethodInCommon(ctx); // SOCKS5 with an empty list, which Netty's message does not take
        } else if (initial.decoderResult().isFailure()) {
            context.meters().rejected(ClientRejection.PROTOCOL); // not SOCKS5, so no answer would be understood
            ctx.close();
        } else if (initial.authMethods().contains(Socks5AuthMethod.NO_AUTH)) {
            ctx.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.NO_AUTH));
            // Last, as it decodes at once what came behind: a command in the same segment.
            ClientPipeline.toSocksCommand(ctx.channel(), new Socks5CommandRequestDecoder(SocksHandler::decodeAddress));
        } else {
            noMethodInCommon(ctx);
        }
    }

    private void noMethodInCommon(ChannelHandlerContext ctx) {
        context.meters().rejected(ClientRejection.PROTOCOL);
        ctx.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.UNACCEPTED))
                .addListener(written -> ClientPipeline.toFarewell(ctx.channel()));
    }

    private void onCommand(ChannelHandlerContext ctx, Socks5CommandRequest command) {
        if (command.decoderResult().isFailure()) {
            boolean isAddressType = command.decoderResult().cause() instanceof UnknownAddressTypeException;
            reject(ctx, isAddressType ? Socks5CommandStatus.ADDRESS_UNSUPPORTED : Socks5CommandStatus.FAILURE);
        } else if (!command.type().equals(Socks5CommandType.CONNECT)) {
            reject(ctx, Socks5CommandStatus.COMMAND_UNSUPPORTED);
        } else {
            Optional<Destination> destination = Destination.of(command.dstAddr(), command.dstPort());
            if (destination.isPresent()) {
                SocketChannel client = (SocketChannel) ctx.channel();
                ClientPipeline.toPending(client, new PendingFlow(context, client, destination.get(), new Replies()));
            } else {
                reject(ctx, Socks5CommandStatus.HOST_UNREACHABLE);
            }
        }
    }

    private void reject(ChannelHandlerContext ctx, Socks5CommandStatus status) {
        context.meters().rejected(ClientRejection.PROTOCOL);
        Replies.tellAndLetGo(ctx.channel(), status);
    }

    /** Netty's decoder reports an unknown type as one failure among others; it has a reply code of its own. */
    private static String decodeAddress(Socks5AddressType type, ByteBuf in) throws Exception {
        boolean isKnown = type.equals(Socks5AddressType.IPv4)
                || type.equals(Socks5AddressType.DOMAIN)
                || type.equals(Socks5AddressType.IPv6);
        if (!isKnown) {
            throw new UnknownAddressTypeException(type);
        }
        return Socks5AddressDecoder.DEFAULT.decodeAddress(type, in);
    }

    private static final class UnknownAddressTypeException extends DecoderException {
        private static final long serialVersionUID = 1;

        UnknownAddressTypeException(Socks5AddressType type) {
            super("address type: " + type + " (expected: 1, 3 or 4)");
        }
    }

    /** The replies of RFC 1928 section 6. */
    private static final class Replies implements FrontEnd {
        @Override
        public void tellEstablished(Channel client, Endpoint external) {
            client.writeAndFlush(new DefaultSocks5CommandResponse(
                    Socks5CommandStatus.SUCCESS,
                    external.address().isIpv4() ? Socks5AddressType.IPv4 : Socks5AddressType.IPv6,
                    external.address().toString(),
                    external.port()));
        }

        @Override
        public void tellRefused(Channel client, Outcome.Refused refused) {
            tellAndLetGo(
                    client,
                    refused.reason() == Refusal.DENIED
                            ? Socks5CommandStatus.FORBIDDEN
                            : Socks5CommandStatus.FAILURE); // one code for every reason; the metrics tell them apart
        }

        @Override
        public void tellFailed(Channel client, ConnectFailure failure) {
            tellAndLetGo(
                    client,
                    switch (failure) {
                        case REFUSED -> Socks5CommandStatus.CONNECTION_REFUSED;
                        case NETWORK_UNREACHABLE -> Socks5CommandStatus.NETWORK_UNREACHABLE;
                        case TIMEOUT, HOST_UNREACHABLE, NAME_NOT_RESOLVED -> Socks5CommandStatus.HOST_UNREACHABLE;
                        case FAMILY_NOT_SUPPORTED -> Socks5CommandStatus.ADDRESS_UNSUPPORTED;
                    });
        }

        @Override
        public boolean awaitsAnswer() {
            return true;
        }

        static void tellAndLetGo(Channel client, Socks5CommandStatus status) {
            client.writeAndFlush(new DefaultSocks5CommandResponse(status, Socks5AddressType.IPv4))
                    .addListener(written -> ClientPipeline.toFarewell(client));
        }
    }
}
