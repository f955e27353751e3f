package dev.cgnat.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Tells a client behind a NAT what only the far side can know, and does what only the far side can do. It never speaks first.
 *
 * <pre>
 *   who      the address and port that the client has from here, as 192.0.2.1:4711, and a line feed
 *   fin      the server closes first
 * </pre>
 *
 * Whoever says anything else is closed too.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, and that is all that matters
public final class Tell extends SimpleChannelInboundHandler<ByteBuf> {
    public static final String WHO = "who\n";
    public static final String FIN = "fin\n";

    private static final int MAX_QUESTION = 8;
    private static final int MAX_ANSWER = 64;

    private Tell() {}

    static void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(new LineBasedFrameDecoder(MAX_QUESTION), new Tell());
    }

    /** What cuts the answers of such a server into lines, without their ends. */
    public static LineBasedFrameDecoder answers() {
        return new LineBasedFrameDecoder(MAX_ANSWER);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
        String question = line.toString(StandardCharsets.US_ASCII) + "\n";
        if (question.equals(WHO) && ctx.channel().remoteAddress() instanceof InetSocketAddress peer) {
            String answer = Endpoints.text(peer) + "\n";
            ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), answer), ctx.voidPromise());
            return;
        }
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // a reset by the peer is an ordinary end of what a NAT carries
    }
}
