package dev.cgnat.proxy.ingress;

import dev.cgnat.core.address.IpAddress;
import dev.cgnat.proxy.metrics.ClientRejection;
import dev.cgnat.proxy.relay.Resets;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Ends a client that does not complete its request: in time, whatever it sends meanwhile, in its protocol, or at all; and one
 * whose source has too many of that kind open already.
 */
final class HandshakeGuard extends ChannelInboundHandlerAdapter {
    private final IngressContext context;
    private Optional<IpAddress> source = Optional.empty();
    private Optional<Future<?>> deadline = Optional.empty();
    private boolean answered;

    HandshakeGuard(IngressContext context) {
        this.context = context;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        InetSocketAddress remote = ((SocketChannel) ctx.channel()).remoteAddress();
        if (remote != null && context.listener().trustedProxies().isEmpty()) { // a trusted proxy brings many sources
            IpAddress counted = context.config().subscriber().prefixAddressOf(IpAddress.from(remote.getAddress()));
            if (!context.handshakes().begin(counted)) {
                context.meters().rejected(ClientRejection.LIMIT);
                Resets.reset(ctx.channel());
                return;
            }
            source = Optional.of(counted);
        }
        long nanos = context.config().timeouts().handshake().toNanos();
        deadline = Optional.of(ctx.executor().schedule(() -> reject(ctx), nanos, TimeUnit.NANOSECONDS));
    }

    /**
     * The client was told that its request is none, and is left alone to read that. It goes on to count: else a source could
     * hold as many file descriptors as it likes by asking for nonsense.
     */
    void stepBack() {
        answered = true;
        deadline.ifPresent(timer -> timer.cancel(false));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        deadline.ifPresent(timer -> timer.cancel(false));
        source.ifPresent(context.handshakes()::end);
        source = Optional.empty();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.ifPresent(timer -> timer.cancel(false));
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (answered) {
            ctx.fireUserEventTriggered(event);
        } else if (event instanceof ChannelInputShutdownEvent) {
            reject(ctx);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (answered) {
            ctx.fireExceptionCaught(cause);
        } else {
            reject(ctx);
        }
    }

    private void reject(ChannelHandlerContext ctx) {
        if (ctx.channel().isOpen()) { // a decoder looks at what is left once more when the channel closes
            context.meters()
                    .rejected(
                            ClientPipeline.awaitsHeader(ctx.channel())
                                    ? ClientRejection.PROXY_HEADER
                                    : ClientRejection.PROTOCOL);
            ctx.close();
        }
    }
}
