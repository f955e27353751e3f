package dev.cgnat.proxy.admin;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.admin.http.ApiRoutes;
import dev.cgnat.proxy.config.Sources;
import dev.cgnat.proxy.transport.SocketError;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * One bound address: who may connect, under which names, and what they find.
 *
 * <p>Bounded in every direction: bytes of a request, idle time, connections. Those who may not read have a small share of
 * the connections to themselves, so they get their 403 and cannot keep anybody else out.
 */
final class HttpListener {
    static final int MAX_CONNECTIONS = 64;
    static final int MAX_CONNECTIONS_OF_OTHERS = 8;
    private static final int MAX_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 8192;
    /** Above one minute, Prometheus's default interval, so that its connection lives from scrape to scrape. */
    private static final Duration IDLE = Duration.ofSeconds(90);

    private final Sources sources;
    private final Hosts hosts;
    private final AdminAccess access;
    private final Routes routes;
    private final RateLimit rate = new RateLimit(Ticker.systemTicker());
    private final ConnectionCap readers = new ConnectionCap(MAX_CONNECTIONS);
    private final ConnectionCap others = new ConnectionCap(MAX_CONNECTIONS_OF_OTHERS);

    HttpListener(Sources sources, Hosts hosts, AdminAccess access, Routes routes) {
        this.sources = sources;
        this.hosts = hosts;
        this.access = access;
        this.routes = routes;
    }

    /**
     * Listens at {@code bind}.
     *
     * @param key the configuration's name of {@code bind}, for the message of the exception
     */
    DisposableServer start(LoopResources loops, String key, Endpoint bind) throws BindException {
        try {
            return HttpServer.create()
                    .protocol(HttpProtocol.HTTP11)
                    .runOn(loops)
                    .bindAddress(bind::toInetSocketAddress)
                    .httpRequestDecoder(decoder ->
                            decoder.maxInitialLineLength(MAX_LINE_BYTES).maxHeaderSize(MAX_HEADER_BYTES))
                    .idleTimeout(IDLE)
                    .childObserve(this::admit)
                    .handle(this::answer)
                    .bindNow();
        } catch (RuntimeException e) { // Reactor Netty wraps whatever the socket said
            BindException failure = new BindException(key + ": " + bind + " cannot be bound: " + SocketError.reason(e)
                    + " (expected: an address of this host and a port that is free; port 0 takes one)");
            failure.initCause(e);
            throw failure;
        }
    }

    private void admit(Connection connection, ConnectionObserver.State state) {
        if (state == ConnectionObserver.State.CONNECTED) { // before any byte is read; what follows is per request
            (mayRead(connection.channel().remoteAddress()) ? readers : others).admit(connection);
        }
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        if (!mayRead(request.remoteAddress())) {
            return ApiRoutes.refuse(request, response, HttpResponseStatus.FORBIDDEN, "your address may not read here");
        }
        InetSocketAddress source = request.remoteAddress();
        if (source == null || !rate.admit(source.getAddress())) {
            return ApiRoutes.refuse(
                    request,
                    response.header(HttpHeaderNames.RETRY_AFTER, "1"),
                    HttpResponseStatus.TOO_MANY_REQUESTS,
                    "more than " + RateLimit.PER_SECOND + " requests a second from your address");
        }
        if (!hosts.allow(request.requestHeaders())) {
            return ApiRoutes.refuse(
                    request,
                    response,
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "Host (expected: localhost or a loopback address)");
        }
        Optional<AdminAccess.Denial> denial =
                access.denial(request.method(), request.fullPath(), request.requestHeaders());
        return denial.isPresent() ? refuse(request, response, denial.get()) : routes.answer(request, response);
    }

    private static Publisher<Void> refuse(
            HttpServerRequest request, HttpServerResponse response, AdminAccess.Denial denial) {
        if (denial.status().equals(HttpResponseStatus.UNAUTHORIZED)) {
            response.header(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        return ApiRoutes.refuse(request, response, denial.status(), denial.detail());
    }

    /** A connection that has ended already has no address. */
    private boolean mayRead(@Nullable SocketAddress source) {
        return source instanceof InetSocketAddress address && sources.allow(address);
    }
}
