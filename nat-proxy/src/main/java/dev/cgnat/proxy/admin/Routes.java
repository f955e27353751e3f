package dev.cgnat.proxy.admin;

import dev.cgnat.proxy.metrics.Exposition;
import dev.cgnat.proxy.metrics.ProxyMeters;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.json.JsonMapper;

/** What is served at which path. Nothing here changes state. */
final class Routes {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    private static final int MAX_BODY_BYTES = 4096;
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(5);

    private final JsonMapper json = new JsonMapper();
    private final HttpServerRoutes routes = HttpServerRoutes.newRoutes();

    private record Health(String status, List<Readiness.Check> checks) {}

    /** RFC 9457; without {@code type} it means what the status means. */
    private record Problem(String title, int status, String detail) {}

    private Routes() {}

    /** {@code /metrics} alone. */
    static Routes metrics(ProxyMeters meters) {
        return new Routes().addMetrics(meters).addOthers();
    }

    /** {@code /metrics}, {@code /healthz}, {@code /readyz}, {@code /api/v1/explain} and {@code /api/v1/diagnose}. */
    static Routes all(ProxyMeters meters, Supplier<Readiness> readiness, Optional<DiagnoseApi> diagnose) {
        Routes made = new Routes();
        diagnose.ifPresent(made::addDiagnose);
        return made.addMetrics(meters)
                .addJson("/healthz", () -> new Health("alive", List.of()), health -> HttpResponseStatus.OK)
                .addReadiness(readiness)
                .addOthers();
    }

    Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return routes.apply(request, response);
    }

    /** A refusal before any route is looked at. */
    Publisher<Void> refuse(HttpServerResponse response, HttpResponseStatus status, String detail) {
        Problem problem = new Problem(status.reasonPhrase(), status.code(), detail);
        return send(response.status(status), PROBLEM, json.writeValueAsString(problem));
    }

    private Routes addMetrics(ProxyMeters meters) {
        return add("/metrics", (request, response) -> {
            String accept = request.requestHeaders().get(HttpHeaderNames.ACCEPT, "");
            Exposition exposition = meters.scrape(accept);
            return send(response, exposition.contentType(), exposition.text());
        });
    }

    private Routes addReadiness(Supplier<Readiness> readiness) {
        return addJson(
                "/readyz",
                () -> {
                    Readiness now = readiness.get();
                    return new Health(now.passes() ? "ready" : "unready", now.checks());
                },
                health -> health.status().equals("ready")
                        ? HttpResponseStatus.OK
                        : HttpResponseStatus.SERVICE_UNAVAILABLE);
    }

    private Routes addJson(String path, Supplier<Health> body, Function<Health, HttpResponseStatus> status) {
        return add(path, (request, response) -> {
            Health health = body.get();
            return send(response.status(status.apply(health)), JSON, json.writeValueAsString(health));
        });
    }

    private void addDiagnose(DiagnoseApi api) {
        add("/api/v1/diagnose", (request, response) -> {
            List<String> pool =
                    new QueryStringDecoder(request.uri()).parameters().getOrDefault("pool", List.of());
            return send(response, api.diagnose(pool.stream().findFirst()));
        });
        add(HttpMethod.POST, "/api/v1/explain", (request, response) -> {
            String type = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
            if (!type.startsWith(JSON)) { // which a page of another host cannot send without being asked about it
                return refuse(response, HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, type + " (expected: " + JSON + ")");
            }
            return body(request)
                    .map(api::explain)
                    .defaultIfEmpty(DiagnoseApi.Answer.problem(
                            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                            "body (expected: " + MAX_BODY_BYTES + " bytes)"))
                    .flatMap(answer -> Mono.from(send(response, answer)));
        });
    }

    /** The whole body, in time; empty if it is too long. */
    private static Mono<byte[]> body(HttpServerRequest request) {
        return request.receive()
                .asByteArray()
                .scan(new byte[0], Routes::joined)
                .takeUntil(sofar -> sofar.length > MAX_BODY_BYTES)
                .last(new byte[0])
                .filter(all -> all.length <= MAX_BODY_BYTES)
                .timeout(BODY_TIMEOUT, Mono.empty());
    }

    private static byte[] joined(byte[] before, byte[] more) {
        byte[] all = Arrays.copyOf(before, before.length + more.length);
        System.arraycopy(more, 0, all, before.length, more.length);
        return all;
    }

    private Publisher<Void> send(HttpServerResponse response, DiagnoseApi.Answer answer) {
        return answer.isProblem()
                ? refuse(response, answer.status(), answer.body())
                : send(response.status(answer.status()), JSON, answer.body());
    }

    private Routes add(String path, Handler handler) {
        return add(HttpMethod.GET, path, handler);
    }

    private Routes add(HttpMethod method, String path, Handler handler) {
        routes.route(request -> request.fullPath().equals(path), (request, response) -> {
            if (request.method().equals(method)) {
                return handler.answer(request, response);
            }
            response.header(HttpHeaderNames.ALLOW, method.name());
            return refuse(
                    response, HttpResponseStatus.METHOD_NOT_ALLOWED, request.method() + " (expected: " + method + ")");
        });
        return this;
    }

    private Routes addOthers() {
        routes.route(
                request -> true,
                (request, response) ->
                        refuse(response, HttpResponseStatus.NOT_FOUND, "nothing is served at this path"));
        return this;
    }

    private static Publisher<Void> send(HttpServerResponse response, String contentType, String body) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, contentType)
                .header(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .sendString(Mono.just(body));
    }

    private interface Handler {
        Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response);
    }
}
