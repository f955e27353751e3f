package dev.cgnat.proxy.ingress;

import dev.cgnat.core.Outcome;
import dev.cgnat.core.Refusal;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.config.Users;
import dev.cgnat.proxy.egress.ConnectFailure;
import dev.cgnat.proxy.egress.RefusalText;
import dev.cgnat.proxy.metrics.ClientRejection;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Takes a CONNECT request (RFC 9110 section 9.3.6) of HTTP/1.1, or of 1.0, as Python before 3.12 sends it; with Basic
 * authentication if the listener knows users.
 */
final class ConnectHandler extends SimpleChannelInboundHandler<HttpObject> {
    /** RFC 9209: the name under which this proxy reports, and its parameters. */
    private static final String PROXY_STATUS = "natproxy; error=%s; details=\"%s\"";

    /** Header fields that one request may have. */
    private static final int MAX_FIELDS = 64;

    private final IngressContext context;
    private Optional<Destination> destination = Optional.empty();

    ConnectHandler(IngressContext context) {
        this.context = context;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            reject(ctx, statusOf(message.decoderResult().cause()));
        } else if (message instanceof HttpRequest request) {
            onRequest(ctx, request);
        } else if (message instanceof LastHttpContent && destination.isPresent()) {
            SocketChannel client = (SocketChannel) ctx.channel();
            Replies replies = new Replies(context);
            ClientPipeline.toPending(client, new PendingFlow(context, client, destination.get(), replies));
        }
    }

    private void onRequest(ChannelHandlerContext ctx, HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (headers.size() > MAX_FIELDS) {
            reject(ctx, HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE);
        } else if (!isSpoken(request.protocolVersion()) || isAmbiguous(headers)) {
            reject(ctx, HttpResponseStatus.BAD_REQUEST);
        } else if (!request.method().equals(HttpMethod.CONNECT)) {
            reject(ctx, HttpResponseStatus.METHOD_NOT_ALLOWED);
        } else if (isAuthenticated(ctx, headers)) {
            destination = Destination.ofAuthority(request.uri());
            if (destination.isEmpty()) {
                reject(ctx, HttpResponseStatus.BAD_REQUEST);
            }
        } else {
            context.meters().rejected(ClientRejection.AUTH);
            FullHttpResponse response = Replies.response(
                    HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED, "expected: the name and password of a user");
            response.headers().set(HttpHeaderNames.PROXY_AUTHENTICATE, BasicCredentials.CHALLENGE);
            Replies.tellAndLetGo(ctx.channel(), response);
        }
    }

    private static boolean isSpoken(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    }

    /** Whether another server might take the request for a different one, or for two (RFC 9112 sections 3.2 and 11.2). */
    private static boolean isAmbiguous(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                || headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || headers.getAll(HttpHeaderNames.HOST).size() > 1
                || headers.getAll(HttpHeaderNames.PROXY_AUTHORIZATION).size() > 1;
    }

    /** Whether the client is one of the listener's users, or the listener has none. */
    private boolean isAuthenticated(ChannelHandlerContext ctx, HttpHeaders headers) {
        Optional<Users> users = context.listener().users();
        if (users.isEmpty()) {
            return true;
        }
        Optional<BasicCredentials> credentials = Optional.ofNullable(headers.get(HttpHeaderNames.PROXY_AUTHORIZATION))
                .flatMap(BasicCredentials::parse)
                .filter(given -> users.get().accept(given.name(), given.password()));
        credentials.ifPresent(proved -> ClientIdentity.proved((SocketChannel) ctx.channel(), proved.name()));
        return credentials.isPresent();
    }

    private void reject(ChannelHandlerContext ctx, HttpResponseStatus status) {
        context.meters().rejected(ClientRejection.PROTOCOL);
        boolean isOtherMethod = status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED);
        FullHttpResponse response = Replies.response(
                status,
                "expected: CONNECT host:port HTTP/1.1, port 1 to 65535"
                        + (isOtherMethod ? ", as this proxy makes tunnels alone (curl: -p)" : ""));
        if (isOtherMethod) {
            response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.CONNECT);
        }
        Replies.tellAndLetGo(ctx.channel(), response);
    }

    private static HttpResponseStatus statusOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return HttpResponseStatus.REQUEST_URI_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpResponseStatus.BAD_REQUEST;
    }

    /** Status codes of RFC 9110, reasons by RFC 9209. */
    private record Replies(IngressContext context) implements FrontEnd {
        /** Ours: the id under which a Windows host would report the refusal. */
        private static final String WINDOWS_EVENT = "X-Windows-Event";

        @Override
        public void tellEstablished(Channel client, Endpoint external) {
            client.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(200, "Connection established")));
        }

        @Override
        public void tellRefused(Channel client, Outcome.Refused refused) {
            if (refused.reason() == Refusal.DENIED) {
                tellDenied(client);
                return;
            }
            String reason = refused.reason().label();
            String pool = context.listener().pool();
            RefusalText words = new RefusalText(context.config().windowsEvents());
            FullHttpResponse response = response(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "the NAT refused the flow: " + words.of(pool, refused));
            words.windowsEvent(pool, refused)
                    .ifPresent(event -> response.headers().set(WINDOWS_EVENT, event));
            response.headers().set("Proxy-Status", PROXY_STATUS.formatted("connection_limit_reached", reason));
            if (refused.notBeforeNanos() != Outcome.Refused.NEVER) {
                long waitNanos =
                        Math.max(0, refused.notBeforeNanos() - context.gate().nowNanos());
                long seconds =
                        1 + TimeUnit.NANOSECONDS.toSeconds(waitNanos); // rounded up: sooner would be refused again
                response.headers().set(HttpHeaderNames.RETRY_AFTER, seconds);
            }
            tellAndLetGo(client, response);
        }

        private static void tellDenied(Channel client) {
            FullHttpResponse response =
                    response(HttpResponseStatus.FORBIDDEN, "this destination is denied to everybody by an access rule");
            response.headers()
                    .set("Proxy-Status", PROXY_STATUS.formatted("destination_ip_prohibited", Refusal.DENIED.label()));
            tellAndLetGo(client, response);
        }

        @Override
        public void tellFailed(Channel client, ConnectFailure failure) {
            boolean isTimeout = failure == ConnectFailure.TIMEOUT;
            String error = switch (failure) {
                case REFUSED -> "connection_refused";
                case TIMEOUT -> "connection_timeout";
                case NAME_NOT_RESOLVED -> "dns_error";
                case NETWORK_UNREACHABLE, HOST_UNREACHABLE, FAMILY_NOT_SUPPORTED -> "destination_ip_unroutable";
            };
            FullHttpResponse response = response(
                    isTimeout ? HttpResponseStatus.GATEWAY_TIMEOUT : HttpResponseStatus.BAD_GATEWAY,
                    "the destination was not reached: " + failure.label());
            response.headers().set("Proxy-Status", PROXY_STATUS.formatted(error, failure.label()));
            tellAndLetGo(client, response);
        }

        @Override
        public boolean awaitsAnswer() {
            return true;
        }

        static FullHttpResponse response(HttpResponseStatus status, String text) {
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
            ByteBufUtil.writeAscii(response.content(), text + "\n");
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
                    .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            return response;
        }

        static void tellAndLetGo(Channel client, FullHttpResponse response) {
            client.writeAndFlush(response).addListener(written -> ClientPipeline.toFarewell(client));
        }
    }
}
