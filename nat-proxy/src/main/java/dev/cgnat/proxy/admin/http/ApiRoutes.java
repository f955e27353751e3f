package dev.cgnat.proxy.admin.http;

import dev.cgnat.proxy.session.Rests;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.json.JsonMapper;

/**
 * The routes of the admin API. To add one: {@code routes.get("/explain", call -> Answer.ok(…))}; places with a name, as in
 * {@code /pools/{pool}}, are asked of the {@link Call}.
 *
 * <p>Handlers run one at a time on a thread of their own, so that a long look at many sessions holds up neither health, metrics nor
 * events; those beyond {@value #WAITING} that wait are refused. A handler answers a mistake by a {@link Problem}.
 */
public final class ApiRoutes implements AutoCloseable {
    public static final String BASE = "/api/v1";
    private static final String JSON_TYPE = "application/json";
    private static final String PROBLEM_TYPE = "application/problem+json";
    private static final int WAITING = 16;
    private static final int MOST_BYTES = 1024 * 1024;
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(10);
    private static final Map<String, String> CLOSE = Map.of("Connection", HttpHeaderValues.CLOSE.toString());
    private static final Logger LOG = LoggerFactory.getLogger(ApiRoutes.class);

    private final JsonMapper json = new JsonMapper();
    private final Map<String, Map<HttpMethod, BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>>>>
            paths = new LinkedHashMap<>();
    private final Scheduler queries = Schedulers.newBoundedElastic(1, WAITING, "natproxy-queries", 60, true);

    /** Some paths that belong together. */
    public interface Group {
        void addTo(ApiRoutes routes);
    }

    /** GET, and HEAD with it. Must not change anything. */
    public ApiRoutes get(String path, Function<Call, Answer> handler) {
        return add(HttpMethod.GET, path, (request, response) -> answer(request, response, Optional.empty(), handler));
    }

    public ApiRoutes post(String path, Function<Call, Answer> handler) {
        return change(HttpMethod.POST, path, handler);
    }

    public ApiRoutes put(String path, Function<Call, Answer> handler) {
        return change(HttpMethod.PUT, path, handler);
    }

    public ApiRoutes delete(String path, Function<Call, Answer> handler) {
        return change(HttpMethod.DELETE, path, handler);
    }

    /** A GET that answers by itself, on the thread of the server. */
    public ApiRoutes stream(String path, BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
        return add(HttpMethod.GET, path, handler);
    }

    private ApiRoutes change(HttpMethod method, String path, Function<Call, Answer> handler) {
        return add(method, path, (request, response) -> answer(request, response, Optional.of(request), handler));
    }

    private ApiRoutes add(
            HttpMethod method,
            String path,
            BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
        paths.computeIfAbsent(BASE + path, missing -> new LinkedHashMap<>()).put(method, handler);
        return this;
    }

    /** Adds everything to the routes of a server. */
    public void addTo(HttpServerRoutes routes) {
        paths.forEach((path, methods) -> {
            if (methods.containsKey(HttpMethod.GET)) {
                methods.put(HttpMethod.HEAD, methods.get(HttpMethod.GET));
            }
            Set<HttpMethod> allowed = new TreeSet<>(methods.keySet());
            BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> other =
                    (request, response) -> notAllowed(request, response, allowed);
            routes.get(path, methods.getOrDefault(HttpMethod.GET, other));
            routes.head(path, methods.getOrDefault(HttpMethod.HEAD, other));
            routes.post(path, methods.getOrDefault(HttpMethod.POST, other));
            routes.put(path, methods.getOrDefault(HttpMethod.PUT, other));
            routes.delete(path, methods.getOrDefault(HttpMethod.DELETE, other));
            routes.options(path, other);
        });
    }

    @Override
    public void close() {
        queries.dispose();
    }

    /** A problem as an answer. */
    public static Publisher<Void> refuse(
            HttpServerRequest request, HttpServerResponse response, HttpResponseStatus status, String detail) {
        return send(
                request,
                response.status(status),
                PROBLEM_TYPE,
                new JsonMapper().writeValueAsString(Problem.Body.of(status, detail)));
    }

