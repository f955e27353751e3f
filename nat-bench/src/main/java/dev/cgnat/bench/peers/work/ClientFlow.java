package dev.cgnat.bench.peers.work;

import dev.cgnat.bench.load.HandshakeResult;
import dev.cgnat.proxy.transport.SocketError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.Locale;

/** The client's end of one connection: tells once that it stands, and once that it has ended. */
abstract class ClientFlow extends SimpleChannelInboundHandler<ByteBuf> {
    private enum State {
        OPENING,
        STANDING,
        ENDED
    }

    /** The reason of a flow that did all that it should. */
    static final String DONE = "";

    private final boolean hasHandshake;
    private State state = State.OPENING;

    /** @param hasHandshake whether a proxy must agree before the connection stands */
    ClientFlow(boolean hasHandshake) {
        this.hasHandshake = hasHandshake;
    }

    /** The way to the target is open. */
    abstract void stands(ChannelHandlerContext ctx);

    /** It is over, or was never there. */
    abstract void ended(String reason);

    /** Whether an end by the far side is what should happen now. */
    boolean mayEnd() {
        return false;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!hasHandshake) {
            stand(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof HandshakeResult.Accepted) {
            stand(ctx);
        } else if (event instanceof HandshakeResult.Refused refused) {
            end(ctx, "refused_" + refused.reason());
        }
    }

    private void stand(ChannelHandlerContext ctx) {
        if (state == State.OPENING) {
            state = State.STANDING;
            stands(ctx);
        }
    }

    final boolean isStanding() {
        return state == State.STANDING;
    }

    final void end(ChannelHandlerContext ctx, String reason) {
        endQuietly(reason);
        ctx.close();
    }

    /** As {@link #end}, where there is no channel left to close. */
    final void endQuietly(String reason) {
        if (state != State.ENDED) {
            state = State.ENDED;
            ended(reason);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endQuietly(mayEnd() ? DONE : "closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(ctx, SocketError.of(cause).name().toLowerCase(Locale.ROOT));
    }
}
