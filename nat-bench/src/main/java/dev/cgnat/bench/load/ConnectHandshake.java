package dev.cgnat.bench.load;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks an HTTP proxy for a way to the target (RFC 9110 section 9.3.6), then leaves. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, and the flow handler hears that
public final class ConnectHandshake extends SimpleChannelInboundHandler<HttpObject> {
    private static final String CODEC = "http-codec";
    private static final String HANDSHAKE = "connect-handshake";
    private static final String PROXY_STATUS = "proxy-status";
    /** The parameter of RFC 9209 section 2.1.5, as far as it is one of our reasons; other text is for people. */
    private static final Pattern DETAILS = Pattern.compile(";\\s*details=\"?([a-z_]{1,32})\"?(?=\\s*(?:[;,]|$))");

    private enum State {
        WAITING,
        ACCEPTED,
        REFUSED
    }

    private final InetSocketAddress target;
    private State state = State.WAITING;

    private ConnectHandshake(InetSocketAddress target) {
        this.target = target;
    }

    /** Puts it in front of what speaks to {@code target}; its {@link HandshakeResult} comes as a user event. */
    public static void addTo(ChannelPipeline pipeline, InetSocketAddress target) {
        pipeline.addLast(CODEC, new HttpClientCodec()).addLast(HANDSHAKE, new ConnectHandshake(target));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        String authority = Endpoints.text(target);
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, authority, Unpooled.EMPTY_BUFFER);
        request.headers().set(HttpHeaderNames.HOST, authority);
        ctx.writeAndFlush(request, ctx.voidPromise());
        ctx.fireChannelActive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            ctx.fireExceptionCaught(message.decoderResult().cause());
            return;
        }
        if (message instanceof HttpResponse response && state == State.WAITING) {
            if (response.status().codeClass() == HttpStatusClass.SUCCESS) {
                state = State.ACCEPTED;
            } else {
                state = State.REFUSED;
                int status = response.status().code();
                ctx.fireUserEventTriggered(new HandshakeResult.Refused(reason(status, response.headers()), status));
            }
        }
        if (message instanceof LastHttpContent && state == State.ACCEPTED) {
            ctx.pipeline().get(HttpClientCodec.class).removeOutboundHandler(); // what follows is no HTTP
            ctx.fireUserEventTriggered(new HandshakeResult.Accepted());
            ctx.pipeline().remove(CODEC); // hands on what came behind the answer
            ctx.pipeline().remove(this);
        }
    }

    /** What the proxy's status names, else the number of the answer. */
    static String reason(int status, HttpHeaders headers) {
        Matcher details = DETAILS.matcher(headers.get(PROXY_STATUS, ""));
        if (details.find()) {
            return details.group(1);
        }
        return "http_" + status;
    }
}
