package dev.cgnat.proxy.ingress;

import dev.cgnat.proxy.metrics.ClientRejection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Ends a client that does not complete its request: in time, in its protocol, or at all. */
final class HandshakeGuard extends ChannelInboundHandlerAdapter {
    private final IngressContext context;
    private Optional<Future<?>> deadline = Optional.empty();

    HandshakeGuard(IngressContext context) {
        this.context = context;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        long nanos = context.config().timeouts().handshake().toNanos();
        deadline = Optional.of(ctx.executor().schedule(() -> reject(ctx), nanos, TimeUnit.NANOSECONDS));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        deadline.ifPresent(timer -> timer.cancel(false));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.ifPresent(timer -> timer.cancel(false));
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            reject(ctx);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reject(ctx);
    }

    private void reject(ChannelHandlerContext ctx) {
        context.meters()
                .rejected(
                        ClientPipeline.awaitsHeader(ctx.channel())
                                ? ClientRejection.PROXY_HEADER
                                : ClientRejection.PROTOCOL);
        ctx.close();
    }
}
