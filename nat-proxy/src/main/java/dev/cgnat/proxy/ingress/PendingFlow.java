package dev.cgnat.proxy.ingress;

import dev.cgnat.core.CloseCause;
import dev.cgnat.core.FlowRequest;
import dev.cgnat.core.Outcome;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.core.address.Protocol;
import dev.cgnat.core.address.Subscriber;
import dev.cgnat.proxy.config.ExhaustionAction;
import dev.cgnat.proxy.config.ListenerConfig;
import dev.cgnat.proxy.config.ListenerConfig.Target;
import dev.cgnat.proxy.egress.Attempt;
import dev.cgnat.proxy.egress.ConnectFailure;
import dev.cgnat.proxy.egress.Egress;
import dev.cgnat.proxy.egress.Route;
import dev.cgnat.proxy.metrics.OpenResult;
import dev.cgnat.proxy.relay.FlowSettings;
import dev.cgnat.proxy.relay.Resets;
import dev.cgnat.proxy.session.Session;
import dev.cgnat.proxy.transport.FewerSegments;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A client between its complete request and the answer: the name is resolved, a port drawn, the destination connected.
 *
 * <p>What the client sends meanwhile is kept, up to {@link #MAX_EARLY_BYTES}, and passed on once. A client that leaves
 * cancels what was begun.
 */
final class PendingFlow extends ChannelInboundHandlerAdapter implements Egress.Listener {
    /** As much as TLS and HTTP clients send at once; more stays in the kernel. */
    private static final int MAX_EARLY_BYTES = 64 * 1024;

    private final IngressContext context;
    private final SocketChannel client;
    private final Destination destination;
    private final FrontEnd frontEnd;
    private final Endpoint internal;
    private final long startNanos;
    /** Those of our own by which it goes, the last to be left first for its target. */
    private final List<ListenerConfig> forwards = new ArrayList<>(1);

    private final Deque<Object> early = new ArrayDeque<>();
    private int earlyBytes;
    private boolean done;
    private Optional<Attempt> attempt = Optional.empty();

    PendingFlow(IngressContext context, SocketChannel client, Destination destination, FrontEnd frontEnd) {
        this.context = context;
        this.client = client;
        this.destination = destination;
        this.frontEnd = frontEnd;
        internal = ClientIdentity.internal(client);
        startNanos = client.eventLoop().ticker().nanoTime();
    }

    /** Begins; called once, when this handler stands in the pipeline. */
    void start() {
        if (context.listener().type() == ListenerConfig.Type.FORWARD) {
            forwards.add(context.listener());
        }
        FewerSegments.readAhead(client);
        resolve(destination.host(), destination.port());
    }

    private void resolve(String host, int port) {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved(host, port);
        context.resolver()
                .getResolver(client.eventLoop())
                .resolve(unresolved)
                .addListener((Future<InetSocketAddress> resolved) -> onResolved(resolved));
    }

    @Override
    public String listener() {
        return context.listener().name();
    }

    @Override
    public boolean speaksAtOnce() {
        return earlyBytes > 0;
    }

    @Override
    public void connected(Session session, SocketChannel outside) {
        Egress egress = context.egress(); // the flow must keep nothing of what led to it
        established(
                session.binding().external(),
                outside,
                context.flowSettings(),
                Optional.of(session),
                cause -> egress.ended(session, cause));
    }

    @Override
    public void connectedDirectly(SocketChannel outside) {
        context.meters().openedUntranslated();
        Egress egress = context.egress();
        established(
                Endpoint.from(outside.localAddress()),
                outside,
                context.flowSettings().bypassed(),
                Optional.empty(),
                cause -> egress.endedDirectly());
    }

    private void established(
            Endpoint external,
            SocketChannel outside,
            FlowSettings settings,
            Optional<Session> session,
            Consumer<CloseCause> onEnd) {
        done = true;
        context.meters().connectTook(client.eventLoop().ticker().nanoTime() - startNanos);
        context.meters().opened(OpenResult.ESTABLISHED);
        client.config().setAutoRead(false);
        frontEnd.tellEstablished(client, external);
        boolean readNow = early.isEmpty(); // else the relay reads when the early data is written
        sendHeader(outside, external);
        Session.Stage stage = ClientPipeline.toRelay(client, outside, settings, onEnd);
        session.ifPresent(seen -> seen.enter(stage));
        if (readNow) {
            client.read();
        }
        outside.read();
    }

    /** The last forward on the way says with what its target's connections begin. */
    private void sendHeader(SocketChannel outside, Endpoint external) {
        if (!forwards.isEmpty()) {
            ListenerConfig forward = forwards.get(forwards.size() - 1);
            if (forward.sendProxyProtocol() == ListenerConfig.ProxyHeader.NONE) {
                return; // before the kernel is asked for the client's front address
            }
            boolean isOwn = forward.equals(context.listener());
            ProxyHeaders.send(
                    outside,
                    forward.sendProxyProtocol(),
                    isOwn ? internal : external,
                    isOwn ? ClientIdentity.front(client) : forward.bind());
        }
    }

    @Override
    public void refused(Outcome.Refused refused) {
        Refusal reason = refused.reason();
        ExhaustionAction action = reason.isOutOfPorts()
                ? context.config()
                        .onExhaustion()
                        .getOrDefault(context.listener().pool(), ExhaustionAction.REFUSE)
                : ExhaustionAction.REFUSE;
        finish(reason == Refusal.DENIED ? OpenResult.DENIED : OpenResult.NO_PORT);
        switch (action) {
            case REFUSE, QUEUE -> frontEnd.tellRefused(client, refused);
            case RESET -> Resets.reset(client);
            case BLACKHOLE ->
                ClientPipeline.toBlackHole(client, context.config().timeouts().opening());
        }
    }

    @Override
    public void failed(ConnectFailure failure) {
        finish(
                switch (failure) {
                    case REFUSED -> OpenResult.REFUSED;
                    case TIMEOUT -> OpenResult.TIMEOUT;
                    case NETWORK_UNREACHABLE, HOST_UNREACHABLE, NAME_NOT_RESOLVED, FAMILY_NOT_SUPPORTED ->
                        OpenResult.UNREACHABLE;
                });
        frontEnd.tellFailed(client, failure);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        early.add(message);
        earlyBytes += ((ByteBuf) message).readableBytes();
        if (earlyBytes >= MAX_EARLY_BYTES) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && frontEnd.awaitsAnswer()) {
            ctx.close();
        } else if (event instanceof ChannelInputShutdownEvent) {
            early.add(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done) {
            attempt.ifPresent(Attempt::cancel);
            finish(OpenResult.RESET);
        }
        dropEarly();
    }

    /** Passes on what was kept, in its order. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        while (!early.isEmpty()) {
            Object kept = early.remove();
            if (kept instanceof ByteBuf) {
                ctx.fireChannelRead(kept);
            } else {
                ctx.fireUserEventTriggered(kept);
            }
        }
    }

    private void onResolved(Future<InetSocketAddress> resolved) {
        if (done) {
            return;
        }
        if (!resolved.isSuccess()) {
            failed(ConnectFailure.NAME_NOT_RESOLVED);
            return;
        }
        if (resolved.getNow().getAddress().isAnyLocalAddress()) {
            failed(ConnectFailure.HOST_UNREACHABLE); // the kernel would take it for our own external address
            return;
        }
        take(Endpoint.from(resolved.getNow()));
    }

    private void take(Endpoint far) {
        Route route = context.routes().to(far, forwards);
        if (route instanceof Route.UnsupportedFamily) {
            failed(ConnectFailure.FAMILY_NOT_SUPPORTED);
        } else if (route instanceof Route.Denied denied) {
            context.egress().deny(request(far), denied.rule(), this);
        } else if (route instanceof Route.Hairpin hairpin) {
            Target target = hairpin.forward().target().orElseThrow();
            forwards.add(hairpin.forward());
            resolve(target.host(), target.port());
        } else {
            begun(
                    route instanceof Route.Bypassed
                            ? context.egress()
                                    .openDirectly(
                                            request(far),
                                            directSource(far),
                                            context.meters().bypassed(),
                                            client.eventLoop(),
                                            this)
                            : context.egress().open(request(far), client.eventLoop(), this));
        }
    }

    /**
     * What came by TPROXY leaves untranslated from the client's own address. The port is another: on one host, conntrack would
     * take two connections with the same addresses and ports for one.
     */
    private Optional<Endpoint> directSource(Endpoint far) {
        boolean isSeen = context.listener().type() == ListenerConfig.Type.TPROXY
                && internal.address().isIpv4() == far.address().isIpv4();
        return isSeen ? Optional.of(new Endpoint(internal.address(), 0)) : Optional.empty();
    }

    private FlowRequest request(Endpoint far) {
        Subscriber subscriber =
                ClientIdentity.subscriber(client, internal, context.config().subscriber());
        return new FlowRequest(
                context.listener().pool(),
                subscriber,
                Protocol.TCP,
                internal,
                far,
                context.listener().mapping(),
                context.listener().clientClass());
    }

    private void begun(Attempt begun) {
        if (!done) { // else it has ended already
            attempt = Optional.of(begun);
        }
    }

    private void finish(OpenResult result) {
        done = true;
        context.meters().opened(result);
        dropEarly();
    }

    private void dropEarly() {
        while (!early.isEmpty()) {
            ReferenceCountUtil.release(early.remove());
        }
    }
}