    /** Sends {@code body}, of which HEAD hears the length alone. */
    public static Publisher<Void> send(
            HttpServerRequest request, HttpServerResponse response, String contentType, String body) {
        return send(request, response, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Publisher<Void> send(
            HttpServerRequest request, HttpServerResponse response, String contentType, byte[] bytes) {
        response.header(HttpHeaderNames.CONTENT_TYPE, contentType)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .header("X-Content-Type-Options", "nosniff");
        response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(bytes.length));
        return request.method().equals(HttpMethod.HEAD) ? response.send() : response.sendByteArray(Mono.just(bytes));
    }

    private Publisher<Void> notAllowed(
            HttpServerRequest request, HttpServerResponse response, Set<HttpMethod> allowed) {
        String names = String.join(", ", allowed.stream().map(HttpMethod::name).toList());
        response.header(HttpHeaderNames.ALLOW, names);
        return refuse(
                request,
                response,
                HttpResponseStatus.METHOD_NOT_ALLOWED,
                request.method() + " (expected: " + names + ")");
    }

    private Publisher<Void> answer(
            HttpServerRequest request,
            HttpServerResponse response,
            Optional<HttpServerRequest> sender,
            Function<Call, Answer> handler) {
        Map<String, String> path = request.params() == null ? Map.of() : Map.copyOf(request.params());
        String uri = request.uri();
        return sender.map(ApiRoutes::body)
                .orElse(Mono.just(new byte[0]))
                .flatMap(body -> Mono.fromCallable(
                                () -> handler.apply(new Call(path, uri, request.requestHeaders(), body)))
                        .subscribeOn(queries))
                .map(answer -> new Text(answer.status(), JSON_TYPE, bytes(answer.body()), answer.headers()))
                .onErrorResume(failure -> Mono.just(text(failure)))
                .flatMap(text -> {
                    text.headers.forEach(response::header);
                    return Mono.from(send(request, response.status(text.status), text.contentType, text.body));
                });
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Text(HttpResponseStatus status, String contentType, byte[] body, Map<String, String> headers) {}

    /** As JSON, written with rests: a long page is milliseconds of work. */
    private byte[] bytes(Object body) {
        RestingOutput out = new RestingOutput();
        json.writeValue(out, body);
        return out.toByteArray();
    }

    /** Jackson hands on some thousands of bytes at a time. */
    private static final class RestingOutput extends ByteArrayOutputStream {
        private final Rests rests = new Rests();

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            rests.restIfDue();
        }
    }

    /** The whole body, within bounds of size and time. */
    private static Mono<byte[]> body(HttpServerRequest request) {
        return request.receive()
                .asByteArray()
                .reduceWith(ByteArrayOutputStream::new, (sum, part) -> {
                    if (sum.size() + part.length > MOST_BYTES) {
                        throw Problem.of(
                                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                                "body: more than " + MOST_BYTES + " bytes (expected: at most that)");
                    }
                    sum.writeBytes(part);
                    return sum;
                })
                .map(ByteArrayOutputStream::toByteArray)
                .timeout(BODY_TIMEOUT);
    }

    private Text text(Throwable failure) {
        if (failure instanceof Problem problem) {
            boolean isTooLarge = problem.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
            return text(problem, isTooLarge ? CLOSE : Map.of()); // nobody reads the rest
        }
        if (failure instanceof RejectedExecutionException) {
            return text(
                    Problem.of(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many queries wait for their turn"),
                    Map.of("Retry-After", "1"));
        }
        if (failure instanceof TimeoutException) {
            return text(Problem.of(HttpResponseStatus.REQUEST_TIMEOUT, "body: not there in time"), CLOSE);
        }
        LOG.warn("a request of the admin API failed", failure);
        return text(Problem.of(HttpResponseStatus.INTERNAL_SERVER_ERROR, "see the log"), Map.of());
    }

    private Text text(Problem problem, Map<String, String> headers) {
        return new Text(problem.status(), PROBLEM_TYPE, bytes(problem.body()), headers);
    }
}
