package dev.cgnat.bench.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandRequest;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5ClientEncoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponse;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5Message;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;

/**
 * Asks a SOCKS5 server for a way to the target, then leaves. Netty's own handler tells the reply as text only, and the
 * number is what counts here.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, and the flow handler hears that
public final class Socks5Handshake extends SimpleChannelInboundHandler<Socks5Message> {
    private static final String ENCODER = "socks-encoder";
    private static final String DECODER = "socks-decoder";
    private static final String HANDSHAKE = "socks-handshake";

    private final InetSocketAddress target;

    private Socks5Handshake(InetSocketAddress target) {
        this.target = target;
    }

    /** Puts it in front of what speaks to {@code target}; its {@link HandshakeResult} comes as a user event. */
    public static void addTo(ChannelPipeline pipeline, InetSocketAddress target) {
        pipeline.addLast(ENCODER, Socks5ClientEncoder.DEFAULT)
                .addLast(DECODER, new Socks5InitialResponseDecoder())
                .addLast(HANDSHAKE, new Socks5Handshake(target));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(new DefaultSocks5InitialRequest(Socks5AuthMethod.NO_AUTH), ctx.voidPromise());
        ctx.fireChannelActive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Socks5Message message) {
        if (message.decoderResult().isFailure()) {
            ctx.fireExceptionCaught(message.decoderResult().cause());
        } else if (message instanceof Socks5InitialResponse response) {
            onMethod(ctx, response);
        } else if (message instanceof Socks5CommandResponse response) {
            onReply(ctx, response);
        }
    }

    private void onMethod(ChannelHandlerContext ctx, Socks5InitialResponse response) {
        if (!response.authMethod().equals(Socks5AuthMethod.NO_AUTH)) {
            ctx.fireUserEventTriggered(new HandshakeResult.Refused(
                    "authentication", response.authMethod().byteValue() & 0xff));
            return;
        }
        ctx.pipeline().replace(DECODER, DECODER, new Socks5CommandResponseDecoder());
        String host = target.getHostString();
        Socks5AddressType type = NetUtil.isValidIpV4Address(host)
                ? Socks5AddressType.IPv4
                : NetUtil.isValidIpV6Address(host) ? Socks5AddressType.IPv6 : Socks5AddressType.DOMAIN;
        ctx.writeAndFlush(
                new DefaultSocks5CommandRequest(Socks5CommandType.CONNECT, type, host, target.getPort()),
                ctx.voidPromise());
    }

    private void onReply(ChannelHandlerContext ctx, Socks5CommandResponse response) {
        if (!response.status().isSuccess()) {
            int code = response.status().byteValue() & 0xff;
            ctx.fireUserEventTriggered(new HandshakeResult.Refused(reason(code), code));
            return;
        }
        ctx.fireUserEventTriggered(new HandshakeResult.Accepted());
        ctx.pipeline().remove(ENCODER);
        ctx.pipeline().remove(DECODER); // hands on what came behind the reply
        ctx.pipeline().remove(this);
    }

    /** RFC 1928 section 6. */
    private static String reason(int reply) {
        return switch (reply) {
            case 1 -> "general";
            case 2 -> "denied";
            case 3, 4 -> "unreachable";
            case 5 -> "connection";
            case 6 -> "ttl";
            case 7 -> "command";
            case 8 -> "address_type";
            default -> "socks_" + reply;
        };
    }
}
