package dev.cgnat.proxy.relay;

import dev.cgnat.core.CloseCause;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.transport.FewerSegments;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what one side of a flow sends.
 *
 * <p>Reads again only when the peer has written all of it, so a slow reader costs one buffer. A FIN is passed on behind
 * the last byte.
 */
public final class RelayHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RelayHandler.class);

    private final Flow flow;
    private final Side side;
    private final SocketChannel peer;
    private int writesPending;
    private boolean finSeen;

    private RelayHandler(Flow flow, Side side, SocketChannel peer) {
        this.flow = flow;
        this.side = side;
        this.peer = peer;
    }

    /** The two handlers of one flow, and how others see it. */
    public record Pair(RelayHandler client, RelayHandler outside, Session.Stage stage) {}

    /**
     * The handlers that join two channels of one event loop, neither of which reads by itself.
     *
     * @param onEnd told once, when the outside socket is closed and its port can be given back
     */
    public static Pair join(
            SocketChannel client, SocketChannel outside, FlowSettings settings, Consumer<CloseCause> onEnd) {
        Flow flow = new Flow(client, outside, settings, onEnd);
        return new Pair(
                new RelayHandler(flow, Side.CLIENT, outside), new RelayHandler(flow, Side.OUTSIDE, client), flow);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        flow.onBytes(side, ((ByteBuf) message).readableBytes());
        writesPending++;
        FewerSegments.endFollows(ctx.channel(), peer);
        peer.writeAndFlush(message).addListener(written -> onWritten(ctx, written));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            finSeen = true;
            if (writesPending == 0) {
                flow.onFin(side);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn("unexpected; the flow is reset", cause);
        }
        flow.onReset();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        // A side that has said and heard all may go while its last bytes wait for a slow peer. Any other had more to
        // do.
        if (!finSeen || !flow.hasFinishedSending(side.opposite())) {
            flow.onReset();
        }
    }

    private void onWritten(ChannelHandlerContext ctx, Future<?> written) {
        writesPending--;
        if (!written.isSuccess()) {
            flow.onReset();
        } else if (writesPending == 0 && finSeen) {
            flow.onFin(side);
        } else if (writesPending == 0) {
            ctx.read();
        }
    }
}
