package dev.cgnat.proxy.ingress;

import dev.cgnat.core.CloseCause;
import dev.cgnat.proxy.config.Sources;
import dev.cgnat.proxy.relay.FlowSettings;
import dev.cgnat.proxy.relay.RelayHandler;
import dev.cgnat.proxy.session.Session;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.socksx.v4.Socks4ServerDecoder;
import io.netty.handler.codec.socksx.v4.Socks4ServerEncoder;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import java.time.Duration;
import java.util.function.Consumer;

/** Every pipeline of a client's channel, and every step from one to the next. */
/*
 *              decoder                   encoder              front end        guard
 *   socks      SocksVersionHandler                                             HandshakeGuard
 *      │ first byte
 *     5        initial, password, command  Socks5ServerEncoder  Socks5Handler  HandshakeGuard
 *     4        Socks4ServerDecoder       Socks4ServerEncoder  Socks4Handler    HandshakeGuard
 *   connect    StrictRequestDecoder      HttpResponseEncoder  ConnectHandler   HandshakeGuard
 *   forward                                                   ForwardHandler
 *   tproxy, redirect                                          TransparentHandler
 *   with trusted proxies, all but the last two have HAProxyMessageDecoder and ProxyHeaderHandler in front, which go when
 *   the header has come, and a guard
 *      │ request complete: decoder, front end and guard go
 *   pending                         (encoder)            PendingFlow
 *      │ connected: encoder and PendingFlow go            │ refused or failed
 *   relay                                                RelayHandler     farewell: (encoder) Farewell
 *
 *   who is told farewell without a complete request keeps the guard, and so counts until it has gone
 */
final class ClientPipeline extends ChannelInitializer<SocketChannel> {
    static final String DECODER = "decoder";

    private static final String HEADER_DECODER = "proxy-header-decoder";
    private static final String HEADER = "proxy-header";
    private static final String ENCODER = "encoder";
    private static final String FRONT_END = "front-end";
    private static final String GUARD = "guard";
    private static final String PENDING = "pending";
    private static final String RELAY = "relay";
    private static final String FAREWELL = "farewell";

    /** RFC 9112 section 3 recommends at least 8,000 bytes for the request line. */
    private static final int MAX_REQUEST_LINE = 8 * 1024;

    private static final int MAX_HEADERS = 16 * 1024;

    private final IngressContext context;
    private final Sources trustedProxies;

    ClientPipeline(IngressContext context) {
        this.context = context;
        trustedProxies = new Sources(context.listener().trustedProxies());
    }

    @Override
    protected void initChannel(SocketChannel client) {
        context.clients().add(client);
        ChannelPipeline pipeline = client.pipeline();
        boolean hasHeader = !trustedProxies.allowed().isEmpty();
        if (hasHeader) {
            pipeline.addLast(HEADER_DECODER, new HAProxyMessageDecoder())
                    .addLast(HEADER, new ProxyHeaderHandler(context, trustedProxies));
        }
        switch (context.listener().type()) {
            case SOCKS ->
                pipeline.addLast(DECODER, new SocksVersionHandler(context)).addLast(GUARD, new HandshakeGuard(context));
            case HTTP_CONNECT ->
                pipeline.addLast(DECODER, new StrictRequestDecoder(httpLimits()))
                        .addLast(ENCODER, new HttpResponseEncoder())
                        .addLast(FRONT_END, new ConnectHandler(context))
                        .addLast(GUARD, new HandshakeGuard(context));
            case FORWARD -> {
                pipeline.addLast(FRONT_END, new ForwardHandler(context));
                if (hasHeader) {
                    pipeline.addLast(GUARD, new HandshakeGuard(context));
                }
            }
            case TPROXY, REDIRECT -> pipeline.addLast(FRONT_END, new TransparentHandler(context));
        }
    }

    /** Whether the PROXY header, with which {@code client}'s connection must begin, is not there yet. */
    static boolean awaitsHeader(Channel client) {
        return client.pipeline().get(HEADER) != null;
    }

    /** The PROXY header is there, and the front end has been told; the decoder goes by itself, and passes on what is left. */
    static void afterHeader(Channel client) {
        client.pipeline().remove(HEADER);
    }

    /** The first bytes for a target. */
    static void writeHeader(Channel outside, HAProxyMessage header) {
        ChannelPipeline pipeline = outside.pipeline();
        pipeline.addLast(ENCODER, HAProxyMessageEncoder.INSTANCE);
        outside.writeAndFlush(header);
        pipeline.remove(ENCODER);
    }

    /** The client's first byte is 5. */
    static void toSocks5(Channel client, IngressContext context) {
        client.pipeline()
                .addAfter(DECODER, FRONT_END, new Socks5Handler(context))
                .addAfter(DECODER, ENCODER, Socks5ServerEncoder.DEFAULT)
                .replace(DECODER, DECODER, new Socks5InitialRequestDecoder());
    }

    /** The client's first byte is 4. */
    static void toSocks4(Channel client, IngressContext context) {
        client.pipeline()
                .addAfter(DECODER, FRONT_END, new Socks4Handler(context))
                .addAfter(DECODER, ENCODER, Socks4ServerEncoder.INSTANCE)
                .replace(DECODER, DECODER, new Socks4ServerDecoder());
    }

    /** The client has sent one message of SOCKS5; the next is one for {@code decoder}. */
    static void toNextSocks5Message(Channel client, ChannelHandler decoder) {
        client.pipeline().replace(DECODER, DECODER, decoder);
    }

    /** The client's request is complete. Bytes that came behind it are early data of the flow. */
    static void toPending(Channel client, PendingFlow pending) {
        ChannelPipeline pipeline = client.pipeline();
        pipeline.addLast(PENDING, pending);
        removeIfPresent(pipeline, FRONT_END);
        removeIfPresent(pipeline, GUARD);
        removeIfPresent(pipeline, DECODER);
        pending.start();
    }

    /** The flow is open, and the client has been told; how others see it from now on. */
    static Session.Stage toRelay(
            SocketChannel client, SocketChannel outside, FlowSettings settings, Consumer<CloseCause> onEnd) {
        RelayHandler.Pair relay = RelayHandler.join(client, outside, settings, onEnd);
        outside.pipeline().addLast(RELAY, relay.outside());
        removeIfPresent(client.pipeline(), ENCODER);
        client.pipeline().addLast(RELAY, relay.client());
        client.pipeline().remove(PENDING); // passes on what it kept
        return relay.stage();
    }

    /** The client has been told its last answer. */
    static void toFarewell(Channel client) {
        toFarewell(client, Farewell.answered());
    }

    /** The client is to hear nothing, and is reset after {@code limit}. */
    static void toBlackHole(Channel client, Duration limit) {
        toFarewell(client, Farewell.unanswered(limit));
    }

    private static void toFarewell(Channel client, Farewell farewell) {
        if (client.isActive()) {
            ChannelPipeline pipeline = client.pipeline();
            pipeline.addLast(FAREWELL, farewell); // first, as it takes what the decoder has not looked at
            for (String name : new String[] {DECODER, FRONT_END, PENDING}) {
                removeIfPresent(pipeline, name);
            }
            if (pipeline.get(GUARD) instanceof HandshakeGuard guard) {
                guard.stepBack();
            }
        }
    }

    private static void removeIfPresent(ChannelPipeline pipeline, String name) {
        if (pipeline.get(name) != null) {
            pipeline.remove(name);
        }
    }

    private static HttpDecoderConfig httpLimits() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setValidateHeaders(true);
    }
}
