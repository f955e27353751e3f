package dev.cgnat.proxy.ingress;

import dev.cgnat.proxy.metrics.ClientRejection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.socksx.SocksVersion;

/** Tells by its first byte which version of SOCKS a client speaks. */
final class SocksVersionHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private final IngressContext context;

    SocksVersionHandler(IngressContext context) {
        this.context = context;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf first) {
        if (!first.isReadable()) {
            return;
        }
        switch (SocksVersion.valueOf(first.getByte(first.readerIndex()))) {
            case SOCKS5 -> ClientPipeline.toSocks5(ctx.channel(), context);
            case SOCKS4a -> ClientPipeline.toSocks4(ctx.channel(), context);
            case UNKNOWN -> {
                context.meters().rejected(ClientRejection.PROTOCOL); // no answer would be understood
                ctx.close();
                return;
            }
        }
        ctx.fireChannelRead(first.retain());
    }
}
