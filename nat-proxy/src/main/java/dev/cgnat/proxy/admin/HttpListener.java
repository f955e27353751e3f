package dev.cgnat.proxy.admin;

import dev.cgnat.core.address.Endpoint;
import dev.cgnat.proxy.config.Sources;
import dev.cgnat.proxy.transport.SocketError;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
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
    private final Routes routes;
    private final ConnectionCap readers = new ConnectionCap(MAX_CONNECTIONS);
    private final ConnectionCap others = new ConnectionCap(MAX_CONNECTIONS_OF_OTHERS);

    HttpListener(Sources sources, Hosts hosts, Routes routes) {
        this.sources = sources;
        this.hosts = hosts;
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
            return routes.refuse(response, HttpResponseStatus.FORBIDDEN, "your address may not read here");
        }
        if (!hosts.allow(request.requestHeaders())) {
            return routes.refuse(
                    response,
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "Host (expected: localhost or a loopback address)");
        }
        return routes.answer(request, response);
    }

    /** A connection that has ended already has no address. */
    private boolean mayRead(@Nullable SocketAddress source) {
        return source instanceof InetSocketAddress address && sources.allow(address);
    }
}
