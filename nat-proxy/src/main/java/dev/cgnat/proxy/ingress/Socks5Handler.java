package dev.cgnat.proxy.ingress;

import dev.cgnat.core.Outcome;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.config.Users;
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
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressDecoder;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5Message;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import java.util.Optional;

/**
 * Takes a SOCKS5 request: CONNECT (RFC 1928), without authentication or with name and password (RFC 1929).
 *
 * <p>Where the listener knows users, only they come in. Where it does not, a client that offers name and password alone may
 * tell whatever it likes; it proves nothing.
 */
final class Socks5Handler extends SimpleChannelInboundHandler<Socks5Message> {
    /** RFC 1929 section 2: anything but 0; servers say 1. */
    private static final Socks5PasswordAuthStatus WRONG = Socks5PasswordAuthStatus.valueOf((byte) 1);

    private final IngressContext context;

    Socks5Handler(IngressContext context) {
        this.context = context;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Socks5Message message) {
        if (message instanceof Socks5InitialRequest initial) {
            onInitial(ctx, initial);
        } else if (message instanceof Socks5PasswordAuthRequest password) {
            onPassword(ctx, password);
        } else if (message instanceof Socks5CommandRequest command) {
            onCommand(ctx, command);
        }
    }

    private void onInitial(ChannelHandlerContext ctx, Socks5InitialRequest initial) {
        if (initial.decoderResult().isFailure()) {
            noMethodInCommon(ctx); // the list is empty, which Netty's message does not take
            return;
        }
        boolean isOpen = context.listener().users().isEmpty();
        if (isOpen && initial.authMethods().contains(Socks5AuthMethod.NO_AUTH)) {
            ctx.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.NO_AUTH));
            toCommand(ctx);
        } else if (initial.authMethods().contains(Socks5AuthMethod.PASSWORD)) {
            ctx.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.PASSWORD));
            ClientPipeline.toNextSocks5Message(ctx.channel(), new PasswordRequestDecoder());
        } else {
            noMethodInCommon(ctx);
        }
    }

    private void noMethodInCommon(ChannelHandlerContext ctx) {
        context.meters()
                .rejected(context.listener().users().isPresent() ? ClientRejection.AUTH : ClientRejection.PROTOCOL);
        ctx.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.UNACCEPTED))
                .addListener(written -> ClientPipeline.toFarewell(ctx.channel()));
    }

    private void onPassword(ChannelHandlerContext ctx, Socks5PasswordAuthRequest request) {
        Optional<Users> users = context.listener().users();
        boolean isWhole = !request.username().isEmpty() && !request.password().isEmpty(); // RFC 1929: 1 to 255 bytes
        if (!isWhole || (users.isPresent() && !users.get().accept(request.username(), request.password()))) {
            context.meters().rejected(ClientRejection.AUTH);
            ctx.writeAndFlush(new DefaultSocks5PasswordAuthResponse(WRONG))
                    .addListener(written -> ClientPipeline.toFarewell(ctx.channel()));
            return;
        }
        if (users.isPresent()) {
            ClientIdentity.proved((SocketChannel) ctx.channel(), request.username());
        }
        ctx.writeAndFlush(new DefaultSocks5PasswordAuthResponse(Socks5PasswordAuthStatus.SUCCESS));
        toCommand(ctx);
    }

    /** Comes last, as it decodes at once what came behind: a command in the same segment. */
    private static void toCommand(ChannelHandlerContext ctx) {
        ClientPipeline.toNextSocks5Message(
                ctx.channel(), new Socks5CommandRequestDecoder(Socks5Handler::decodeAddress));
    }

    private void onCommand(ChannelHandlerContext ctx, Socks5CommandRequest command) {
        if (command.decoderResult().isFailure()) {
            reject(
                    ctx,
                    command.decoderResult().cause() instanceof RefusedAddressException refused
                            ? Socks5CommandStatus.valueOf(refused.code)
                            : Socks5CommandStatus.FAILURE);
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

    /**
     * Netty's decoder reports an unknown type as one failure among others, though it has a reply of its own; and a name in
     * other letters than ASCII it would put into Punycode, as if that had been asked for.
     */
    private static String decodeAddress(Socks5AddressType type, ByteBuf in) throws Exception {
        boolean isName = type.equals(Socks5AddressType.DOMAIN);
        if (!isName && !type.equals(Socks5AddressType.IPv4) && !type.equals(Socks5AddressType.IPv6)) {
            throw new RefusedAddressException("address type: " + type, Socks5CommandStatus.ADDRESS_UNSUPPORTED);
        }
        String address = Socks5AddressDecoder.DEFAULT.decodeAddress(type, in);
        if (isName && !Destination.isHost(address)) {
            throw new RefusedAddressException("no name of a host", Socks5CommandStatus.HOST_UNREACHABLE);
        }
        return address;
    }

    /** An address that cannot be a destination, with the reply that tells so. */
    private static final class RefusedAddressException extends DecoderException {
        private static final long serialVersionUID = 1;

        private final byte code;

        RefusedAddressException(String message, Socks5CommandStatus status) {
            super(message);
            code = status.byteValue();
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
