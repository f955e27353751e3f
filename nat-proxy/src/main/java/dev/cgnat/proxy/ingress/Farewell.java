package dev.cgnat.proxy.ingress;

import dev.cgnat.proxy.relay.Resets;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Waits until a client for which nothing more will be done has closed, and closes too; drops what it sends meanwhile.
 *
 * <p>Closing at once behind an answer would reset the connection if the client has sent anything meanwhile, and the reset
 * can overtake the answer. RFC 1928 section 6 grants ten seconds.
 */
final class Farewell extends ChannelInboundHandlerAdapter {
    private static final Duration READS_ANSWER_WITHIN = Duration.ofSeconds(5);

    private final Kind kind;
    private final Duration limit;
    private Optional<Future<?>> deadline = Optional.empty();

    private enum Kind {
        ANSWERED,
        UNANSWERED
    }

    private Farewell(Kind kind, Duration limit) {
        this.kind = kind;
        this.limit = limit;
    }

    /** For a client that was told its last answer: hears the FIN at once, and is left alone for five seconds. */
    static Farewell answered() {
        return new Farewell(Kind.ANSWERED, READS_ANSWER_WITHIN);
    }

    /** For a client that is to hear nothing: no FIN, and a reset after {@code limit}. */
    static Farewell unanswered(Duration limit) {
        return new Farewell(Kind.UNANSWERED, limit);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        SocketChannel client = (SocketChannel) ctx.channel();
        if (client.isInputShutdown()) {
            ctx.close(); // it has gone before, and its FIN comes once
            return;
        }
        if (kind == Kind.ANSWERED) {
            client.shutdownOutput();
        }
        client.config().setAutoRead(true);
        deadline = Optional.of(ctx.executor().schedule(() -> onDeadline(ctx), limit.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.ifPresent(timer -> timer.cancel(false)); // else every refused client is kept in memory for as long
    }

    private void onDeadline(ChannelHandlerContext ctx) {
        if (kind == Kind.ANSWERED) {
            ctx.close();
        } else {
            Resets.reset(ctx.channel());
        }
    }
}
